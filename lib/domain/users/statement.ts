import type { Pool } from 'pg';
import type { OrganizationId, TenantId } from '#lib/core/ids.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { NONE, type UserFilter } from './model.ts';
import { searchCondition } from './search.ts';

/** The parameters of a statement: `add` takes a value and gives its place in the text. */
export type Parameters = { readonly values: unknown[]; readonly add: (value: unknown) => string };

export function parameters(): Parameters {
  const values: unknown[] = [];
  return { values, add: (value) => `$${values.push(value)}` };
}

/** Whose users: the organization's, of one tenant or of all. */
export type Scope = { readonly organizationId: OrganizationId; readonly tenantId?: TenantId };

export const scopeOf = (ctx: Ctx, tenantId?: TenantId): Scope => ({
  organizationId: ctx.actor.organizationId,
  tenantId,
});

/** The condition that a tenant (`t`) belongs to the scope; a removed one belongs to none. */
export function tenantCondition(scope: Scope, { add }: Parameters): string {
  const one = scope.tenantId ? ` AND t.id = ${add(scope.tenantId)}` : '';
  return `t.organization_id = ${add(scope.organizationId)} AND t.kind = 'office365' AND t.removed_at IS NULL${one}`;
}

/** The ids of the scope's tenants, read once in a statement, to compare `tenant_id` with. */
export const tenantIds = (scope: Scope, given: Parameters): string =>
  `ARRAY(SELECT t.id FROM tenant t WHERE ${tenantCondition(scope, given)})`;

/** The key by which a column of texts is ordered and compared, as the indexes have it. */
export const sortKey = (text: string): string => `sort_key(${text}) COLLATE "C"`;

/** What a user (`u`) must fulfil; always that they are still in the directory. */
export function conditionsOf(filter: UserFilter, { add }: Parameters): string[] {
  const conditions = ['u.deleted_at IS NULL'];
  if (filter.q) conditions.push(searchCondition(filter.q, add));
  if (filter.license === NONE) conditions.push("u.sku_ids = '{}'");
  else if (filter.license) conditions.push(`u.sku_ids @> ARRAY[${add(filter.license)}::uuid]`);
  for (const column of ['department', 'country'] as const) {
    const value = filter[column];
    // The key of a missing value is the key of NULL, so that blank ones are found as well.
    if (value)
      conditions.push(
        `${sortKey(`u.${column}`)} = ${sortKey(`${add(value === NONE ? null : value)}::text`)}`,
      );
  }
  if (filter.type) conditions.push(`u.user_type = ${add(filter.type)}`);
  if (filter.enabled)
    conditions.push(filter.enabled === 'yes' ? 'u.account_enabled' : 'NOT u.account_enabled');
  return conditions;
}

/** Counts the users who fulfil the filter, and one more condition if given; stops at `max`. */
export async function countUsers(
  pool: Pool,
  scope: Scope,
  filter: UserFilter,
  { max, condition }: { readonly max: number; readonly condition?: string },
): Promise<number> {
  const given = parameters();
  const tenants = tenantIds(scope, given);
  const conditions = [...conditionsOf(filter, given), ...(condition ? [condition] : [])];
  const { rows } = await pool.query<{ users: number }>(
    `SELECT count(*)::int AS users FROM (
       SELECT 1 FROM directory_user u
       WHERE u.tenant_id = ANY (${tenants}) AND ${conditions.join(' AND ')}
       LIMIT ${max}
     ) AS matches`,
    given.values,
  );
  return rows[0]?.users ?? 0;
}
