import { Section } from '#components/ui/section.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import { type UserChange, userHistory } from '#lib/domain/history/changes.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';

const KIND_WORDS = { added: 'Added', changed: 'Changed', removed: 'Removed', restored: 'Restored' } as const;

/** What imports have found changed of a user, newest first. */
export async function UserChanges({ tenantId, id }: { readonly tenantId: TenantId; readonly id: string }) {
  const history = await userHistory(await signedInContext(), { tenantId, id });
  if (!history.ok) return null;
  const { changes, next } = history.value;
  return (
    <Section
      title="History"
      description="What imports found changed, newest first. Times are those of the import."
    >
      {changes.length === 0 ? (
        <p className="text-muted">Nothing has changed since the first import, or since the history begins.</p>
      ) : (
        <ol className="divide-y divide-line rounded-card border border-line">
          {changes.map((change) => (
            <li key={change.changedAt.toISOString()} className="flex flex-col gap-1 px-4 py-3">
              <span>
                <span className="font-medium">{KIND_WORDS[change.kind]}</span>{' '}
                <span className="text-muted">
                  <AbsoluteTime value={change.changedAt} />
                </span>
              </span>
              <ChangeLines change={change} />
            </li>
          ))}
        </ol>
      )}
      {next ? <p className="text-muted">Older changes are kept and not shown here.</p> : null}
    </Section>
  );
}

function ChangeLines({
  change: { fields, licencesAdded, licencesRemoved },
}: {
  readonly change: UserChange;
}) {
  const lines = [
    ...fields.map(({ field, before, after }) => `${field}: ${before ?? 'empty'} → ${after ?? 'empty'}`),
    ...licencesAdded.map((name) => `Licence added: ${name}`),
    ...licencesRemoved.map((name) => `Licence removed: ${name}`),
  ];
  if (lines.length === 0) return null;
  return (
    <ul className="flex flex-col gap-0.5 text-small [overflow-wrap:anywhere]">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
