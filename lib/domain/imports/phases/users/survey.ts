import { ok, type Result } from '#lib/core/result.ts';
import { bordersOfSlices, cut, heavySlices, type Range, type Slice } from './ranges.ts';

/** No directory is older than the service it belongs to; a user who is stays in the open range before. */
const FIRST_SECOND = Date.parse('2008-01-01T00:00:00Z') / 1000;
/** Rounds of counting, one answer's time each. */
const ROUNDS = 4;
/** Counts at a time. */
const COUNTS = 16;

export type Count = (range: Range) => Promise<Result<number | undefined>>;

/**
 * Borders for the first read of a directory, found by counting the users of slices of time: a few rounds, in which the
 * heavy ones are cut again. Undefined where Microsoft does not count.
 */
export async function surveyBorders(
  count: Count,
  input: { readonly now: Date; readonly users: number; readonly rangeUsers: number },
): Promise<Result<number[] | undefined>> {
  const last = Math.floor(input.now.getTime() / 1000);
  // Ranges are read side by side: one of an eighth of all is not what the others would have to wait for.
  const usersMax = Math.max(1.4 * input.rangeUsers, input.users / 8);
  let ranges: Range[] = [
    { from: null, to: FIRST_SECOND },
    ...cut({ from: FIRST_SECOND, to: last }, COUNTS - 2),
    { from: last, to: null },
  ];
  let known: readonly Slice[] = [];
  for (let round = 1; ; round += 1) {
    const counted = await countAll(count, ranges);
    if (!counted.ok) return counted;
    if (counted.value === undefined) return ok(undefined);
    known = [...known, ...counted.value].sort((a, b) => (a.from ?? 0) - (b.from ?? 0));
    const heavy = heavySlices(known, { usersMax, counts: COUNTS });
    if (heavy.size === 0 || round === ROUNDS) return ok(bordersOfSlices(known, input.rangeUsers));
    known = known.filter((slice) => !heavy.has(slice));
    ranges = [...heavy].flatMap(([slice, parts]) => cut(slice, parts));
  }
}

async function countAll(count: Count, ranges: readonly Range[]): Promise<Result<Slice[] | undefined>> {
  const slices: Slice[] = [];
  const counted = await Promise.all(ranges.map(async (range) => ({ range, users: await count(range) })));
  for (const { range, users } of counted) {
    if (!users.ok) return users;
    if (users.value === undefined) return ok(undefined);
    slices.push({ ...range, users: users.value });
  }
  return ok(slices);
}
