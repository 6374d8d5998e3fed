import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import { roleName } from '#lib/domain/access-changes/role-plan.ts';
import { resultOf } from '#lib/domain/delegation/receipt-file.ts';
import type { ReceiptCall } from '#lib/domain/delegation/receipts.ts';

type Calls = { readonly calls: readonly ReceiptCall[] };

/** On one page; the file has all of them. */
const SHOWN_MAX = 500;

const CHANGE_WORDS = { made: 'Given', kept: 'Was there already', removed: 'Removed' } as const;

const roleWords = (roleDefinitionId: string | undefined): string =>
  roleDefinitionId === undefined ? 'A role' : roleName(roleDefinitionId);

/** The role assignments that were made or removed. */
export function RoleChangeTable({ calls }: Calls) {
  return (
    <DataTable label="Role assignments">
      <TableHead>
        <ColumnHeader sticky>Scope</ColumnHeader>
        <ColumnHeader>Role</ColumnHeader>
        <ColumnHeader>What happened</ColumnHeader>
        <ColumnHeader>When</ColumnHeader>
      </TableHead>
      <TableBody>
        {calls.slice(0, SHOWN_MAX).map(({ at, target, roleChange }) => (
          <TableRow key={`${at.toISOString()} ${target}`}>
            <RowHeader>
              <span className="break-all font-mono text-caption">{roleChange?.roleScope}</span>
            </RowHeader>
            <Cell>{roleWords(roleChange?.roleDefinitionId)}</Cell>
            <Cell>{roleChange ? CHANGE_WORDS[roleChange.change] : null}</Cell>
            <Cell>
              <AbsoluteTime value={at} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </DataTable>
  );
}

/** Every call, in the order in which they were made. */
export function CallTable({ calls }: Calls) {
  return (
    <>
      <DataTable label="Calls" density="compact">
        <TableHead>
          <ColumnHeader sticky>Call</ColumnHeader>
          <ColumnHeader>When</ColumnHeader>
          <ColumnHeader>Result</ColumnHeader>
          <ColumnHeader numeric>Milliseconds</ColumnHeader>
          <ColumnHeader>Microsoft’s request ID</ColumnHeader>
        </TableHead>
        <TableBody>
          {calls.slice(0, SHOWN_MAX).map((call) => (
            <CallRow key={call.id} call={call} />
          ))}
        </TableBody>
      </DataTable>
      {calls.length > SHOWN_MAX ? (
        <p className="text-muted">The first {SHOWN_MAX} are shown. The files have all of them.</p>
      ) : null}
    </>
  );
}

function CallRow({ call }: { readonly call: ReceiptCall }) {
  const { at, method, target, status, problem, requestId, durationMs } = call;
  return (
    <TableRow>
      <RowHeader>
        <span className="break-all font-mono text-caption">
          {method} {target}
        </span>
      </RowHeader>
      <Cell>
        <AbsoluteTime value={at} />
      </Cell>
      <Cell>
        {status ? `${status} ` : ''}
        {resultOf(status, problem?.code)}
      </Cell>
      <Cell numeric>{durationMs ?? <Unknown reason="No answer came" />}</Cell>
      <Cell>
        <span className="break-all font-mono text-caption">{requestId ?? ''}</span>
      </Cell>
    </TableRow>
  );
}
