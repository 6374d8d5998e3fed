import { formatCount } from '#components/format.ts';
import { Chip } from '#components/ui/chip.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
} from '#components/ui/data-table.tsx';
import { ExpandableRow, ExpandHeader } from '#components/ui/expandable-row.tsx';
import { SeatMeter } from '#components/ui/seat-meter.tsx';
import { Section } from '#components/ui/section.tsx';
import { Unknown } from '#components/ui/unknown.tsx';
import type { FreePool } from '#lib/domain/licensing/free-pools.ts';
import { isTenantWide, type SkuRow } from '#lib/domain/licensing/model.ts';
import type { SkuOrigins } from '#lib/domain/licensing/origins-model.ts';
import type { Source } from '#lib/domain/licensing/sources.ts';
import { CapabilityBadge, OverAssigned } from './capability-badge.tsx';
import { SkuDetails } from './sku-details.tsx';

// Many narrow columns: with less space between them all ten fit beside the menu of a small laptop.
const COLUMNS = 10;

const FREE_POOL_WORDS: Readonly<Record<FreePool, string>> = {
  free: 'Free',
  trial: 'Trial',
  pool: 'Free pool',
};

/** Every product, one row a SKU; a row opens to its purchases, groups and service plans. */
export function SkuTable({
  rows,
  tenants,
  origins,
}: {
  readonly rows: readonly SkuRow[];
  readonly tenants: readonly Source[];
  /** By the rows' keys. */
  readonly origins: ReadonlyMap<string, SkuOrigins>;
}) {
  return (
    <Section title="Products" description="Free and trial pools come last.">
      <DataTable label="Products">
        <TableHead>
          <ExpandHeader />
          <ColumnHeader sticky>Product</ColumnHeader>
          <ColumnHeader numeric className="px-2!">
            Purchased
          </ColumnHeader>
          <ColumnHeader numeric className="px-2!">
            Assigned
          </ColumnHeader>
          <ColumnHeader numeric className="px-2!">
            Unassigned
          </ColumnHeader>
          <ColumnHeader>Utilization</ColumnHeader>
          <ColumnHeader numeric className="px-2!">
            In grace
          </ColumnHeader>
          <ColumnHeader numeric className="px-2!">
            Suspended
          </ColumnHeader>
          <ColumnHeader numeric className="whitespace-normal! px-2!">
            Locked out
          </ColumnHeader>
          <ColumnHeader>Status</ColumnHeader>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <SkuTableRow key={row.key} row={row} tenants={tenants} origins={origins.get(row.key)} />
          ))}
        </TableBody>
      </DataTable>
    </Section>
  );
}

function SkuTableRow({
  row,
  tenants,
  origins,
}: {
  readonly row: SkuRow;
  readonly tenants: readonly Source[];
  readonly origins: SkuOrigins | undefined;
}) {
  const { product, prepaid, prepaidUnits, consumedUnits, unassignedUnits, overAssignedUnits, freePool } = row;
  return (
    <ExpandableRow
      label={`Details of ${product.name}`}
      columns={COLUMNS}
      muted={freePool !== undefined}
      detail={<SkuDetails row={row} tenants={tenants} origins={origins} />}
    >
      <RowHeader className="min-w-32!">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span>{product.name}</span>
          {product.isKnown ? null : <Chip>Unknown product</Chip>}
          {freePool ? <Chip>{FREE_POOL_WORDS[freePool]}</Chip> : null}
          {isTenantWide(row) ? <Chip>Whole tenant</Chip> : null}
        </span>
        <span className="block break-all font-mono text-caption text-muted">{row.skuPartNumber}</span>
      </RowHeader>
      <Cell numeric className="px-2!">
        {formatCount(prepaidUnits)}
      </Cell>
      <Cell numeric className="px-2!">
        {formatCount(consumedUnits)}
      </Cell>
      <Cell numeric className="px-2!">
        {formatCount(unassignedUnits)}
      </Cell>
      <Cell>
        {overAssignedUnits > 0 ? (
          <OverAssigned units={overAssignedUnits} />
        ) : isTenantWide(row) ? (
          <Unknown reason="Its seats serve the whole tenant and are assigned to nobody" />
        ) : prepaidUnits > 0 ? (
          <SeatMeter label={product.name} assignableUnits={prepaidUnits} consumedUnits={consumedUnits} />
        ) : (
          <Unknown reason="There is no seat to assign" />
        )}
      </Cell>
      <Cell numeric className="px-2!">
        {formatCount(prepaid.warning)}
      </Cell>
      <Cell numeric className="px-2!">
        {formatCount(prepaid.suspended)}
      </Cell>
      <Cell numeric className="px-2!">
        {formatCount(prepaid.lockedOut)}
      </Cell>
      <Cell>
        <span className="flex flex-wrap gap-1">
          {row.capabilityStatuses.map((status) => (
            <CapabilityBadge key={status} status={status} />
          ))}
        </span>
      </Cell>
    </ExpandableRow>
  );
}
