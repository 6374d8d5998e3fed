import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { ProgressBar } from '#components/ui/progress-bar.tsx';
import { Card } from '#components/ui/section.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { CurrentRun } from '#lib/domain/imports/queries.ts';
import { cancelImportAction } from '../actions.ts';
import { ImportObstacle } from './import-obstacle.tsx';
import { PhaseProgress } from './phase-progress.tsx';

type Props = {
  readonly tenantId: TenantId;
  readonly run: CurrentRun;
  readonly mayCancel: boolean;
};

/** How far the running import is, and the way to stop it. */
export function CurrentImport({ tenantId, run, mayCancel }: Props) {
  const { progress, attendance, runId, startedAt, phases } = run;
  return (
    <Card>
      {progress.phase ? null : (
        <>
          <p className="font-medium">Waiting for a worker</p>
          <ProgressBar label="Import in progress" valueText="Waiting for a worker" />
        </>
      )}
      <ImportObstacle progress={progress} attendance={attendance} />
      <PhaseProgress phases={phases} progress={progress} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted text-small">
          {startedAt ? (
            <>
              Started <RelativeTime value={startedAt} />
            </>
          ) : attendance === 'no-worker' ? (
            'Not started yet'
          ) : (
            'Starts within seconds'
          )}
        </p>
        {mayCancel ? (
          <ConfirmDialog
            triggerLabel="Cancel import"
            triggerSize="small"
            title="Cancel the import?"
            confirmLabel="Cancel import"
            tone="danger"
            action={cancelImportAction}
            fields={{ tenantId, runId }}
            doneText="The import is cancelled."
          >
            <p>What was read until now is kept. The next import reads everything again.</p>
          </ConfirmDialog>
        ) : null}
      </div>
    </Card>
  );
}
