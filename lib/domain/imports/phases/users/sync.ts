import type pg from 'pg';
import type { Lease } from '../../lease.ts';

/** Reads in ranges that did not match, one after the other, before a directory is read in one sequence for a while. */
const MISMATCHES_MAX = 2;
const SEQUENTIAL_DAYS = 30;

/** Whether reads in ranges have failed so often that they are not tried for now. */
export async function isReadInSequence(pool: pg.Pool, { tenantId }: Lease, now: Date): Promise<boolean> {
  const { rows } = await pool.query<{ is_sequential: boolean }>(
    'SELECT sequential_until > $2 AS is_sequential FROM directory_sync WHERE tenant_id = $1',
    [tenantId, now],
  );
  return rows[0]?.is_sequential === true;
}

export type FullReadNote = {
  readonly now: Date;
  readonly isDivided: boolean;
  readonly isGreen: boolean;
  readonly leftOut: number;
};

/** Notes what a full read came to. One that is not green leaves no delta link, so that another full read follows. */
export async function noteFullRead(
  client: pg.PoolClient,
  { tenantId }: Lease,
  note: FullReadNote,
): Promise<void> {
  const { now, isDivided, isGreen, leftOut } = note;
  await client.query('INSERT INTO directory_sync (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING', [tenantId]);
  if (isGreen) {
    await client.query(
      `UPDATE directory_sync
       SET full_read_at = $2, left_out = $3, mismatches = CASE WHEN $4::boolean THEN 0 ELSE mismatches END
       WHERE tenant_id = $1`,
      [tenantId, now, leftOut, isDivided],
    );
    return;
  }
  await client.query(
    'UPDATE directory_sync SET users_delta_link = NULL, users_delta_at = NULL WHERE tenant_id = $1',
    [tenantId],
  );
  if (!isDivided) return;
  await client.query(
    `UPDATE directory_sync
     SET mismatches = CASE WHEN mismatches + 1 >= $3 THEN 0 ELSE mismatches + 1 END,
         sequential_until = CASE WHEN mismatches + 1 >= $3 THEN $2::timestamptz + make_interval(days => $4)
                            ELSE sequential_until END
     WHERE tenant_id = $1`,
    [tenantId, now, MISMATCHES_MAX, SEQUENTIAL_DAYS],
  );
}
