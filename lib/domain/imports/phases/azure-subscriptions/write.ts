import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';
import type { Absent } from './absent.ts';
import type { AzureSubscriptionRow } from './map.ts';

/**
 * Subscriptions of a tenant that this portal's organization added. What our service principal sees beyond them was
 * added by somebody else, and is not this organization's to know.
 */
const UPDATE_SEEN = `
UPDATE azure_subscription kept
SET display_name = seen.display_name, state = seen.state, quota_id = coalesce(seen.quota_id, kept.quota_id),
    last_seen_at = $3, missing_since = NULL, gone_since = NULL
FROM json_to_recordset($2::json) AS seen(subscription_id uuid, display_name text, state text, quota_id text)
WHERE kept.tenant_id = $1 AND kept.subscription_id = seen.subscription_id AND kept.status = 'added'
  AND ((kept.display_name, kept.state) IS DISTINCT FROM (seen.display_name, seen.state)
    OR kept.quota_id IS DISTINCT FROM coalesce(seen.quota_id, kept.quota_id)
    OR kept.last_seen_at IS NULL OR kept.missing_since IS NOT NULL OR kept.gone_since IS NOT NULL)`;

const COUNT_SEEN = `
SELECT count(*)::int AS seen FROM azure_subscription
WHERE tenant_id = $1 AND subscription_id = ANY($2::uuid[]) AND status = 'added'`;

/** The first run that is told so remembers when; the second one makes it the date since which it is gone. */
const UPDATE_MISSING = `
UPDATE azure_subscription
SET gone_since = CASE WHEN missing_since IS NULL THEN NULL ELSE coalesce(gone_since, missing_since) END,
    missing_since = coalesce(missing_since, $3)
WHERE tenant_id = $1 AND subscription_id = ANY($2::uuid[]) AND status = 'added'
RETURNING gone_since IS NOT NULL AS is_gone`;

const UPDATE_PRESENT = `
UPDATE azure_subscription SET missing_since = NULL
WHERE tenant_id = $1 AND subscription_id = ANY($2::uuid[]) AND status = 'added' AND missing_since IS NOT NULL`;

export type ReadSubscriptions = {
  readonly tenantId: TenantId;
  /** The complete list. */
  readonly seen: readonly AzureSubscriptionRow[];
  readonly absent: Absent;
  readonly at: Date;
};

export type SeenSubscriptions = {
  /** Added ones that are not gone. */
  readonly added: number;
  readonly seen: number;
  /** Of the seen ones: those of which something is new. */
  readonly written: number;
  /** Of the added ones: those of which Azure said for the first time that they do not exist. */
  readonly missing: number;
  /** Those that are gone since this read. */
  readonly gone: number;
};

/**
 * Renews name and state of the added subscriptions that our service principal sees, where they differ; one that
 * vanished keeps its row. Runs in the transaction that holds the lease.
 */
export async function writeAzureSubscriptions(
  client: pg.PoolClient,
  { tenantId, seen, absent, at }: ReadSubscriptions,
): Promise<SeenSubscriptions> {
  const updated = await client.query(UPDATE_SEEN, [tenantId, JSON.stringify(seen), at]);
  await client.query(UPDATE_PRESENT, [tenantId, absent.present]);
  const missed = await client.query<{ is_gone: boolean }>(UPDATE_MISSING, [tenantId, absent.missing, at]);
  const gone = missed.rows.filter((row) => row.is_gone).length;
  const present = await presentSubscriptions(client, tenantId);
  const { rows } = await client.query<{ seen: number }>(COUNT_SEEN, [
    tenantId,
    seen.map((row) => row.subscription_id),
  ]);
  return {
    added: present.length,
    seen: rows[0]?.seen ?? 0,
    written: updated.rowCount ?? 0,
    missing: missed.rows.length - gone,
    gone,
  };
}

/** Ids of the added subscriptions that are not gone. */
export async function presentSubscriptions(
  connection: Pick<pg.Pool, 'query'> | pg.PoolClient,
  tenantId: TenantId,
): Promise<string[]> {
  const { rows } = await connection.query<{ subscription_id: string }>(
    `SELECT subscription_id FROM azure_subscription
     WHERE tenant_id = $1 AND status = 'added' AND gone_since IS NULL`,
    [tenantId],
  );
  return rows.map((row) => row.subscription_id);
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
