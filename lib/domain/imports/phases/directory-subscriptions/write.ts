import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';
import type { DirectorySubscriptionRow } from './map.ts';

const TYPES = {
  id: 'text',
  commerce_subscription_id: 'text',
  sku_id: 'uuid',
  sku_part_number: 'text',
  status: 'text',
  total_licenses: 'int',
  is_trial: 'boolean',
  owner_tenant_id: 'uuid',
  created_date_time: 'timestamptz',
  next_lifecycle_date_time: 'timestamptz',
} as const satisfies Readonly<Record<keyof DirectorySubscriptionRow, string>>;

const names = Object.keys(TYPES);
const values = names.filter((name) => name !== 'id');
const columnsOf = (table: string) => values.map((name) => `${table}.${name}`).join(', ');

const WRITE = `
WITH new AS (
  SELECT * FROM json_to_recordset($2::json) AS row(${Object.entries(TYPES)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')})
),
gone AS (
  DELETE FROM directory_subscription WHERE tenant_id = $1 AND id NOT IN (SELECT id FROM new)
  RETURNING 1
),
written AS (
  INSERT INTO directory_subscription AS kept (tenant_id, imported_at, ${names.join(', ')})
  SELECT $1::uuid, $3::timestamptz, ${names.join(', ')} FROM new
  ON CONFLICT (tenant_id, id) DO UPDATE
  SET imported_at = excluded.imported_at, ${values.map((name) => `${name} = excluded.${name}`).join(', ')}
  WHERE (${columnsOf('kept')}) IS DISTINCT FROM (${columnsOf('excluded')})
  RETURNING 1
)
SELECT (SELECT count(*)::int FROM written) AS written, (SELECT count(*)::int FROM gone) AS retired`;

/**
 * Makes a complete list of purchases the one that is kept: writes those that are new or differ, deletes those that
 * vanished, and touches no other. Runs in the transaction that holds the lease.
 */
export async function writeDirectorySubscriptions(
  client: pg.PoolClient,
  tenantId: TenantId,
  subscriptions: readonly DirectorySubscriptionRow[],
  importedAt: Date,
): Promise<{ written: number; retired: number }> {
  const { rows } = await client.query<{ written: number; retired: number }>(WRITE, [
    tenantId,
    JSON.stringify(subscriptions),
    importedAt,
  ]);
  return rows[0] ?? { written: 0, retired: 0 };
}
