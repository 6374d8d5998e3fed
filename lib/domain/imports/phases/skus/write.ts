import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';
import type { SkuRow } from './map.ts';

const UNITS = ['enabled_units', 'warning_units', 'suspended_units', 'locked_out_units', 'consumed_units'];
const units = UNITS.join(', ');
const COLUMNS = ['sku_part_number', 'capability_status', 'applies_to', ...UNITS, 'service_plans'];
const columns = COLUMNS.join(', ');

const list = (row: string, names: readonly string[]): string =>
  names.map((name) => `${row}.${name}`).join(', ');
const set = (names: readonly string[]): string =>
  names.map((name) => `${name} = excluded.${name}`).join(', ');

const WRITE_SKUS = `
WITH new AS (
  SELECT * FROM json_to_recordset($2::json) AS sku(
    sku_id uuid, sku_part_number text, capability_status text, applies_to text, enabled_units int, warning_units int,
    suspended_units int, locked_out_units int, consumed_units int, service_plans jsonb)
),
gone AS (
  DELETE FROM subscribed_sku WHERE tenant_id = $1 AND sku_id NOT IN (SELECT sku_id FROM new)
  RETURNING sku_id
),
written AS (
  INSERT INTO subscribed_sku AS kept (tenant_id, sku_id, ${columns}, imported_at)
  SELECT $1::uuid, sku_id, ${columns}, $3::timestamptz FROM new
  ON CONFLICT (tenant_id, sku_id) DO UPDATE SET ${set(COLUMNS)}, imported_at = excluded.imported_at
  WHERE (${list('kept', COLUMNS)}) IS DISTINCT FROM (${list('excluded', COLUMNS)})
  RETURNING 1
),
figures AS (
  SELECT sku_id, ${units} FROM new UNION ALL SELECT sku_id, ${UNITS.map(() => 0).join(', ')} FROM gone
),
snapshots AS (
  INSERT INTO sku_snapshot (tenant_id, sku_id, day, ${units})
  SELECT $1::uuid, figures.sku_id, ($3::timestamptz AT TIME ZONE 'UTC')::date, ${list('figures', UNITS)}
  FROM figures LEFT JOIN LATERAL (
    SELECT * FROM sku_snapshot WHERE tenant_id = $1 AND sku_id = figures.sku_id ORDER BY day DESC LIMIT 1
  ) AS last ON true
  WHERE (${list('last', UNITS)}) IS DISTINCT FROM (${list('figures', UNITS)})
  ON CONFLICT (tenant_id, sku_id, day) DO UPDATE SET ${set(UNITS)}
)
SELECT (SELECT count(*)::int FROM gone) AS gone, (SELECT count(*)::int FROM written) AS written`;

/**
 * Replaces the SKUs of a tenant, and writes only those that differ. Where its figures differ, a SKU has a row of the day
 * (UTC), which holds until the next one; the last row of a SKU that vanished has zeros. Returns how many vanished, and
 * how many were written. Runs in the transaction that holds the lease.
 */
export async function writeSkus(
  client: pg.PoolClient,
  tenantId: TenantId,
  skus: readonly SkuRow[],
  importedAt: Date,
): Promise<{ readonly written: number; readonly retired: number }> {
  const { rows } = await client.query<{ gone: number; written: number }>(WRITE_SKUS, [
    tenantId,
    JSON.stringify(skus),
    importedAt,
  ]);
  return { written: rows[0]?.written ?? 0, retired: rows[0]?.gone ?? 0 };
}
