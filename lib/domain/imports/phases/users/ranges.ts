/*
 * How a directory is divided so that its parts can be read side by side. What is planned here decides only how even the
 * parts are: they cover every user by construction, whatever dates there are.
 */

/** Users by their moment of creation in seconds since 1970, both ends included; open where null. */
export type Range = { readonly from: number | null; readonly to: number | null };

/**
 * The ranges between borders. The first one is open to the left and the last one to the right. Neighbours have the
 * second of the border in common: were the next one to begin a second later, as whole seconds would allow, a user
 * created within a second would be in neither, should Microsoft ever keep fractions. Who is in both counts once.
 */
export function rangesBetween(borders: readonly number[]): Range[] {
  const ascending = [...new Set(borders)].sort((a, b) => a - b);
  return [null, ...ascending].map((from, n) => ({ from, to: ascending[n] ?? null }));
}

/**
 * Borders at quantiles of the dates known from the last read. Each is moved to the second before: a directory that was
 * filled at once has quantiles in the middle of thousands of users of the same second, who would all come twice.
 */
export const bordersOfQuantiles = (quantiles: readonly Date[]): number[] =>
  quantiles.map((moment) => Math.floor(moment.getTime() / 1000) - 1);

/** How many ranges so many users make. */
export const rangesOf = (users: number, rangeUsers: number, rangesMax: number): number =>
  Math.min(rangesMax, Math.ceil(users / rangeUsers));

/** A range with the number of users in it, as far as Microsoft's count can be trusted. */
export type Slice = Range & { readonly users: number };

/** Cuts a range into parts that last equally long; an open one, or one of a single second, stays whole. */
export function cut({ from, to }: Range, parts: number): Range[] {
  if (from === null || to === null) return [{ from, to }];
  const pieces = Math.min(parts, to - from);
  if (pieces < 2) return [{ from, to }];
  const border = (n: number) => from + Math.round(((to - from) * n) / pieces);
  return Array.from({ length: pieces }, (_, n) => ({ from: border(n), to: border(n + 1) }));
}

/** Which slices are too heavy to be read by themselves, and into how many parts each is to be cut and counted anew. */
export function heavySlices(
  slices: readonly Slice[],
  options: { readonly usersMax: number; readonly counts: number },
): ReadonlyMap<Slice, number> {
  const heavy = slices
    .filter((slice) => slice.users > options.usersMax && cut(slice, 2).length > 1)
    .sort((a, b) => b.users - a.users);
  const users = heavy.reduce((sum, slice) => sum + slice.users, 0);
  const parts = new Map<Slice, number>();
  let left = options.counts;
  for (const slice of heavy) {
    if (left < 2) break;
    const share = Math.min(left, Math.max(2, Math.round((options.counts * slice.users) / users)));
    parts.set(slice, share);
    left -= share;
  }
  return parts;
}

/**
 * Borders of ranges with about so many users each. Slices that are still too heavy are cut without being counted once
 * more, the finer the heavier they are; light neighbours become one.
 */
export function bordersOfSlices(slices: readonly Slice[], rangeUsers: number): number[] {
  const pieces = slices.flatMap((slice) => {
    const parts = cut(slice, Math.ceil(slice.users / rangeUsers));
    return parts.map((part) => ({ ...part, users: slice.users / parts.length }));
  });
  const borders: number[] = [];
  let users = 0;
  for (const piece of pieces) {
    if (users > 0 && users + piece.users > rangeUsers && piece.from !== null) {
      borders.push(piece.from);
      users = 0;
    }
    users += piece.users;
  }
  return borders;
}
