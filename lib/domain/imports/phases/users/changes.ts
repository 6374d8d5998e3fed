import type pg from 'pg';
import type { Lease } from '../../lease.ts';
import type { UserChanges } from '../../model.ts';

/** When a row is written: after its last write, whatever the clocks say, so that a user's changes have an order. */
export const MOMENT = `interval '1 millisecond'`;

/** The users to be written as they were kept until now. Read by the primary key, see FIND_UNCHANGED. */
export const oldUsers = (ids: string): string => `
old AS MATERIALIZED (
  SELECT kept.* FROM fence, unnest(${ids}) AS candidate(id), LATERAL (
    SELECT * FROM directory_user
    WHERE (tenant_id, id) >= ($1::uuid, candidate.id) ORDER BY tenant_id, id LIMIT 1
  ) AS kept
  WHERE kept.tenant_id = $1 AND kept.id = candidate.id
),`;

/** What is kept of a user's former row. */
export const formerRow = (row: string): string => `to_jsonb(${row}) - '{tenant_id,id,content_hash}'::text[]`;

/** The SKUs of the first array that the second one does not have. */
const without = (these: string, those: string): string =>
  `ARRAY(SELECT unnest(${these}) EXCEPT SELECT unnest(${those}) ORDER BY 1)`;

const HELD_UNTIL_NOW = `CASE WHEN old.deleted_at IS NULL THEN coalesce(old.sku_ids, '{}') ELSE '{}' END`;

/** What differs between two rows of a user without the user being another one. */
const OUR_OWN = `'{imported_at,deleted_at,content_hash}'::text[]`;

/** Of a user whose row differs only in the columns that `reselected` names, the directory has changed nothing. */
export const changesOfWritten = (reselected: string): string => `
changes AS (
  INSERT INTO directory_user_change (tenant_id, id, changed_at, run_id, kind, before, skus_added, skus_removed)
  SELECT $1::uuid, written.id, written.imported_at, $2::uuid,
         (CASE WHEN old.id IS NULL THEN 'added' WHEN old.deleted_at IS NOT NULL THEN 'restored' ELSE 'changed' END)::user_change_kind,
         CASE WHEN old.id IS NOT NULL THEN ${formerRow('old')} END,
         ${without('written.sku_ids', HELD_UNTIL_NOW)}, ${without(HELD_UNTIL_NOW, 'written.sku_ids')}
  FROM written LEFT JOIN old ON old.id = written.id
  WHERE cardinality(${reselected}) = 0 OR old.id IS NULL OR old.deleted_at IS NOT NULL
    OR to_jsonb(old) - ${OUR_OWN} - ${reselected} <> to_jsonb(written) - ${OUR_OWN} - ${reselected}
  ON CONFLICT DO NOTHING
),`;

/**
 * Whether the run keeps what it changes: not before a read of the tenant's users was complete, since until then every
 * user is new to us and not to the directory.
 */
export async function leavesChanges(
  connection: Pick<pg.Pool, 'query'> | pg.PoolClient,
  { tenantId, runId }: Lease,
): Promise<boolean> {
  const { rows } = await connection.query<{ leaves: boolean }>(
    `SELECT EXISTS (
       SELECT 1 FROM import_run
       WHERE tenant_id = $1 AND id <> $2 AND phases @> '[{"phase": "users", "state": "completed"}]') AS leaves`,
    [tenantId, runId],
  );
  return rows[0]?.leaves === true;
}

const COUNT_CHANGES = `
SELECT count(*) FILTER (WHERE kind = 'added')::int AS added, count(*) FILTER (WHERE kind = 'changed')::int AS changed,
       count(*) FILTER (WHERE kind = 'removed')::int AS removed, count(*) FILTER (WHERE kind = 'restored')::int AS restored,
       coalesce(sum(cardinality(skus_added)), 0)::int AS "licencesAdded",
       coalesce(sum(cardinality(skus_removed)), 0)::int AS "licencesRemoved"
FROM directory_user_change WHERE tenant_id = $1 AND run_id = $2`;

/** What the run has changed so far, also before a crash. */
export async function countChanges(
  client: pg.PoolClient,
  { tenantId, runId }: Lease,
): Promise<UserChanges | undefined> {
  const { rows } = await client.query<UserChanges>(COUNT_CHANGES, [tenantId, runId]);
  return rows[0];
}
