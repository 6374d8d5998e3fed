import { formatCount, formatQuantity, formatShare } from '#components/format.ts';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import type { Breakdown, BreakdownRow } from '#lib/domain/history/breakdown.ts';

/** Users and licences, one row for each value; those beyond the page are summed up. */
export function BreakdownTable({
  what,
  breakdown: { rows, others, totals },
  isOneProduct,
}: {
  /** "Department" and so on. */
  readonly what: string;
  readonly breakdown: Pick<Breakdown, 'rows' | 'others' | 'totals'>;
  readonly isOneProduct: boolean;
}) {
  const licences = isOneProduct ? 'With the product' : 'Licences';
  return (
    <DataTable label={`Licences by ${what.toLowerCase()}`} density="compact">
      <TableHead>
        <ColumnHeader sticky>{what}</ColumnHeader>
        <ColumnHeader numeric>Users</ColumnHeader>
        <ColumnHeader numeric>With a licence</ColumnHeader>
        <ColumnHeader numeric>{licences}</ColumnHeader>
        <ColumnHeader numeric>Share</ColumnHeader>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.value} name={row.value || `No ${what.toLowerCase()}`} row={row} totals={totals} />
        ))}
        {others ? (
          <Row name={`${formatQuantity(others.values, 'other')}`} row={others} totals={totals} />
        ) : null}
        <Row name="All" row={totals} totals={totals} />
      </TableBody>
    </DataTable>
  );
}

function Row({
  name,
  row,
  totals,
}: {
  readonly name: string;
  readonly row: BreakdownRow;
  readonly totals: BreakdownRow;
}) {
  return (
    <TableRow>
      <RowHeader>{name}</RowHeader>
      <Cell numeric>{formatCount(row.users)}</Cell>
      <Cell numeric>{formatCount(row.licensed)}</Cell>
      <Cell numeric>{formatCount(row.licences)}</Cell>
      <Cell numeric>{formatShare(row.licences, totals.licences) ?? '–'}</Cell>
    </TableRow>
  );
}
