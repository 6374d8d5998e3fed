import type { Pool } from 'pg';
import { gather } from './gather.ts';
import { isFiltered } from './model.ts';
import type { PageRequest, PlacedUser } from './page-request.ts';
import { countUsers } from './statement.ts';
import { isWalkShorter, walk } from './walk.ts';

/** More matches than this are not counted one by one. */
export const COUNTED_MAX = 100_000;

/** A page in the order of the list, and how many users match in all, up to one more than COUNTED_MAX. */
export type Page = { readonly users: readonly PlacedUser[]; readonly matches: number };

/**
 * Finds at most `limit` users from a position on; `total` is how many there are without the filter. The caller has
 * checked what the actor may do. A page is found in one of two ways, whichever reads fewer rows: by walking along the
 * order until it is full, or by gathering all matches and sorting them.
 */
export async function findPage(pool: Pool, request: PageRequest, total: number): Promise<Page> {
  const { users, matches } = await find(pool, request, total);
  return { users: request.isBackwards ? users.toReversed() : users, matches };
}

async function find(pool: Pool, request: PageRequest, total: number): Promise<Page> {
  const { scope, filter, limit } = request;
  if (!isFiltered(filter)) return { users: await walk(pool, request, total), matches: total };
  if (filter.q) {
    // What people search for is often what the order is by. Then all matches stand together, perhaps far down the
    // road, and as they have to be read for their number anyway, they are gathered unless they are very many.
    const gathered = await gather(pool, request, { max: COUNTED_MAX });
    if (gathered.matches <= COUNTED_MAX) return gathered;
    return { users: await walk(pool, request, total), matches: gathered.matches };
  }
  const matches = await countUsers(pool, scope, filter, { max: COUNTED_MAX + 1 });
  if (matches === 0) return { users: [], matches };
  if (isWalkShorter(limit, matches, total)) return { users: await walk(pool, request, total), matches };
  return gather(pool, request, { max: COUNTED_MAX });
}
