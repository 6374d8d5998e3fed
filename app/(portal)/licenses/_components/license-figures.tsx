import { FigureProvenance } from '#app/(portal)/_components/figure-provenance.tsx';
import { formatCount, formatQuantity, formatShare } from '#components/format.ts';
import { KpiRow, KpiTile } from '#components/ui/kpi-tile.tsx';
import { Freshness } from '#components/ui/time.tsx';
import type { Origin } from '#lib/domain/imports/provenance.ts';
import type { LicenseTotals } from '#lib/domain/licensing/model.ts';

/** An import runs every day; from then on something is wrong. */
const STALE_AFTER_MS = 36 * 60 * 60_000;

/** What the tenants in sight have bought, and how much of it is in use. */
export function LicenseFigures({
  totals,
  readAt,
  origins,
}: {
  readonly totals: LicenseTotals;
  readonly readAt: Date | null;
  /** The imports that the figures come from; none of tenants that earlier versions of the portal have read. */
  readonly origins: readonly Origin[];
}) {
  const { prepaid, prepaidUnits, consumedUnits, unassignedUnits, overAssignedUnits, tenantWideUnits } =
    totals;
  const isTraced = origins.some(({ read }) => read);
  const provenance = (computed: string) =>
    isTraced ? (
      <FigureProvenance phase="skus" origins={origins} computed={computed} />
    ) : (
      readAt && <Freshness label="Read" value={readAt} staleAfterMs={STALE_AFTER_MS} />
    );
  const isOver = consumedUnits > prepaidUnits;
  return (
    <KpiRow>
      <KpiTile
        label="Purchased"
        value={formatCount(prepaidUnits)}
        unit="seats"
        hint={purchasedHint(prepaid)}
        freshness={provenance(
          'the sum of the enabled units and of those in grace, over all products but free and trial pools, unless these are included',
        )}
      />
      <KpiTile
        label="Assigned"
        value={formatCount(consumedUnits)}
        unit="seats"
        hint={overAssignedUnits > 0 ? `${formatCount(overAssignedUnits)} of them over-assigned` : undefined}
        freshness={provenance(
          'the sum of the units that Microsoft counts as consumed, over the same products',
        )}
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
        freshness={provenance('purchased less assigned for each product, never below 0, and then summed')}
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
        freshness={provenance('assigned divided by purchased, at most 100%')}
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
