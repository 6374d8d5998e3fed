import type { Rows } from './rows.ts';

/** Rows from the first number up to, but without, the second. */
export type Range = readonly [from: number, to: number];

const BOUND = /^createdDateTime (ge|le) (\S+)$/;
/** What no range covers: users without a date. The generator has none. */
const REST = /^(?:not ?\(.*createdDateTime.*\)|createdDateTime eq null)$/i;

/** The rows that a filter chooses; undefined for a filter that the generator does not know. */
export function filterRows(rows: Rows, filter: string | null): Range | undefined {
  let [from, to]: Range = [0, rows.users.length];
  if (filter === null) return [from, to];
  if (REST.test(filter)) return [0, 0];
  for (const term of filter.replace(/^\((.*)\)$/, '$1').split(' and ')) {
    const [, operator, date = ''] = BOUND.exec(term) ?? [];
    const ms = Date.parse(date);
    if (Number.isNaN(ms)) return undefined;
    if (operator === 'ge') from = Math.max(from, rows.firstFrom(Math.ceil(ms / 1000)));
    else to = Math.min(to, rows.firstFrom(Math.floor(ms / 1000) + 1));
  }
  return [from, Math.max(from, to)];
}

/** What a filter by id names; undefined for another filter. */
export function namedIds(filter: string | null): string[] | undefined {
  const list = /^id in ?\((.*)\)$/.exec(filter ?? '')?.[1];
  return list?.split(',').map((id) => id.trim().slice(1, -1));
}
