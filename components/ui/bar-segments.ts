/** A part of a bar, placed in percent of the chart's width. */
export type Segment = { readonly index: number; readonly start: number; readonly width: number };

/**
 * Places the parts of one bar beside each other. `whole` is what the full width stands for; parts of 0 are left out,
 * negative ones count as 0.
 */
export function segments(values: readonly number[], whole: number): Segment[] {
  if (whole <= 0) return [];
  let start = 0;
  const placed: Segment[] = [];
  for (const [index, value] of values.entries()) {
    const width = (Math.max(0, value) / whole) * 100;
    if (width > 0) placed.push({ index, start, width });
    start += width;
  }
  return placed;
}

/** The sum of the parts, negative ones as 0. */
export const sumOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + Math.max(0, value), 0);
