import { formatCount, formatDay, formatQuantity } from '#components/format.ts';
import { Callout } from '#components/ui/callout.tsx';
import { ColumnHeader, DataTable, TableHead } from '#components/ui/data-table.tsx';
import { type Html, html } from '#components/ui/html.ts';
import { HtmlTableBody } from '#components/ui/html-table-body.tsx';
import type { Purchase, SeatDifference, SkuOrigins } from '#lib/domain/licensing/origins-model.ts';

/** What fits behind a row; the file has all of them. */
const SHOWN = 20;

/** The purchases behind a product: the same one is often bought several times, with seats that end on different days. */
export function SkuPurchases({
  product,
  origins: { purchases, differences },
  showsTenant,
}: {
  readonly product: string;
  readonly origins: SkuOrigins;
  readonly showsTenant: boolean;
}) {
  if (!purchases)
    return <p className="text-muted text-small">The next import reads the purchases of this product.</p>;
  if (purchases.length === 0)
    return <p className="text-muted text-small">Microsoft lists no purchase of this product.</p>;
  const seats = purchases.reduce((sum, purchase) => sum + purchase.seats, 0);
  return (
    <div className="flex flex-col gap-2 max-xl:max-w-[calc(100vw-4rem)]">
      <h3 className="text-small">
        {formatQuantity(purchases.length, 'purchase')} of {formatQuantity(seats, 'seat')}
      </h3>
      <DataTable label={`Purchases of ${product}`} density="compact">
        <TableHead>
          <ColumnHeader>What happens next</ColumnHeader>
          <ColumnHeader>Seats</ColumnHeader>
          <ColumnHeader>Status</ColumnHeader>
          <ColumnHeader>Bought</ColumnHeader>
          {showsTenant ? <ColumnHeader>Tenant</ColumnHeader> : null}
        </TableHead>
        <HtmlTableBody
          rows={purchases.slice(0, SHOWN).map((purchase) => purchaseRow(purchase, showsTenant))}
        />
      </DataTable>
      {purchases.length > SHOWN ? (
        <p className="text-caption text-muted">
          The first {SHOWN} of them; all are in the file of purchases.
        </p>
      ) : null}
      {differences.length > 0 ? <Differences differences={differences} showsTenant={showsTenant} /> : null}
    </div>
  );
}

function purchaseRow(purchase: Purchase, showsTenant: boolean): Html {
  const { seats, status, tenantName } = purchase;
  return html`<tr><th scope="row">${whatHappens(purchase)}</th><td>${formatCount(seats)}</td><td>${STATUS_WORDS[status] ?? status}</td><td>${howBought(purchase)}</td>${showsTenant && html`<td dir="auto">${tenantName}</td>`}</tr>`;
}

const STATUS_WORDS: Readonly<Record<string, string>> = {
  Enabled: 'Enabled',
  Warning: 'In grace',
  Suspended: 'Suspended',
  LockedOut: 'Locked out',
  Deleted: 'Deleted',
};

/** Microsoft says when the status changes unless the purchase is renewed, and not whether it renews itself. */
function whatHappens({ status, isTrial, changesAt }: Purchase): string {
  if (changesAt === null) return status === 'Enabled' ? 'Has no end' : 'Microsoft names no date';
  const day = formatDay(changesAt, 'UTC');
  if (status === 'Enabled') return isTrial ? `Trial ends ${day}` : `Renews or ends ${day}`;
  if (status === 'Warning') return `Suspended ${day} unless renewed`;
  if (status === 'Suspended') return `Deleted ${day} unless renewed`;
  return `Status changes ${day}`;
}

function howBought({ isTrial, partnerTenantId, createdAt }: Purchase): string {
  const way = isTrial ? 'Trial' : partnerTenantId ? 'Through a partner' : 'Directly';
  return createdAt ? `${way}, ${formatDay(createdAt, 'UTC')}` : way;
}

const UNIT_WORDS = {
  enabled: 'enabled',
  warning: 'in grace',
  suspended: 'suspended',
  lockedOut: 'locked out',
} as const;

function Differences({
  differences,
  showsTenant,
}: {
  readonly differences: readonly SeatDifference[];
  readonly showsTenant: boolean;
}) {
  return (
    <Callout tone="warning" title="The purchases do not add up to the seats of the product.">
      <ul>
        {differences.slice(0, SHOWN).map(({ tenantName, unit, bought, listed }) => (
          <li key={`${tenantName} ${unit}`}>
            {showsTenant ? `${tenantName}: ` : null}
            {formatQuantity(bought, 'seat')} {UNIT_WORDS[unit]} by the purchases, {formatCount(listed)} by the
            product.
          </li>
        ))}
      </ul>
      <p>
        Microsoft keeps the two lists in different places, and one may be behind for some hours after a
        change.
      </p>
    </Callout>
  );
}
