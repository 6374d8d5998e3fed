import { formatCount } from '#components/format.ts';
import { Section } from '#components/ui/section.tsx';
import { type ChartSeries, StackedBarChart } from '#components/ui/stacked-bar-chart.tsx';
import { isTenantWide, type SkuRow } from '#lib/domain/licensing/model.ts';

const BARS_MAX = 12;

const SERIES: readonly ChartSeries[] = [
  { label: 'Assigned' },
  { label: 'Over-assigned' },
  { label: 'Suspended or locked out' },
  { label: 'Unassigned', rest: true },
];

const valuesOf = ({ prepaid, prepaidUnits, unassignedUnits, overAssignedUnits }: SkuRow): number[] => [
  prepaidUnits - unassignedUnits,
  overAssignedUnits,
  prepaid.suspended + prepaid.lockedOut,
  unassignedUnits,
];

/** The largest products, each with its seats by what they are used for. */
export function SeatChart({
  rows,
  includeFree,
}: {
  readonly rows: readonly SkuRow[];
  readonly includeFree: boolean;
}) {
  const bars = rows
    .filter((row) => !isTenantWide(row) && (includeFree || !row.freePool))
    .toSorted((a, b) => b.prepaidUnits - a.prepaidUnits)
    .map((row) => ({ key: row.key, label: row.product.name, values: valuesOf(row) }))
    .filter(({ values }) => values.some((value) => value > 0));
  if (bars.length === 0) return null;
  return (
    <Section
      title="Seats by product"
      description={
        bars.length > BARS_MAX
          ? `The ${BARS_MAX} largest of ${formatCount(bars.length)} products; all of them are in the table below.`
          : undefined
      }
    >
      <StackedBarChart
        label="Seats by product"
        rowLabel="Product"
        unit="seats"
        series={SERIES}
        rows={bars.slice(0, BARS_MAX)}
        // Beside a pool of a million seats every purchase would be a hairline.
        scale={includeFree ? 'share' : 'shared'}
      />
    </Section>
  );
}
