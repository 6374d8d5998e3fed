import { randomUUID } from 'node:crypto';
import type { Database } from '#lib/db/database.ts';
import type { ChangeReference } from './model.ts';

/** The right of one worker to work on a change. Kept by the database's clock; it ends by itself when the worker dies. */
export type ChangeLease = ChangeReference & {
  /** Distinct for each claim. */
  readonly holder: string;
};

/** The change is not ours any more: another worker, or a later plan, has taken over. */
export class ChangeLost extends Error {
  override readonly name = 'ChangeLost';
}

const LEASE_SECONDS = 20;
const RENEW_MS = 5_000;

const CLAIM = `
UPDATE access_change SET lease_holder = $3, lease_until = now() + make_interval(secs => $4), queued_at = NULL
WHERE tenant_id = $1 AND id = $2 AND (lease_holder IS NULL OR lease_until < now())`;

const RENEW = `
UPDATE access_change SET lease_until = now() + make_interval(secs => $4)
WHERE tenant_id = $1 AND id = $2 AND lease_holder = $3`;

const RELEASE = `
UPDATE access_change SET lease_holder = NULL, lease_until = NULL
WHERE tenant_id = $1 AND id = $2 AND lease_holder = $3`;

/** Works on a change that nobody else works on. False where somebody does. */
export async function withLease(
  { pool }: Pick<Database, 'pool'>,
  { tenantId, changeId }: ChangeReference,
  work: (lease: ChangeLease) => Promise<void>,
): Promise<boolean> {
  const lease = { tenantId, changeId, holder: randomUUID() };
  const keys = [tenantId, changeId, lease.holder];
  const { rowCount } = await pool.query(CLAIM, [...keys, LEASE_SECONDS]);
  if (rowCount !== 1) return false;
  // A renewal that fails is followed by the next; when none gets through, the lease ends as it should.
  const renewal = setInterval(
    () => pool.query(RENEW, [...keys, LEASE_SECONDS]).catch(() => undefined),
    RENEW_MS,
  );
  try {
    await work(lease);
    return true;
  } catch (error) {
    if (error instanceof ChangeLost) return false;
    throw error;
  } finally {
    clearInterval(renewal);
    await pool.query(RELEASE, keys);
  }
}
