import Link from 'next/link';
import { useId } from 'react';
import { formatCount } from '../format.ts';
import { segments, sumOf } from './bar-segments.ts';
import { ChartPatterns, REST, seriesFill } from './chart-pattern.tsx';
import { Cell, ColumnHeader, DataTable, RowHeader, TableBody, TableHead, TableRow } from './data-table.tsx';

export type ChartSeries = {
  readonly label: string;
  /** Drawn quietly: what is left over rather than what there is. */
  readonly rest?: boolean;
};

export type ChartRow = {
  readonly key: string;
  readonly label: string;
  /** Leads to the rows behind the bar. */
  readonly href?: string;
  /** One number for each series, in their order. */
  readonly values: readonly number[];
};

export type StackedBarChartProps = {
  /** The accessible name of the chart and of the table behind it. */
  readonly label: string;
  /** The head of the table's first column: what a row is. */
  readonly rowLabel: string;
  /** What is counted, in the plural: "seats". */
  readonly unit: string;
  readonly series: readonly ChartSeries[];
  readonly rows: readonly ChartRow[];
  /** `shared`: lengths compare the rows. `share`: every bar is full and compares the parts within its row. */
  readonly scale?: 'shared' | 'share';
};

/**
 * Horizontal stacked bars, drawn by the server. The parts differ by pattern as well as by colour, each bar says its
 * numbers to a screen reader, and a table with the same numbers is one click away.
 */
export function StackedBarChart({
  label,
  rowLabel,
  unit,
  series,
  rows,
  scale = 'shared',
}: StackedBarChartProps) {
  const id = useId();
  const fillOf = (index: number) => seriesFill(id, series[index]?.rest ? REST : index);
  const largest = Math.max(0, ...rows.map((row) => sumOf(row.values)));
  return (
    <figure aria-label={label} className="flex flex-col gap-4">
      <ChartPatterns chartId={id} />
      <ul aria-label="Legend" className="flex flex-wrap gap-x-5 gap-y-1.5 text-muted text-small">
        {series.map(({ label: name }, index) => (
          <li key={name} className="flex items-center gap-2">
            <svg aria-hidden="true" className="size-3.5 rounded-small">
              <rect width="100%" height="100%" {...fillOf(index)} />
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <ul className="flex flex-col gap-2.5">
        {rows.map((row) => {
          const total = sumOf(row.values);
          const parts = series.map(
            ({ label: name }, index) => `${name} ${formatCount(row.values[index] ?? 0)}`,
          );
          return (
            <li
              key={row.key}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,14rem)_minmax(0,1fr)_5rem]"
            >
              <span className="truncate" title={row.label}>
                {row.href ? (
                  <Link href={row.href} prefetch={false} className="rounded-small hover:underline">
                    {row.label}
                  </Link>
                ) : (
                  row.label
                )}
              </span>
              <svg
                role="img"
                aria-label={`${row.label}: ${parts.join(', ')} ${unit}`}
                className="order-last col-span-full h-4 w-full sm:order-none sm:col-auto"
              >
                {segments(row.values, scale === 'share' ? total : largest).map(({ index, start, width }) => (
                  <rect
                    key={index}
                    x={`${start}%`}
                    width={`${width}%`}
                    height="100%"
                    strokeWidth="1"
                    {...fillOf(index)}
                  >
                    <title>{parts[index]}</title>
                  </rect>
                ))}
              </svg>
              <span className="text-right text-muted tabular-nums">{formatCount(total)}</span>
            </li>
          );
        })}
      </ul>
      <details className="group/twin">
        <summary className="link inline-block text-small">
          <span className="group-open/twin:hidden">Show as a table</span>
          <span className="hidden group-open/twin:inline">Hide the table</span>
        </summary>
        <div className="mt-3">
          <DataTable label={label} density="compact">
            <TableHead>
              <ColumnHeader sticky>{rowLabel}</ColumnHeader>
              {series.map(({ label: name }) => (
                <ColumnHeader key={name} numeric>
                  {name}
                </ColumnHeader>
              ))}
              <ColumnHeader numeric>Total</ColumnHeader>
            </TableHead>
            <TableBody>
              {rows.map((row) => (
                <TableRow key={row.key}>
                  <RowHeader>{row.label}</RowHeader>
                  {series.map(({ label: name }, index) => (
                    <Cell key={name} numeric>
                      {formatCount(row.values[index] ?? 0)}
                    </Cell>
                  ))}
                  <Cell numeric>{formatCount(sumOf(row.values))}</Cell>
                </TableRow>
              ))}
            </TableBody>
          </DataTable>
        </div>
      </details>
    </figure>
  );
}
