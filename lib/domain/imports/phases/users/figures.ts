import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';

/** In place of a SKU: the users themselves, and those who have any licence. */
export const ALL_USERS = '00000000-0000-0000-0000-000000000000';
export const LICENSED_USERS = '00000000-0000-0000-0000-000000000001';

/** By what users are counted; `all` is the directory as a whole. */
export const DIMENSIONS = ['all', 'department', 'country', 'company'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Longer values share a figure with those that begin alike: they are in a key. Microsoft allows 128 characters. */
const VALUE_MAX = 200;
const text = (column: string): string => `left(coalesce(${column}, ''), ${VALUE_MAX})`;

/**
 * Counts first by what users have in common, so that the licences of each such group are taken apart once and not for
 * each user; then once more by dimension. A statement of its own: PostgreSQL divides among its processes what only reads.
 */
const COUNT = `
WITH alike AS MATERIALIZED (
  SELECT ${text('department')} AS department, ${text('country')} AS country, ${text('company_name')} AS company,
         sku_ids, count(*)::int AS users
  FROM directory_user WHERE tenant_id = $1 AND deleted_at IS NULL
  GROUP BY 1, 2, 3, 4
), holding AS (
  SELECT department, country, company, unnest(
           sku_ids || '${ALL_USERS}'::uuid || CASE WHEN cardinality(sku_ids) > 0 THEN ARRAY['${LICENSED_USERS}'::uuid] END
         ) AS sku_id, users
  FROM alike
), counted AS (
  SELECT grouping(department, country, company) AS kind, department, country, company, sku_id, sum(users)::int AS users
  FROM holding
  GROUP BY GROUPING SETS ((sku_id), (sku_id, department), (sku_id, country), (sku_id, company))
), figures AS (
  SELECT CASE kind WHEN 7 THEN 'all' WHEN 3 THEN 'department' WHEN 5 THEN 'country' ELSE 'company' END AS dimension,
         CASE kind WHEN 7 THEN '' WHEN 3 THEN department WHEN 5 THEN country ELSE company END AS value, sku_id, users
  FROM counted
)
SELECT coalesce(array_agg(dimension), '{}') AS dimensions, coalesce(array_agg(value), '{}') AS values,
       coalesce(array_agg(sku_id)::text[], '{}') AS "skuIds", coalesce(array_agg(users), '{}') AS users
FROM figures`;

const KEEP = `
WITH new AS (
  SELECT * FROM unnest($3::text[], $4::text[], $5::uuid[], $6::int[]) AS figure(dimension, value, sku_id, users)
), kept AS (
  SELECT dimension, value, sku_id, from_day, users FROM licence_figure WHERE tenant_id = $1 AND to_day IS NULL
), other AS MATERIALIZED (
  SELECT dimension, value, sku_id, kept.from_day, coalesce(new.users, 0) AS users
  FROM kept FULL JOIN new USING (dimension, value, sku_id)
  WHERE kept.users IS DISTINCT FROM new.users
), today AS (
  SELECT ($2::timestamptz AT TIME ZONE 'UTC')::date AS day
), closed AS (
  UPDATE licence_figure figure SET to_day = today.day FROM other, today
  WHERE figure.tenant_id = $1 AND (figure.dimension, figure.value, figure.sku_id, figure.from_day)
      = (other.dimension, other.value, other.sku_id, other.from_day) AND other.from_day < today.day
), gone AS (
  DELETE FROM licence_figure figure USING other, today
  WHERE figure.tenant_id = $1 AND (figure.dimension, figure.value, figure.sku_id, figure.from_day)
      = (other.dimension, other.value, other.sku_id, other.from_day) AND other.from_day >= today.day AND other.users = 0
)
INSERT INTO licence_figure (tenant_id, dimension, value, sku_id, from_day, users)
SELECT $1::uuid, dimension, value, sku_id, greatest(today.day, other.from_day), users FROM other, today WHERE users > 0
ON CONFLICT (tenant_id, dimension, value, sku_id, from_day) DO UPDATE SET users = excluded.users, to_day = NULL`;

type Figures = {
  readonly dimensions: readonly string[];
  readonly values: readonly string[];
  readonly skuIds: readonly string[];
  readonly users: readonly number[];
};

/**
 * Counts how many users have each licence, in all and by department, country and company. A figure that differs holds
 * from this day (UTC) on, and the one before ends; of several on one day the last one stays. Others are not written.
 */
export async function rollUp(client: pg.PoolClient, tenantId: TenantId, now: Date): Promise<void> {
  const { rows } = await client.query<Figures>(COUNT, [tenantId]);
  const { dimensions, values, skuIds, users } = rows[0] ?? {
    dimensions: [],
    values: [],
    skuIds: [],
    users: [],
  };
  await client.query(KEEP, [tenantId, now, dimensions, values, skuIds, users]);
  await client.query(
    `UPDATE tenant SET figures_until = counted.until
     FROM (SELECT coalesce(max(changed_at), $2) AS until FROM directory_user_change WHERE tenant_id = $1) AS counted
     WHERE id = $1 AND figures_until IS DISTINCT FROM counted.until`,
    [tenantId, now],
  );
}
