import { useId } from 'react';
import { formatCount } from '../format.ts';
import { segments, sumOf } from './bar-segments.ts';
import { ChartPatterns, REST, seriesFill } from './chart-pattern.tsx';
import { ColumnHeader, DataTable, TableHead } from './data-table.tsx';
import { filledWith, type Html, html } from './html.ts';
import { HtmlTableBody } from './html-table-body.tsx';

export type ChartSeries = {
  readonly label: string;
  /** Drawn quietly: what is left over rather than what there is. */
  readonly rest?: boolean;
};

export type ChartRow = {
  readonly key: string;
  readonly label: string;
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
  // As text: a chart has dozens of parts.
  const bar = ({ label: name, values }: ChartRow): Html => {
    const total = sumOf(values);
    const parts = series.map((one, index) => `${one.label} ${formatCount(values[index] ?? 0)}`);
    return html`<li class="chart-bar"><span class="truncate" title="${name}">${name}</span><svg role="img" aria-label="${name}: ${parts.join(', ')} ${unit}">${segments(
      values,
      scale === 'share' ? total : largest,
    ).map(({ index, start, width }) => {
      const { fill, className } = fillOf(index);
      return html`<rect x="${start}%" width="${width}%" height="100%" ${fill && html` fill="${fill}"`} class="${className}"><title>${parts[index]}</title></rect>`;
    })}</svg><span class="text-right text-muted tabular-nums">${formatCount(total)}</span></li>`;
  };
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
      <ul className="flex flex-col gap-2.5" {...filledWith(rows.map(bar))} />
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
            <HtmlTableBody rows={rows.map(twinRow)} />
          </DataTable>
        </div>
      </details>
    </figure>
  );
}

const twinRow = ({ label, values }: ChartRow): Html =>
  html`<tr><th scope="row">${label}</th>${[...values, sumOf(values)].map((value) => html`<td class="numeric">${formatCount(value)}</td>`)}</tr>`;
