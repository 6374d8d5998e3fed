import { formatCount, formatQuantity, formatShare } from '#components/format.ts';
import { KpiRow, KpiTile } from '#components/ui/kpi-tile.tsx';
import { Freshness } from '#components/ui/time.tsx';
import type { LicenseTotals } from '#lib/domain/licensing/model.ts';

/** An import runs every day; from then on something is wrong. */
const STALE_AFTER_MS = 36 * 60 * 60_000;

/** What the tenants in sight have bought, and how much of it is in use. */
export function LicenseFigures({
  totals,
  readAt,
}: {
  readonly totals: LicenseTotals;
  readonly readAt: Date | null;
}) {
  const { prepaid, prepaidUnits, consumedUnits, unassignedUnits, overAssignedUnits, tenantWideUnits } =
    totals;
  const freshness = readAt && <Freshness label="Read" value={readAt} staleAfterMs={STALE_AFTER_MS} />;
  const isOver = consumedUnits > prepaidUnits;
  return (
    <KpiRow>
      <KpiTile
        label="Purchased"
        value={formatCount(prepaidUnits)}
        unit="seats"
        hint={purchasedHint(prepaid)}
        freshness={freshness}
      />
      <KpiTile
        label="Assigned"
        value={formatCount(consumedUnits)}
        unit="seats"
        hint={overAssignedUnits > 0 ? `${formatCount(overAssignedUnits)} of them over-assigned` : undefined}
        freshness={freshness}
      />
      <KpiTile
        label="Unassigned"
        value={formatCount(unassignedUnits)}
        unit="seats"
        hint={
          tenantWideUnits > 0
            ? `${formatCount(tenantWideUnits)} of them serve whole tenants, not users`
            : 'Can be assigned now'
        }
        freshness={freshness}
      />
      <KpiTile
        label="Utilization"
        value={isOver ? formatShare(1, 1) : formatShare(consumedUnits, prepaidUnits)}
        unknownReason="Nothing was purchased"
        hint={
          isOver
            ? `Over-assigned by ${formatCount(consumedUnits - prepaidUnits)}`
            : `${formatCount(consumedUnits)} of ${formatQuantity(prepaidUnits, 'seat')}`
        }
        freshness={freshness}
      />
    </KpiRow>
  );
}

function purchasedHint({ warning, suspended, lockedOut }: LicenseTotals['prepaid']): string | undefined {
  const unusable = suspended + lockedOut;
  const parts = [
    warning > 0 ? `${formatCount(warning)} in grace` : '',
    unusable > 0 ? `${formatCount(unusable)} more suspended or locked out` : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : undefined;
}
