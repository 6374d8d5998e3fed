import type { TenantId } from '#lib/core/ids.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { ALL_USERS } from '#lib/domain/imports/phases/users/figures.ts';
import type { Source } from '#lib/domain/licensing/sources.ts';
import { type Choice, NONE } from './model.ts';

/** How many users a directory has, and how they are spread over what the list can be filtered by. */
export type Facets = {
  readonly total: number;
  readonly departments: readonly Choice[];
  readonly countries: readonly Choice[];
};

/** The most frequent values are offered to choose from; a filter by any other works by its address. */
const CHOICES_MAX = 300;

type Row = {
  readonly facet: 'all' | 'department' | 'country';
  /** The spelling used most. */
  readonly value: string | null;
  /** What all spellings have in common; null for blank and missing values. */
  readonly key: string | null;
  readonly users: number;
};

/*
 * From the figures that imports keep; before there are any, such as during the first import, the users are counted: one
 * pass over the tenant for all three. The values are merged by key only afterwards.
 */
const STATEMENT = `
  WITH figured AS MATERIALIZED (
    SELECT FROM licence_figure
    WHERE tenant_id = $1 AND dimension = 'all' AND value = '' AND sku_id = '${ALL_USERS}' AND to_day IS NULL
  ), counted AS MATERIALIZED (
    SELECT grouping(department, country) AS kind, department, country, count(*)::int AS users
    FROM directory_user WHERE tenant_id = $1 AND deleted_at IS NULL AND NOT EXISTS (SELECT FROM figured)
    GROUP BY GROUPING SETS ((), (department), (country))
    UNION ALL
    SELECT CASE dimension WHEN 'department' THEN 1 WHEN 'country' THEN 2 ELSE 3 END,
           CASE dimension WHEN 'department' THEN value END, CASE dimension WHEN 'country' THEN value END, users
    FROM licence_figure
    WHERE tenant_id = $1 AND sku_id = '${ALL_USERS}' AND to_day IS NULL
      AND dimension IN ('all', 'department', 'country') AND EXISTS (SELECT FROM figured)
  ), keyed AS (
    SELECT 'department' AS facet, department AS value, sort_key(department) AS key, users FROM counted WHERE kind = 1
    UNION ALL
    SELECT 'country', country, sort_key(country), users FROM counted WHERE kind = 2
  ), merged AS (
    SELECT facet, (array_agg(value ORDER BY users DESC, btrim(value) COLLATE "C"))[1] AS value, key, sum(users)::int AS users,
      row_number() OVER (PARTITION BY facet ORDER BY sum(users) DESC, key) AS place
    FROM keyed GROUP BY facet, key
  )
  SELECT 'all' AS facet, NULL AS value, NULL AS key, sum(users)::int AS users FROM counted WHERE kind = 3
  UNION ALL
  SELECT facet, value, nullif(key, sort_key(NULL)), users FROM merged WHERE place <= ${CHOICES_MAX}`;

/** The facets of several tenants together. The caller has taken the sources from the actor's organization. */
export async function readFacets(ctx: Ctx, sources: readonly Source[]): Promise<Facets> {
  const tenants: Rows[] = [];
  // One after the other: each is a pass over a directory, and the database has others to serve.
  for (const source of sources) tenants.push(await cachedRows(ctx, source));
  const rows = tenants.flat();
  return {
    total: rows.reduce((total, { facet, users }) => total + (facet === 'all' ? users : 0), 0),
    departments: choices(rows, 'department'),
    countries: choices(rows, 'country'),
  };
}

function choices(rows: readonly Row[], facet: Row['facet']): Choice[] {
  const groups = Map.groupBy(
    rows.filter((row) => row.facet === facet),
    ({ key }) => key,
  );
  return [...groups]
    .map(([key, spellings]) => {
      const value =
        key === null ? NONE : spellings.reduce((a, b) => (b.users > a.users ? b : a)).value?.trim();
      return { key, value: value || NONE, users: spellings.reduce((sum, { users }) => sum + users, 0) };
    })
    .sort((a, b) => b.users - a.users)
    .slice(0, CHOICES_MAX)
    .sort((a, b) => order(a.key, b.key))
    .map(({ value, users }) => ({ value, users }));
}

/** By key; those without a value come last. */
const order = (a: string | null, b: string | null): number =>
  a === b ? 0 : b === null || (a !== null && a < b) ? -1 : 1;

type Rows = readonly Row[];
type Entry = { readonly version: string; readonly readAt: number; readonly rows: Promise<Rows> };

/** While users come in, and before the first import, what was counted is used for this long. */
const UNSETTLED_MS = 5_000;
/** After that something other than an import may have changed the directory, such as a restored backup. */
const SETTLED_MS = 10 * 60_000;
const ENTRIES_MAX = 500;

const cache = new Map<TenantId, Entry>();

/** Counted once for each import, since nothing else changes a directory's users. */
function cachedRows(ctx: Ctx, { tenantId, lastRun }: Source): Promise<Rows> {
  const version = lastRun ? `${lastRun.runId}:${lastRun.status}` : 'none';
  const now = ctx.clock().getTime();
  const keptMs = lastRun && lastRun.status !== 'running' ? SETTLED_MS : UNSETTLED_MS;
  const known = cache.get(tenantId);
  if (known && known.version === version && now - known.readAt < keptMs) return known.rows;
  const rows = ctx.database.pool.query<Row>(STATEMENT, [tenantId]).then((result) => result.rows);
  rows.catch(() => cache.delete(tenantId));
  cache.delete(tenantId);
  cache.set(tenantId, { version, readAt: now, rows });
  const [oldest] = cache.keys();
  if (cache.size > ENTRIES_MAX && oldest) cache.delete(oldest);
  return rows;
}
