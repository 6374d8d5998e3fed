import type pg from 'pg';
import { FENCE, type Lease, LeaseLost, leaseKeys } from '../../lease.ts';
import type { KeptMembers } from './complete.ts';
import { StoredAssignments } from './stored-users.ts';

/** The range of a run's pages that holds who was told to be there by a delta query; the ranges of a read are from 0 on. */
export const REPLAY_RANGE = -1;

/** By the primary key alone, as FIND_UNCHANGED. */
const READ_KEPT = `
SELECT kept.id, kept.manager_id, kept.sku_ids::text[] AS sku_ids, kept.license_assignments
FROM unnest($2::uuid[]) AS changed(id), LATERAL (
  SELECT tenant_id, id, manager_id, sku_ids, license_assignments, deleted_at FROM directory_user
  WHERE (tenant_id, id) >= ($1::uuid, changed.id) ORDER BY tenant_id, id LIMIT 1
) AS kept
WHERE kept.tenant_id = $1 AND kept.id = changed.id AND kept.deleted_at IS NULL`;

type KeptRow = { id: string; manager_id: string | null; sku_ids: string[]; license_assignments: unknown };

/** What is kept of these users, of those who are not retired. */
export async function readKept(
  pool: pg.Pool,
  { tenantId }: Lease,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KeptMembers>> {
  if (ids.length === 0) return new Map();
  const { rows } = await pool.query<KeptRow>(READ_KEPT, [tenantId, ids]);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        managerId: row.manager_id,
        skuIds: row.sku_ids,
        licenseAssignments: StoredAssignments.parse(row.license_assignments),
      },
    ]),
  );
}

/** Forgets who was told to be there after so many pages. Throws LeaseLost. */
export async function forgetReplayAfter(pool: pg.Pool, lease: Lease, pageNo: number): Promise<void> {
  const { rows } = await pool.query<{ held: number }>(
    `WITH ${FENCE},
     gone AS (DELETE FROM import_page USING fence WHERE tenant_id = $1 AND run_id = $2 AND range_no = $4 AND page_no > $5)
     SELECT count(*)::int AS held FROM fence`,
    [...leaseKeys(lease), REPLAY_RANGE, pageNo],
  );
  if (!rows[0]?.held) throw new LeaseLost();
}

/** Takes users who are gone off all pages of the run, as if they had not been read. Throws LeaseLost. */
export async function forgetRemoved(pool: pg.Pool, lease: Lease, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { rows } = await pool.query<{ held: number }>(
    `WITH ${FENCE},
     gone AS (
       UPDATE import_page SET user_ids = ARRAY(SELECT unnest(user_ids) EXCEPT SELECT unnest($4::uuid[]))
       FROM fence WHERE tenant_id = $1 AND run_id = $2 AND user_ids && $4::uuid[])
     SELECT count(*)::int AS held FROM fence`,
    [...leaseKeys(lease), ids],
  );
  if (!rows[0]?.held) throw new LeaseLost();
}
