import { formatCount } from '#components/format.ts';
import { CodeValue } from '#components/ui/code-value.tsx';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { filledWith, type Html, html } from '#components/ui/html.ts';
import { TextLink } from '#components/ui/text-link.tsx';
import { Freshness } from '#components/ui/time.tsx';
import type { ServicePlan, SkuRow } from '#lib/domain/licensing/model.ts';
import type { SkuOrigins } from '#lib/domain/licensing/origins-model.ts';
import { servicePlanName } from '#lib/domain/licensing/product-names/product-names.ts';
import type { Source } from '#lib/domain/licensing/sources.ts';
import { CapabilityBadge } from './capability-badge.tsx';
import { SkuGroups } from './sku-groups.tsx';
import { SkuPurchases } from './sku-purchases.tsx';

/** How a SKU was bought, which groups give it, what is in it, who holds it, and in which tenants it is. */
export function SkuDetails({
  row,
  tenants,
  origins,
}: {
  readonly row: SkuRow;
  readonly tenants: readonly Source[];
  readonly origins: SkuOrigins | undefined;
}) {
  const onlyTenant = tenants.length === 1 ? tenants[0] : undefined;
  const holders = new URLSearchParams({
    license: row.skuId,
    ...(onlyTenant && { tenant: onlyTenant.tenantId }),
  });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-1 text-small">
        <span className="flex items-center gap-2 text-muted">
          SKU ID <CodeValue value={row.skuId} name="SKU ID" />
        </span>
        <TextLink href={`/users?${holders}`}>Users with this licence</TextLink>
        <Freshness label="Read" value={row.importedAt} />
      </div>
      {tenants.length > 1 ? <TenantSeats row={row} /> : null}
      {origins ? (
        <>
          <SkuPurchases product={row.product.name} origins={origins} showsTenant={tenants.length > 1} />
          <SkuGroups groups={origins.groups} showsTenant={tenants.length > 1} />
        </>
      ) : null}
      <ServicePlans plans={row.servicePlans} />
    </div>
  );
}

function ServicePlans({ plans }: { readonly plans: readonly ServicePlan[] }) {
  if (plans.length === 0)
    return <p className="text-muted">Microsoft lists no service plans in this product.</p>;
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-small">{formatCount(plans.length)} service plans</h3>
      <ul
        className="grid gap-x-6 gap-y-1.5 text-small sm:grid-cols-2 xl:grid-cols-3 [&_code]:break-all [&_code]:text-caption [&_code]:text-muted"
        // As text: a page has hundreds of them.
        {...filledWith(plans.map(planItem))}
      />
    </div>
  );
}

const planItem = ({ servicePlanId, servicePlanName: name }: ServicePlan): Html =>
  html`<li>${servicePlanName(servicePlanId) ?? 'Unknown service plan'} <code>${name}</code></li>`;

function TenantSeats({ row }: { readonly row: SkuRow }) {
  return (
    <DataTable label={`${row.product.name} by tenant`} density="compact">
      <TableHead>
        <ColumnHeader sticky>Tenant</ColumnHeader>
        <ColumnHeader numeric>Purchased</ColumnHeader>
        <ColumnHeader numeric>Assigned</ColumnHeader>
        <ColumnHeader numeric>Unassigned</ColumnHeader>
        <ColumnHeader>Status</ColumnHeader>
      </TableHead>
      <TableBody>
        {row.tenants.map((sku) => (
          <TableRow key={sku.tenantId}>
            <RowHeader>
              <TextLink href={`/licenses?tenant=${sku.tenantId}`}>{sku.tenantName}</TextLink>
            </RowHeader>
            <Cell numeric>{formatCount(sku.prepaidUnits)}</Cell>
            <Cell numeric>{formatCount(sku.consumedUnits)}</Cell>
            <Cell numeric>{formatCount(sku.unassignedUnits)}</Cell>
            <Cell>
              <CapabilityBadge status={sku.capabilityStatus} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </DataTable>
  );
}
