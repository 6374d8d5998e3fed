import { formatCount, formatShare } from '../format.ts';

export type SeatMeterProps = {
  /** What the seats are of: part of the accessible name. */
  readonly label: string;
  /** How many can be assigned. */
  readonly assignableUnits: number;
  readonly consumedUnits: number;
};

/** How many of the seats are assigned, as a bar with its share in words. More than all is drawn as full, in red. */
export function SeatMeter({ label, assignableUnits, consumedUnits }: SeatMeterProps) {
  const share = formatShare(consumedUnits, assignableUnits);
  const isOver = consumedUnits > assignableUnits;
  const filled = assignableUnits > 0 ? Math.min(consumedUnits / assignableUnits, 1) * 100 : isOver ? 100 : 0;
  return (
    <span className="inline-flex items-center gap-2">
      <svg
        role="img"
        aria-label={`${label}: ${formatCount(consumedUnits)} of ${formatCount(assignableUnits)} seats assigned`}
        viewBox="0 0 100 1"
        preserveAspectRatio="none"
        className="h-1.5 w-20 overflow-hidden rounded-full bg-pressed"
      >
        <rect width={filled} height="1" className={isOver ? 'fill-danger' : 'fill-chart-1'} />
      </svg>
      <span aria-hidden className="w-12 text-right text-muted text-small tabular-nums">
        {share ?? '—'}
      </span>
    </span>
  );
}
