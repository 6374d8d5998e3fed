import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { ErasedPerson } from '#lib/domain/data-settings/read.ts';
import { allowImportAgainAction } from '../actions.ts';

/** Who is left out of imports. */
export function ErasedPeople({
  people,
  mayChange,
}: {
  readonly people: readonly ErasedPerson[];
  readonly mayChange: boolean;
}) {
  if (people.length === 0) return <p className="text-muted">Nobody was erased.</p>;
  return (
    <ul aria-label="Erased people" className="divide-y divide-line rounded-card border border-line">
      {people.map(({ tenantId, tenantName, id, erasedAt, erasedBy }) => (
        <li
          key={`${tenantId} ${id}`}
          className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3"
        >
          <div className="flex min-w-0 flex-1 basis-72 flex-col gap-0.5">
            <CodeValue value={id} name="object ID" />
            <span className="text-muted text-small">
              In {tenantName}, <AbsoluteTime value={erasedAt} />, by {erasedBy}
            </span>
          </div>
          {mayChange ? (
            <ConfirmDialog
              triggerLabel="Allow import again"
              title="Allow import again?"
              confirmLabel="Allow import"
              action={allowImportAgainAction}
              fields={{ tenantId, id }}
              doneText="The next import brings the person again."
            >
              <p>
                The next import of {tenantName} brings this person as Microsoft has them then. What was erased
                stays erased.
              </p>
            </ConfirmDialog>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
