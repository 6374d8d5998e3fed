import type pg from 'pg';
import type { Lease } from '../../lease.ts';
import type { UserChanges } from '../../model.ts';
import { countChanges, leavesChanges } from './changes.ts';

/**
 * The last writes of the users' phase, once all rows are written and retired: sums up what the run has changed. Goes
 * into the transaction that ends the phase, and what it returns into the phase's record.
 */
export async function settleUsers(client: pg.PoolClient, lease: Lease): Promise<{ changes?: UserChanges }> {
  if (!(await leavesChanges(client, lease))) return {};
  return { changes: await countChanges(client, lease) };
}
