import { formatCount } from '#components/format.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { KpiRow, KpiTile } from '#components/ui/kpi-tile.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import {
  listRunChanges,
  USER_CHANGE_KINDS,
  type UserChange,
  type UserChangeKind,
} from '#lib/domain/history/changes.ts';
import type { RunView } from '#lib/domain/imports/model.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { importPath } from '../../../../paths.ts';

const KIND_LABEL: Readonly<Record<UserChangeKind, string>> = {
  added: 'Added',
  changed: 'Changed',
  removed: 'Removed',
  restored: 'Restored',
};

type Query = Readonly<Record<string, string | string[] | undefined>>;

type Props = {
  readonly tenantId: TenantId;
  readonly run: RunView;
  /** `changes`: one kind only; `from`: where the page of changes begins. */
  readonly query: Query;
};

/** What an import has changed of the users and their licences; nothing for runs that read no users. */
export async function RunChanges({ tenantId, run, query }: Props) {
  const users = run.phases.find(({ phase }) => phase === 'users');
  if (!users || run.status === 'running' || users.state === 'waiting') return null;
  const { changes, written, state } = users;
  if (!changes) {
    return (
      <Section
        title="What changed"
        description={
          state === 'completed'
            ? `Nothing to compare with: this import was the first to read the users. It wrote ${formatCount(written)}.`
            : state === 'partial'
              ? `The users were not read to the end. ${formatCount(written)} that were new or changed are written; nobody was removed.`
              : 'Nothing: the users were not read.'
        }
      >
        {null}
      </Section>
    );
  }
  const { added, changed, removed, restored, licencesAdded, licencesRemoved } = changes;
  const path = importPath(tenantId, run.runId);
  const link = (kind: UserChangeKind, count: number) => (count > 0 ? `${path}?changes=${kind}` : undefined);
  const hasAny = added + changed + removed + restored > 0;
  return (
    <Section
      title="What changed"
      description={hasAny ? 'Compared with the import before.' : 'Nothing, compared with the import before.'}
    >
      <KpiRow>
        <KpiTile label="Users added" value={formatCount(added)} href={link('added', added)} />
        <KpiTile label="Users changed" value={formatCount(changed)} href={link('changed', changed)} />
        <KpiTile label="Users removed" value={formatCount(removed)} href={link('removed', removed)} />
        <KpiTile label="Users restored" value={formatCount(restored)} href={link('restored', restored)} />
        <KpiTile label="Licences assigned" value={formatCount(licencesAdded)} />
        <KpiTile label="Licences withdrawn" value={formatCount(licencesRemoved)} />
      </KpiRow>
      {hasAny ? <ChangeList tenantId={tenantId} run={run} query={query} /> : null}
    </Section>
  );
}

async function ChangeList({ tenantId, run: { runId }, query }: Props) {
  const kind = USER_CHANGE_KINDS.find((candidate) => candidate === query.changes);
  const listed = await listRunChanges(await signedInContext(), {
    tenantId,
    runId,
    ...(kind && { kind }),
    ...(typeof query.from === 'string' && { cursor: query.from }),
  });
  if (!listed.ok) return <ProblemPanel problem={listed.problem} />;
  const { changes, next } = listed.value;
  const path = importPath(tenantId, runId);
  const address = (from?: string) => {
    const fields = new URLSearchParams({ ...(kind && { changes: kind }), ...(from && { from }) }).toString();
    return fields ? `${path}?${fields}` : path;
  };
  return (
    <>
      {kind ? (
        <p className="text-muted text-small">
          Only: {KIND_LABEL[kind].toLowerCase()}. <TextLink href={path}>Show all changes</TextLink>
        </p>
      ) : null}
      <DataTable label="Changes of users">
        <TableHead>
          <ColumnHeader sticky>User</ColumnHeader>
          <ColumnHeader>Change</ColumnHeader>
          <ColumnHeader>Fields</ColumnHeader>
          <ColumnHeader>Licences</ColumnHeader>
        </TableHead>
        <TableBody>
          {changes.map((change) => (
            <ChangeRow
              key={`${change.userId} ${change.changedAt.getTime()}`}
              tenantId={tenantId}
              change={change}
            />
          ))}
        </TableBody>
      </DataTable>
      <Pagination
        label="Changes"
        summary={
          typeof query.from === 'string' ? <TextLink href={address()}>First page</TextLink> : undefined
        }
        nextHref={next && address(next)}
      />
    </>
  );
}

function ChangeRow({ tenantId, change }: { readonly tenantId: TenantId; readonly change: UserChange }) {
  const { userId, kind, displayName, userPrincipalName, fields, licencesAdded, licencesRemoved } = change;
  return (
    <TableRow>
      <RowHeader>
        <div className="flex flex-col items-start">
          {kind === 'removed' ? (
            (displayName ?? userId)
          ) : (
            <TextLink href={`/users/${tenantId}/${userId}`} className="break-words">
              {displayName ?? userId}
            </TextLink>
          )}
          <span className="break-all text-caption text-muted">{userPrincipalName}</span>
        </div>
      </RowHeader>
      <Cell>{KIND_LABEL[kind]}</Cell>
      <Cell>
        <ul className="flex max-w-md flex-col gap-0.5">
          {fields.map(({ field, before, after }) => (
            <li key={field} className="break-words">
              <span className="text-muted">{field}:</span> {before ?? 'empty'} → {after ?? 'empty'}
            </li>
          ))}
        </ul>
      </Cell>
      <Cell>
        <ul className="flex max-w-xs flex-col gap-0.5">
          {licencesAdded.map((name) => (
            <li key={`+${name}`}>
              <span className="text-muted">Assigned:</span> {name}
            </li>
          ))}
          {licencesRemoved.map((name) => (
            <li key={`-${name}`}>
              <span className="text-muted">Withdrawn:</span> {name}
            </li>
          ))}
        </ul>
      </Cell>
    </TableRow>
  );
}
