import type { Pool } from 'pg';
import { gather } from './gather.ts';
import { ORDERS } from './orders.ts';
import {
  beyond,
  isDescending,
  orderBy,
  type PageRequest,
  type PlacedRow,
  type PlacedUser,
  positionValues,
  toPlacedUser,
  USER_COLUMNS,
} from './page-request.ts';
import { conditionsOf, countUsers, parameters, tenantCondition } from './statement.ts';

/**
 * Whether it takes fewer rows to walk along an order until a page is full than to gather all matches and sort them.
 * Walking reads `limit` × `total` / `matches` rows, gathering reads `matches`, so the better of the two never reads
 * more than the square root of `limit` × `total`: some 7,000 of 1,000,000.
 */
export const isWalkShorter = (limit: number, matches: number, total: number): boolean =>
  matches * matches >= limit * total;

/** Finds a page by going along the indexes of its order; `total` is about how many users there are in all. */
export async function walk(pool: Pool, request: PageRequest, total: number): Promise<PlacedUser[]> {
  const { ranks } = ORDERS[request.sort];
  if (ranks.length === 0) return walkRank(pool, request, 0);

  // Few values come before the keys: the users of one value after those of the other.
  const places = [...ranks.keys()];
  if (isDescending(request)) places.reverse();
  const first = request.position ? Math.max(0, places.indexOf(request.position.rank)) : 0;
  const found: PlacedUser[] = [];
  for (const [step, rank] of places.slice(first).entries()) {
    const rest = {
      ...request,
      limit: request.limit - found.length,
      position: step === 0 ? request.position : undefined,
    };
    found.push(...(await readRank(pool, rest, rank, total)));
    if (found.length >= request.limit) break;
  }
  return found;
}

/** The users of one rank, walked along or, where they are few, gathered. */
async function readRank(
  pool: Pool,
  request: PageRequest,
  rank: number,
  total: number,
): Promise<readonly PlacedUser[]> {
  const condition = ORDERS[request.sort].ranks[rank];
  // Counted only as far as it takes to decide.
  const max = Math.ceil(Math.sqrt(request.limit * total));
  const matches = await countUsers(pool, request.scope, request.filter, { max, condition });
  if (matches === 0) return [];
  if (isWalkShorter(request.limit, matches, total)) return walkRank(pool, request, rank);
  return (await gather(pool, request, { max, condition })).users;
}

async function walkRank(pool: Pool, request: PageRequest, rank: number): Promise<PlacedUser[]> {
  const { rows } = await pool.query<PlacedRow>(walkStatement(request, rank));
  return rows.map(toPlacedUser);
}

// In each tenant the order is that of an index, so a page of each and then the first of all of them suffice.
function walkStatement(request: PageRequest, rank: number) {
  const { sort, filter, position, limit } = request;
  const { keys, ranks } = ORDERS[sort];
  const given = parameters();
  const tenants = tenantCondition(request.scope, given);
  const ofRank = ranks[rank];
  const conditions = ['u.tenant_id = t.id', ...conditionsOf(filter, given), ...(ofRank ? [ofRank] : [])];
  if (position) {
    conditions.push(beyond(request, [...keys, 'u.id', 'u.tenant_id'], positionValues(position, given)));
  }
  const keyNames = keys.map((_, index) => `key${index}`);
  const text = `
    SELECT page.*, ${rank} AS rank, ARRAY[${keyNames.join(', ')}] AS keys
    FROM tenant t CROSS JOIN LATERAL (
      SELECT ${USER_COLUMNS}, ${keys.map((key, index) => `${key} AS key${index}`).join(', ')}
      FROM directory_user u WHERE ${conditions.join(' AND ')}
      ORDER BY ${orderBy(request, [...keys, 'u.id'])} LIMIT ${limit}
    ) AS page
    WHERE ${tenants}
    ORDER BY ${orderBy(request, [...keyNames.map((key) => `${key} COLLATE "C"`), 'page.id', 'page.tenant_id'])}
    LIMIT ${limit}`;
  return { text, values: given.values };
}
