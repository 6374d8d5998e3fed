import type { Directory } from './directory.ts';
import type { Filter } from './filter.ts';

/** A page of row numbers and where the next one starts; no next position on the last page. */
export type RowPage = { readonly rows: number[]; readonly next: number | undefined };

/** Rows tested for one page at most: a rare filter gives short or empty pages that go on, as Graph's do. */
const ROWS_SCANNED_MAX = 200_000;

/** The rows from a position on that exist and match, in the directory's own order. */
export function listRows(
  directory: Directory,
  filter: Filter | undefined,
  position: number,
  size: number,
): RowPage {
  if (filter?.ids) return namedRows(directory, filter, filter.ids, position, size);
  const rows: number[] = [];
  const { baseSize } = directory.rows;
  const low =
    filter?.createdFrom === undefined ? 0 : directory.rows.firstCreatedAtOrAfter(filter.createdFrom);
  const high =
    filter?.createdTo === undefined ? baseSize : directory.rows.firstCreatedAtOrAfter(filter.createdTo + 1);
  let index = Math.max(position, low);
  let scanned = 0;
  for (; index < directory.size; index++) {
    // Rows are in order of their creation up to baseSize; later ones were added by the control API.
    if (index >= high && index < baseSize) index = baseSize;
    if (index >= directory.size) break;
    if (rows.length >= size || scanned >= ROWS_SCANNED_MAX) return { rows, next: index };
    scanned += 1;
    if (directory.exists(index) && (!filter || filter.matches(directory, index))) rows.push(index);
  }
  return { rows, next: undefined };
}

/** The rows among those with the ids, without a look at all others. */
function namedRows(
  directory: Directory,
  filter: Filter,
  ids: readonly string[],
  position: number,
  size: number,
): RowPage {
  const named = new Set(ids.flatMap((id) => directory.find(id) ?? []));
  const all = [...named].filter((index) => index >= position && filter.matches(directory, index));
  const rows = all.sort((a, b) => a - b).slice(0, size);
  return { rows, next: rows.length < all.length ? (rows.at(-1) ?? 0) + 1 : undefined };
}

/** How many users match. */
export function countRows(directory: Directory, filter: Filter | undefined): number {
  if (!filter) return directory.count;
  let count = 0;
  for (let position: number | undefined = 0; position !== undefined; ) {
    const page: RowPage = listRows(directory, filter, position, ROWS_SCANNED_MAX);
    count += page.rows.length;
    position = page.next;
  }
  return count;
}

/** Above this the simulator does not sort: it would have to hold the whole directory. */
export const SORTED_ROWS_MAX = 50_000;

/** All matching rows in the order of a text property. */
export function sortedRows(
  directory: Directory,
  filter: Filter | undefined,
  column: string,
  descending: boolean,
): number[] {
  const rows = listRows(directory, filter, 0, SORTED_ROWS_MAX).rows;
  const keyed = rows.map((index) => ({ index, key: String(directory.value(index, column) ?? '') }));
  const { compare } = new Intl.Collator('en');
  keyed.sort((a, b) => compare(a.key, b.key) || a.index - b.index);
  if (descending) keyed.reverse();
  return keyed.map(({ index }) => index);
}
