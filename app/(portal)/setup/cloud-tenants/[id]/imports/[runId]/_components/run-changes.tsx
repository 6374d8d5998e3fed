import { formatCount } from '#components/format.ts';
import { KpiRow, KpiTile } from '#components/ui/kpi-tile.tsx';
import { Section } from '#components/ui/section.tsx';
import type { RunView } from '#lib/domain/imports/model.ts';

/** What an import has changed of the users and their licences; nothing for runs that read no users. */
export function RunChanges({ run }: { readonly run: RunView }) {
  const users = run.phases.find(({ phase }) => phase === 'users');
  if (!users || run.status === 'running' || users.state === 'waiting') return null;
  const { changes, written } = users;
  if (!changes) {
    return (
      <Section
        title="What changed"
        description={
          users.state === 'completed'
            ? `Nothing to compare with: this import was the first to read the users. It wrote ${formatCount(written)}.`
            : `The users were not read to the end. ${formatCount(written)} that were new or changed are written; nobody was removed.`
        }
      >
        {null}
      </Section>
    );
  }
  const { added, changed, removed, restored, licencesAdded, licencesRemoved } = changes;
  return (
    <Section title="What changed" description="Compared with the import before.">
      <KpiRow>
        <KpiTile label="Users added" value={formatCount(added)} />
        <KpiTile label="Users changed" value={formatCount(changed)} />
        <KpiTile label="Users removed" value={formatCount(removed)} />
        <KpiTile label="Users restored" value={formatCount(restored)} />
        <KpiTile
          label="Licences assigned"
          value={formatCount(licencesAdded)}
          hint="To users, counted one by one"
        />
        <KpiTile label="Licences withdrawn" value={formatCount(licencesRemoved)} />
      </KpiRow>
    </Section>
  );
}
