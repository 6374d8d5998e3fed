import type { Pool } from 'pg';
import { ORDERS } from './orders.ts';
import {
  beyond,
  orderBy,
  type PageRequest,
  type PlacedRow,
  type PlacedUser,
  positionValues,
  toPlacedUser,
  USER_COLUMNS,
} from './page-request.ts';
import { conditionsOf, parameters, tenantIds } from './statement.ts';

type GatherOptions = {
  /** More matches than this are not sorted: then there are no users in the answer. */
  readonly max: number;
  /** One more condition. */
  readonly condition?: string;
};

/** The users of a page, in the direction of reading, and how many match in all, up to one more than `max`. */
export type Gathered = { readonly users: readonly PlacedUser[]; readonly matches: number };

/** Finds a page by reading every match and sorting them. */
export async function gather(pool: Pool, request: PageRequest, options: GatherOptions): Promise<Gathered> {
  const { rows } = await pool.query<(PlacedRow | NoRow) & { readonly matches: number }>(
    gatherStatement(request, options),
  );
  return {
    users: rows.flatMap((row) => (row.id === null ? [] : toPlacedUser(row))),
    matches: rows[0]?.matches ?? 0,
  };
}

/** What comes when the page has nobody, because the count comes all the same. */
type NoRow = { readonly id: null };

// Materialized step by step: else the planner may walk along the order after all in the hope to meet the matches
// soon, and the keys would be made for each comparison, and for matches that turn out to be too many.
function gatherStatement(request: PageRequest, { max, condition }: GatherOptions) {
  const { sort, filter, position, limit } = request;
  const { keys, ranks, columns } = ORDERS[sort];
  const given = parameters();
  const tenants = tenantIds(request.scope, given);
  const conditions = [...conditionsOf(filter, given), ...(condition ? [condition] : [])];
  const rank = `CASE ${ranks.map((is, index) => `WHEN ${is} THEN ${index}`).join(' ')} END`;
  const keyNames = keys.map((_, index) => `key${index}`);
  const places = ['rank', ...keyNames.map((key) => `${key} COLLATE "C"`), 'id', 'tenant_id'];
  const isBeyond = () =>
    position
      ? `WHERE ${beyond(request, places, [given.add(position.rank), ...positionValues(position, given)])}`
      : '';
  const text = `
    WITH matches AS MATERIALIZED (
      SELECT ${['tenant_id', 'id', ...columns].map((column) => `u.${column}`).join(', ')} FROM directory_user u
      WHERE u.tenant_id = ANY (${tenants}) AND ${conditions.join(' AND ')}
      LIMIT ${max + 1}
    ), counted AS MATERIALIZED (
      SELECT count(*)::int AS matches FROM matches
    ), placed AS MATERIALIZED (
      SELECT u.tenant_id, u.id, ${ranks.length > 0 ? rank : '0'} AS rank,
        ${keys.map((key, index) => `${key} AS key${index}`).join(', ')}
      FROM matches u WHERE (SELECT matches FROM counted) <= ${max}
    ), page AS (
      SELECT * FROM placed ${isBeyond()} ORDER BY ${orderBy(request, places)} LIMIT ${limit}
    )
    SELECT counted.matches, ${USER_COLUMNS}, page.rank, ARRAY[${keyNames.join(', ')}] AS keys
    FROM counted LEFT JOIN page ON true
    LEFT JOIN directory_user u ON u.tenant_id = page.tenant_id AND u.id = page.id
    ORDER BY ${orderBy(request, ['rank', ...keyNames.map((key) => `${key} COLLATE "C"`), 'page.id', 'page.tenant_id'])}`;
  return { text, values: given.values };
}
