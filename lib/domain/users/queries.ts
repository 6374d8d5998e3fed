import { deny, may } from '#lib/access/permissions.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { productNameById, productOf } from '#lib/domain/licensing/product-names/product-names.ts';
import { listSources, oldestRead, type Source } from '#lib/domain/licensing/sources.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type Facets, readFacets } from './facets.ts';
import { isFiltered, type MatchCount, type UserListQuery, type UserRow } from './model.ts';
import { COUNTED_MAX, findPage } from './page.ts';
import { type Scope, scopeOf } from './statement.ts';

export const USERS_PER_PAGE = 50;

/** A SKU to filter by, or one that a user of the page holds. */
export type SkuName = { readonly skuId: string; readonly name: string; readonly isKnown: boolean };

/** A page of the user list, with what there is to choose from. */
export type UserPage = {
  /** All connected directories, to choose from. */
  readonly sources: readonly Source[];
  /** The ones whose users are listed: the chosen one, or all. */
  readonly selected: readonly Source[];
  readonly users: readonly UserRow[];
  /** How many match the filter, and how many there are without one. */
  readonly matches: MatchCount;
  readonly total: number;
  /** Cursors of the neighbouring pages, where there are any. */
  readonly previous: string | undefined;
  readonly next: string | undefined;
  readonly departments: Facets['departments'];
  readonly countries: Facets['countries'];
  /** The SKUs of the selected directories by name, and after them those that only users of this page hold. */
  readonly skus: readonly SkuName[];
  /** How old the oldest of the data is; null while no directory was read to the end. */
  readonly readAt: Date | null;
  /** Whether the actor may connect a tenant. */
  readonly mayConnect: boolean;
};

/**
 * Lists users who are in a connected directory, a page at a time. A cursor that is not of this order, or beyond the
 * end, begins at the first page. Problems: forbidden; not-found for a tenant that is not the organization's.
 */
export async function listUsers(ctx: Ctx, query: UserListQuery): Promise<Result<UserPage>> {
  const denied = deny(ctx.actor, 'users.read');
  if (denied) return denied;
  const sources = await listSources(ctx);
  const selected = sources.filter(({ tenantId }) => !query.tenant || tenantId === query.tenant);
  if (query.tenant && selected.length === 0) return fail({ code: 'not-found', entity: 'tenant' });

  const scope = scopeOf(ctx, query.tenant);
  const facets = await readFacets(ctx, selected);
  const { matches, ...neighbourhood } = await readNeighbourhood(ctx, query, scope, facets.total);
  return ok({
    sources,
    selected,
    ...neighbourhood,
    matches: isFiltered(query)
      ? { users: Math.min(matches, COUNTED_MAX), isExact: matches <= COUNTED_MAX }
      : { users: facets.total, isExact: true },
    total: facets.total,
    departments: facets.departments,
    countries: facets.countries,
    skus: await skuNames(ctx, scope, neighbourhood.users),
    readAt: oldestRead(selected.map(({ usersReadAt }) => usersReadAt)),
    mayConnect: may(ctx.actor, 'tenant.connect'),
  });
}

type Neighbourhood = Pick<UserPage, 'users' | 'previous' | 'next'> & { readonly matches: number };

async function readNeighbourhood(
  ctx: Ctx,
  query: UserListQuery,
  scope: Scope,
  total: number,
): Promise<Neighbourhood> {
  const { sort, order, after, before } = query;
  const cursor = after ?? before;
  const position = cursor === undefined ? undefined : decodeCursor(cursor, sort, order);
  const isBackwards = position !== undefined && after === undefined;
  // One more than is shown tells whether there are any beyond.
  const limit = USERS_PER_PAGE + 1;
  const request = { scope, filter: query, sort, order, position, isBackwards, limit };
  const { users, matches } = await findPage(ctx.database.pool, request, total);
  if (position && users.length === 0) {
    return readNeighbourhood(ctx, { ...query, after: undefined, before: undefined }, scope, total);
  }
  const hasMore = users.length > USERS_PER_PAGE;
  const shown = hasMore ? (isBackwards ? users.slice(1) : users.slice(0, -1)) : users;
  const cursorOf = (placed: (typeof shown)[number] | undefined) =>
    placed && encodeCursor(sort, order, placed.position);
  return {
    users: shown.map(({ user }) => user),
    matches,
    previous: (isBackwards ? hasMore : position !== undefined) ? cursorOf(shown[0]) : undefined,
    next: isBackwards || hasMore ? cursorOf(shown.at(-1)) : undefined,
  };
}

// Made once: localeCompare() makes one for each comparison.
const byName = new Intl.Collator('en').compare;

/** A directory has some hundred SKUs at most. */
const SKUS_MAX = 5_000;

/** The names of SKUs, for the filter and for what the users hold. */
async function skuNames(ctx: Ctx, scope: Scope, users: readonly UserRow[]): Promise<SkuName[]> {
  const { rows } = await ctx.database.pool.query<{ readonly skuId: string; readonly skuPartNumber: string }>(
    `SELECT DISTINCT ON (s.sku_id) s.sku_id AS "skuId", s.sku_part_number AS "skuPartNumber"
     FROM tenant t JOIN subscribed_sku s ON s.tenant_id = t.id
     WHERE t.organization_id = $1 AND t.removed_at IS NULL AND t.kind = 'office365' AND ($2::uuid IS NULL OR t.id = $2)
     ORDER BY s.sku_id, s.tenant_id LIMIT ${SKUS_MAX}`,
    [scope.organizationId, scope.tenantId ?? null],
  );
  const names = new Map<string, SkuName>(
    rows
      .map(({ skuId, skuPartNumber }) => ({ skuId, ...productOf(skuId, skuPartNumber) }))
      .sort((a, b) => byName(a.name, b.name))
      .map((sku) => [sku.skuId, sku]),
  );
  for (const skuId of users.flatMap(({ skuIds }) => skuIds)) {
    if (!names.has(skuId)) names.set(skuId, nameOfGone(skuId));
  }
  return [...names.values()];
}

/** A SKU that users still hold although the directory no longer lists it. */
function nameOfGone(skuId: string): SkuName {
  const name = productNameById(skuId);
  return { skuId, name: name ?? skuId, isKnown: name !== undefined };
}
