import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';
import type { SkuRow } from './map.ts';

const UNITS = 'enabled_units, warning_units, suspended_units, locked_out_units, consumed_units';

const WRITE_SKUS = `
WITH new AS (
  SELECT * FROM json_to_recordset($2::json) AS sku(
    sku_id uuid, sku_part_number text, capability_status text, applies_to text, enabled_units int, warning_units int,
    suspended_units int, locked_out_units int, consumed_units int, service_plans jsonb)
),
gone AS (
  DELETE FROM subscribed_sku WHERE tenant_id = $1 AND sku_id NOT IN (SELECT sku_id FROM new)
  RETURNING 1
),
written AS (
  INSERT INTO subscribed_sku (tenant_id, sku_id, sku_part_number, capability_status, applies_to, ${UNITS}, service_plans, imported_at)
  SELECT $1::uuid, sku_id, sku_part_number, capability_status, applies_to, ${UNITS}, service_plans, $3::timestamptz FROM new
  ON CONFLICT (tenant_id, sku_id) DO UPDATE
  SET sku_part_number = excluded.sku_part_number, capability_status = excluded.capability_status,
      applies_to = excluded.applies_to, enabled_units = excluded.enabled_units, warning_units = excluded.warning_units,
      suspended_units = excluded.suspended_units, locked_out_units = excluded.locked_out_units,
      consumed_units = excluded.consumed_units, service_plans = excluded.service_plans, imported_at = excluded.imported_at
),
snapshots AS (
  INSERT INTO sku_snapshot (tenant_id, sku_id, day, ${UNITS})
  SELECT $1::uuid, sku_id, ($3::timestamptz AT TIME ZONE 'UTC')::date, ${UNITS} FROM new
  ON CONFLICT (tenant_id, sku_id, day) DO UPDATE
  SET enabled_units = excluded.enabled_units, warning_units = excluded.warning_units,
      suspended_units = excluded.suspended_units, locked_out_units = excluded.locked_out_units,
      consumed_units = excluded.consumed_units
)
SELECT count(*)::int AS gone FROM gone`;

/**
 * Replaces the SKUs of a tenant and keeps their figures as those of the day (UTC); the figures of earlier days stay,
 * also those of SKUs that vanished. Returns how many vanished. Runs in the transaction that holds the lease.
 */
export async function writeSkus(
  client: pg.PoolClient,
  tenantId: TenantId,
  skus: readonly SkuRow[],
  importedAt: Date,
): Promise<number> {
  const { rows } = await client.query<{ gone: number }>(WRITE_SKUS, [
    tenantId,
    JSON.stringify(skus),
    importedAt,
  ]);
  return rows[0]?.gone ?? 0;
}
