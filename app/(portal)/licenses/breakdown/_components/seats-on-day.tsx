import { formatCount } from '#components/format.ts';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import type { ProductOnDay } from '#lib/domain/history/breakdown.ts';

/** The seats of each product on a past day. */
export function SeatsOnDay({ seats }: { readonly seats: readonly ProductOnDay[] }) {
  return (
    <DataTable label="Products on that day" density="compact">
      <TableHead>
        <ColumnHeader sticky>Product</ColumnHeader>
        <ColumnHeader numeric>Purchased</ColumnHeader>
        <ColumnHeader numeric>Assigned</ColumnHeader>
        <ColumnHeader numeric>Unassigned</ColumnHeader>
      </TableHead>
      <TableBody>
        {seats.map(({ skuId, name, prepaidUnits, consumedUnits, unassignedUnits }) => (
          <TableRow key={skuId}>
            <RowHeader>{name}</RowHeader>
            <Cell numeric>{formatCount(prepaidUnits)}</Cell>
            <Cell numeric>{formatCount(consumedUnits)}</Cell>
            <Cell numeric>{formatCount(unassignedUnits)}</Cell>
          </TableRow>
        ))}
      </TableBody>
    </DataTable>
  );
}
