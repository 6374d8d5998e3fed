import type pg from 'pg';
import type { Lease } from '../../lease.ts';
import type { UserChanges } from '../../model.ts';
import { countChanges, leavesChanges } from './changes.ts';
import { clearFields } from './clear-fields.ts';
import { erasePersons } from './erase-persons.ts';
import { rollUp } from './figures.ts';
import type { UserScope } from './scope.ts';

export type Settle = {
  readonly now: Date;
  readonly scope: UserScope;
  /** All users were read, so that from now on it is known what each looks like. */
  readonly isComplete: boolean;
};

/**
 * The last writes of the users' phase, once all rows are written and retired: erases what was to be erased meanwhile,
 * sums up what the run has changed, and renews the figures if it has changed anything. Goes into the transaction that
 * ends the phase, and what it returns into the phase's record.
 */
export async function settleUsers(
  client: pg.PoolClient,
  lease: Lease,
  { now, scope, isComplete }: Settle,
): Promise<{ changes?: UserChanges }> {
  const { tenantId } = lease;
  const hasErased = (await erasePersons(client, tenantId)) > 0;
  const isReselected = scope.reselected.length > 0;
  if (isReselected) await clearFields(client, tenantId, scope.switchedOff);
  const changes = (await leavesChanges(client, lease)) ? await countChanges(client, lease) : undefined;
  if (!changes || hasErased || isReselected || (await isAnyChangeUncounted(client, lease))) {
    await rollUp(client, tenantId, now);
  }
  if (isComplete) {
    await client.query(
      `UPDATE tenant SET users_known_from = ($2::timestamptz AT TIME ZONE 'UTC')::date
       WHERE id = $1 AND users_known_from IS NULL`,
      [tenantId, now],
    );
  }
  return changes ? { changes } : {};
}

/** Whether this run, or one before it that was given up, has changed what the figures do not include. */
async function isAnyChangeUncounted(client: pg.PoolClient, { tenantId, runId }: Lease): Promise<boolean> {
  const { rows } = await client.query<{ is_any: boolean }>(
    `SELECT figures_until IS NULL
       OR EXISTS (SELECT 1 FROM directory_user_change WHERE tenant_id = $1 AND run_id = $2)
       OR EXISTS (SELECT 1 FROM directory_user_change WHERE tenant_id = $1 AND changed_at > tenant.figures_until) AS is_any
     FROM tenant WHERE id = $1`,
    [tenantId, runId],
  );
  return rows[0]?.is_any === true;
}
