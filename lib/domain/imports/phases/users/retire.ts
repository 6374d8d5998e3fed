import type pg from 'pg';
import { FENCE, type Lease, LeaseLost, leaseKeys } from '../../lease.ts';
import { formerRow, MOMENT } from './changes.ts';

/** Marks users deleted, and keeps what they were until now, unless the run is not ours. */
const retire = (which: string): string => `
WITH ${FENCE},
retired AS (
  UPDATE directory_user kept SET deleted_at = greatest($4::timestamptz, kept.imported_at + ${MOMENT})
  FROM fence
  WHERE kept.tenant_id = $1::uuid AND kept.deleted_at IS NULL AND kept.id ${which}
  RETURNING kept.id, kept.sku_ids, kept.deleted_at, ${formerRow('kept')} AS former
),
changes AS (
  INSERT INTO directory_user_change (tenant_id, id, changed_at, run_id, kind, before, skus_removed)
  SELECT $1::uuid, id, deleted_at, $2::uuid, 'removed', former || '{"deleted_at": null}', sku_ids FROM retired
  ON CONFLICT DO NOTHING
)
SELECT (SELECT count(*)::int FROM fence) AS held, (SELECT count(*)::int FROM retired) AS retired`;

/**
 * NOT IN makes one hash table of all ids. For NOT EXISTS, PostgreSQL, which takes an array to have ten members, chooses
 * to walk through all pages for each user.
 */
const RETIRE_UNREAD = retire(`NOT IN (
  SELECT read.id FROM import_page page, unnest(page.user_ids) AS read(id)
  WHERE page.tenant_id = $1 AND page.run_id = $2)`);

const RETIRE_NAMED = retire('= ANY($5::uuid[])');

type Outcome = { held: number; retired: number };

/**
 * Marks the users deleted that are on none of the run's pages; right only after a complete read. Returns how many.
 * Throws LeaseLost.
 */
export async function retireUnreadUsers(client: pg.PoolClient, lease: Lease, now: Date): Promise<number> {
  const { rows } = await client.query<Outcome>(RETIRE_UNREAD, [...leaseKeys(lease), now]);
  return retiredOf(rows[0]);
}

/**
 * Marks the users deleted that Microsoft names as removed; those that are deleted already, or were never known, are
 * passed over. Returns how many it marked. Throws LeaseLost.
 */
export async function retireUsers(
  connection: Pick<pg.Pool, 'query'> | pg.PoolClient,
  lease: Lease,
  ids: readonly string[],
  now: Date,
): Promise<number> {
  const { rows } = await connection.query<Outcome>(RETIRE_NAMED, [...leaseKeys(lease), now, ids]);
  return retiredOf(rows[0]);
}

function retiredOf(outcome: Outcome | undefined): number {
  if (!outcome?.held) throw new LeaseLost();
  return outcome.retired;
}
