import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';
import type { AzureSubscriptionRow } from './map.ts';

/**
 * Subscriptions of a tenant that this portal's organization added. What our service principal sees beyond them was
 * added by somebody else, and is not this organization's to know.
 */
const UPDATE_SEEN = `
UPDATE azure_subscription kept
SET display_name = seen.display_name, state = seen.state, quota_id = coalesce(seen.quota_id, kept.quota_id),
    last_seen_at = $3
FROM json_to_recordset($2::json) AS seen(subscription_id uuid, display_name text, state text, quota_id text)
WHERE kept.tenant_id = $1 AND kept.subscription_id = seen.subscription_id AND kept.status = 'added'`;

export type SeenSubscriptions = { readonly added: number; readonly seen: number };

/**
 * Renews name and state of the added subscriptions that our service principal sees; one that vanished keeps its row
 * and the date when it was last seen. Runs in the transaction that holds the lease.
 */
export async function writeAzureSubscriptions(
  client: pg.PoolClient,
  tenantId: TenantId,
  subscriptions: readonly AzureSubscriptionRow[],
  seenAt: Date,
): Promise<SeenSubscriptions> {
  const { rowCount } = await client.query(UPDATE_SEEN, [tenantId, JSON.stringify(subscriptions), seenAt]);
  const { rows } = await client.query<{ added: number }>(
    `SELECT count(*)::int AS added FROM azure_subscription WHERE tenant_id = $1 AND status = 'added'`,
    [tenantId],
  );
  return { added: rows[0]?.added ?? 0, seen: rowCount ?? 0 };
}

/** Ids of the subscriptions that were added after the instant. */
export async function subscriptionsAddedSince(
  pool: pg.Pool,
  tenantId: TenantId,
  since: Date,
): Promise<string[]> {
  const { rows } = await pool.query<{ subscription_id: string }>(
    `SELECT subscription_id FROM azure_subscription WHERE tenant_id = $1 AND status = 'added' AND added_at > $2`,
    [tenantId, since],
  );
  return rows.map((row) => row.subscription_id);
}
