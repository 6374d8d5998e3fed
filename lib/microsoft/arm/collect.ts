import { ProblemError } from '../http/problem-error.ts';

/** Far more pages than any list here has; a longer one goes round in a circle. */
export const PAGES_MAX = 1000;

type Pages<T> = { byPage(): AsyncIterableIterator<T[]> };

/** All rows of a paged list of Microsoft's packages. */
export async function collect<T>(list: Pages<T>): Promise<T[]> {
  const rows: T[] = [];
  let pages = 0;
  for await (const page of list.byPage()) {
    pages += 1;
    if (pages > PAGES_MAX) throw new ProblemError({ code: 'upstream-shape', where: 'endless list' });
    rows.push(...page);
  }
  return rows;
}
