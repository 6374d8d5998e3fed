import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from './processes.ts';

const RESULTS = join(ROOT, 'bench/results.json');

const Figure = z.object({
  name: z.string(),
  /** What the measured value is divided by. */
  reference: z.string(),
  /** The median of all runs; smaller is better. */
  ratio: z.number(),
  target: z.number(),
  /** How many ratios the median is taken of. */
  runs: z.int(),
  /** The values behind the ratio, with their units, and what a reader has to know. */
  note: z.string(),
});
export type Figure = z.infer<typeof Figure>;

/** One run: both sides were measured one right after the other. */
export type Pair = { readonly measured: number; readonly reference: number };

export type FigureInput = {
  readonly name: string;
  readonly reference: string;
  readonly target: number;
  readonly pairs: readonly Pair[];
  /** Writes a measured value with its unit. */
  readonly format: (value: number) => string;
  readonly note?: string;
};

/** The median of the runs' ratios. The note says what the medians of both sides are, and how far the runs differ. */
export function toFigure({ name, reference, target, pairs, format, note }: FigureInput): Figure {
  const ratios = pairs.map((pair) => pair.measured / pair.reference);
  const range = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
  const spread = pairs.length > 1 ? `, runs ${range.join(' to ')}` : '';
  return {
    name,
    reference,
    ratio: rounded(median(ratios)),
    target,
    runs: pairs.length,
    note: [sides(pairs, format).join(' ÷ ') + spread, ...(note ? [note] : [])].join('; '),
  };
}

/** The medians of both sides. */
export const sides = (pairs: readonly Pair[], format: (value: number) => string): string[] =>
  (['measured', 'reference'] as const).map((side) => format(median(pairs.map((pair) => pair[side]))));

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('There is no median of nothing.');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

const rounded = (value: number): number => Number(value.toPrecision(3));

export const formatSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
export const formatMegabytes = (megabytes: number): string => `${Math.round(megabytes)} MB`;

/** A line for each figure; those that miss their target are marked. */
export function table(figures: readonly Figure[]): string {
  const rows = [
    ['figure', 'ratio', 'target', '', 'runs', 'against', 'values'],
    ...figures.map(({ name, reference, ratio, target, runs, note }) => [
      name,
      ratio.toFixed(2),
      `≤ ${target.toFixed(2)}`,
      ratio <= target ? 'ok' : 'MISSED',
      String(runs),
      reference,
      note,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Puts new figures in the place of the old ones of the same name; what was not measured this time stays. */
export async function keepResults(measured: readonly Figure[]): Promise<void> {
  const text = await readFile(RESULTS, 'utf8').catch(() => '[]');
  const kept = z.array(Figure).catch([]).parse(JSON.parse(text));
  const byName = new Map([...kept, ...measured].map((figure) => [figure.name, figure]));
  await writeFile(RESULTS, `${JSON.stringify([...byName.values()], null, 2)}\n`);
}
