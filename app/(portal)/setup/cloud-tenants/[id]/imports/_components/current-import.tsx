import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { ProgressBar } from '#components/ui/progress-bar.tsx';
import { Card } from '#components/ui/section.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { ImportHistory } from '#lib/domain/imports/queries.ts';
import { cancelImportAction } from '../actions.ts';
import { ImportObstacle } from './import-obstacle.tsx';
import { countOfPhase, PHASE_LABEL, paceOf } from './phase-words.ts';

type Props = {
  readonly tenantId: TenantId;
  readonly run: NonNullable<ImportHistory['current']>;
  readonly mayCancel: boolean;
};

/** How far the running import is, and the way to stop it. */
export function CurrentImport({ tenantId, run, mayCancel }: Props) {
  const { progress, attendance, runId, startedAt } = run;
  const { phase, received, expected } = progress;
  const count = phase ? countOfPhase({ phase, received, expected }) : undefined;
  return (
    <Card>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <p className="font-medium">{phase ? PHASE_LABEL[phase] : 'Waiting for a worker'}</p>
        <p className="text-muted text-small tabular-nums">
          {[count, paceOf(progress)].filter(Boolean).join(' · ')}
        </p>
      </div>
      <ProgressBar
        label="Import in progress"
        value={expected ? received : undefined}
        max={expected ?? undefined}
        valueText={phase ? `${PHASE_LABEL[phase]}: ${count}` : 'Waiting for a worker'}
      />
      <ImportObstacle progress={progress} attendance={attendance} />
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
