import type { Pool } from 'pg';
import { TenantId } from '#lib/core/ids.ts';
import type { SortOrder, UserFilter, UserRow, UserSort } from './model.ts';
import { ORDERS, type Position } from './orders.ts';
import { conditionsOf, countUsers, parameters, type Scope, tenantCondition, tenantIds } from './statement.ts';

/** A user of the list, and where they stand in its order. */
export type PlacedUser = { readonly user: UserRow; readonly position: Position };

export type PageRequest = {
  readonly scope: Scope;
  readonly filter: UserFilter;
  readonly sort: UserSort;
  readonly order: SortOrder;
  /** Where to go on; absent: at the beginning, or at the end when reading backwards. */
  readonly position?: Position;
  /** Whether the users before the position are meant; they come in the order of the list all the same. */
  readonly isBackwards: boolean;
  readonly limit: number;
  /** About how many users match, and of how many: decides how the page is found, not what is on it. */
  readonly matches: number;
  readonly total: number;
};

/** Up to here gathering is quick, wherever in the order the matches are. */
const GATHERED_MAX = 20_000;

/**
 * Whether it takes fewer rows to walk along the order until a page is full than to gather all matches and sort them.
 * Walking reads `limit` × `total` / `matches` rows, gathering reads `matches`, so neither reads more than the square
 * root of `limit` × `total`: some 7,000 of 1,000,000. What people search for is often what the order is by, and then
 * all matches stand together far down the road, so few of them are gathered in any case.
 */
function isWalkShorter({ filter, limit, matches, total }: PageRequest): boolean {
  if (filter.q && matches <= GATHERED_MAX) return false;
  return matches * matches >= limit * total;
}

/** Reads at most `limit` users of the list, from a position on. The caller has checked what the actor may do. */
export async function readPage(pool: Pool, request: PageRequest): Promise<PlacedUser[]> {
  if (request.matches === 0) return [];
  const isDescending = (request.order === 'desc') !== request.isBackwards;
  const { ranks } = ORDERS[request.sort];
  const places = ranks.length > 0 ? [...ranks.keys()] : [0];
  if (isDescending) places.reverse();

  const found: PlacedUser[] = [];
  const first = request.position ? places.indexOf(request.position.rank) : 0;
  for (const [step, rank] of places.slice(Math.max(0, first)).entries()) {
    const limit = request.limit - found.length;
    const position = step === 0 ? request.position : undefined;
    const matches = await matchesOfRank(pool, request, rank);
    found.push(...(await readRank(pool, { ...request, limit, position, matches }, rank, isDescending)));
    if (found.length >= request.limit) break;
  }
  return request.isBackwards ? found.reverse() : found;
}

/** How many there are of one rank, counted only as far as it takes to choose between walking and gathering. */
function matchesOfRank(pool: Pool, request: PageRequest, rank: number): number | Promise<number> {
  const condition = ORDERS[request.sort].ranks[rank];
  if (!condition || !isWalkShorter(request)) return request.matches;
  const max = Math.ceil(Math.sqrt(request.limit * request.total));
  return countUsers(pool, request.scope, request.filter, { max, condition });
}

const COLUMNS = `u.tenant_id, u.id, u.display_name, u.user_principal_name, u.mail, u.job_title, u.department,
  u.company_name, u.country, u.user_type, u.account_enabled, u.sku_ids::text[]`;

type Row = {
  readonly tenant_id: string;
  readonly id: string;
  readonly display_name: string | null;
  readonly user_principal_name: string | null;
  readonly mail: string | null;
  readonly job_title: string | null;
  readonly department: string | null;
  readonly company_name: string | null;
  readonly country: string | null;
  readonly user_type: string | null;
  readonly account_enabled: boolean | null;
  readonly sku_ids: string[];
  readonly keys: string[];
};

async function readRank(
  pool: Pool,
  request: PageRequest,
  rank: number,
  isDescending: boolean,
): Promise<PlacedUser[]> {
  const { rows } = await pool.query<Row>(pageStatement(request, rank, isDescending));
  return rows.map((row) => ({
    user: toUserRow(row),
    position: { rank, keys: row.keys, id: row.id, tenantId: TenantId.parse(row.tenant_id) },
  }));
}

/** The statement behind one page; exported for the test that looks at its plan. */
export function pageStatement(request: PageRequest, rank: number, isDescending: boolean) {
  const { sort, filter, position, limit } = request;
  const given = parameters();
  const { keys, ranks } = ORDERS[sort];
  const conditions = conditionsOf(filter, given);
  const ofRank = ranks[rank];
  if (ofRank) conditions.push(ofRank);

  const direction = isDescending ? 'DESC' : 'ASC';
  const ordered = (columns: readonly string[]) =>
    columns.map((column) => `${column} ${direction}`).join(', ');
  const beyond = (columns: readonly string[]) => {
    if (!position) return '';
    const values = [
      ...position.keys.map((key) => `${given.add(key)}::text`),
      `${given.add(position.id)}::uuid`,
      `${given.add(position.tenantId)}::uuid`,
    ];
    return `(${columns.join(', ')}) ${isDescending ? '<' : '>'} (${values.join(', ')})`;
  };
  const keyNames = keys.map((_, index) => `key${index} COLLATE "C"`);
  const namedKeys = keys.map((key, index) => `${key} AS key${index}`).join(', ');
  const keyList = `ARRAY[${keys.map((_, index) => `key${index}`).join(', ')}] AS keys`;

  // In each tenant the order is that of an index, so a page of each and then the first of all of them suffice.
  const walk = () => `
    SELECT page.*, ${keyList} FROM tenant t CROSS JOIN LATERAL (
      SELECT ${COLUMNS}, ${namedKeys} FROM directory_user u
      WHERE ${['u.tenant_id = t.id', ...conditions, beyond([...keys, 'u.id', 'u.tenant_id'])].filter(Boolean).join(' AND ')}
      ORDER BY ${ordered([...keys, 'u.id'])} LIMIT ${limit}
    ) AS page
    WHERE ${tenantCondition(request.scope, given)}
    ORDER BY ${ordered([...keyNames, 'page.id', 'page.tenant_id'])} LIMIT ${limit}`;

  // Materialized, or the planner may walk along the order all the same in the hope to meet the few matches soon.
  const gather = () => `
    WITH matches AS MATERIALIZED (
      SELECT u.tenant_id, u.id, ${namedKeys} FROM directory_user u
      WHERE u.tenant_id = ANY (${tenantIds(request.scope, given)}) AND ${conditions.join(' AND ')}
    ), page AS (
      SELECT * FROM matches ${position ? `WHERE ${beyond([...keyNames, 'id', 'tenant_id'])}` : ''}
      ORDER BY ${ordered([...keyNames, 'id', 'tenant_id'])} LIMIT ${limit}
    )
    SELECT ${COLUMNS}, ${keyList} FROM page JOIN directory_user u USING (tenant_id, id)
    ORDER BY ${ordered([...keyNames, 'page.id', 'page.tenant_id'])}`;

  return { text: isWalkShorter(request) ? walk() : gather(), values: given.values };
}

const toUserRow = (row: Row): UserRow => ({
  tenantId: TenantId.parse(row.tenant_id),
  id: row.id,
  displayName: row.display_name,
  userPrincipalName: row.user_principal_name,
  mail: row.mail,
  jobTitle: row.job_title,
  department: row.department,
  companyName: row.company_name,
  country: row.country,
  userType: row.user_type,
  accountEnabled: row.account_enabled,
  skuIds: row.sku_ids,
});
