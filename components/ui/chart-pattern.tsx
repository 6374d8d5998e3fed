/** The fills of a chart's series: a colour each, and a pattern each for those who see the colours alike. */
export const SERIES_FILLS = [
  { fill: 'fill-chart-1', pattern: undefined },
  { fill: 'fill-chart-2', pattern: 'M-2 2 2-2M0 8 8 0M6 10 10 6' },
  { fill: 'fill-chart-3', pattern: 'M2 0V8M6 0V8' },
  { fill: 'fill-chart-4', pattern: 'M-2 6 2 10M0 0 8 8M6-2 10 2' },
  { fill: 'fill-chart-6', pattern: 'M0 2H8M0 6H8' },
  { fill: 'fill-chart-5', pattern: 'M0 2H8M0 6H8M2 0V8M6 0V8' },
] as const;

/** What is left over, such as unassigned seats: a quiet ground without a pattern. */
export const REST = 'rest';

const patternId = (chartId: string, index: number) => `${chartId}-pattern-${index}`;

/** The patterns of one chart, once on its page; `chartId` keeps two charts apart. */
export function ChartPatterns({ chartId }: { readonly chartId: string }) {
  return (
    <svg aria-hidden="true" width="0" height="0" className="absolute">
      <defs>
        {SERIES_FILLS.map(({ fill, pattern }, index) => (
          <pattern
            key={fill}
            id={patternId(chartId, index)}
            width="8"
            height="8"
            patternUnits="userSpaceOnUse"
          >
            <rect width="8" height="8" className={fill} />
            {pattern ? (
              <path d={pattern} fill="none" strokeWidth="1.5" className="stroke-canvas" opacity="0.55" />
            ) : null}
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

/** The attributes that fill a shape as the series with this place, or as the rest. */
export function seriesFill(
  chartId: string,
  index: number | typeof REST,
): { readonly fill?: string; readonly className?: string } {
  if (index === REST) return { className: 'fill-chart-rest' };
  return { fill: `url(#${patternId(chartId, index % SERIES_FILLS.length)})` };
}
