import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ArmSubscription, listAzureSubscriptions } from '#lib/microsoft/arm/azure-subscriptions.ts';
import { adoptSubscriptions } from '../../../subscription-additions/adopt.ts';
import type { ActiveRun, PhaseEnd } from '../../active-run.ts';
import { lookForAbsent } from './absent.ts';
import { mapAzureSubscriptions } from './map.ts';
import { subscriptionsAddedSince, writeAzureSubscriptions } from './write.ts';

/**
 * Pauses between looks for a subscription that was added just now. A new role assignment takes a while until Azure
 * honours it everywhere, and the first import follows it closely.
 * @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
 */
const LOOK_AGAIN_MS = [2_000, 5_000, 10_000, 20_000];
const ADDED_JUST_NOW_MS = 10 * 60_000;

const READ_ACTION = 'Microsoft.Resources/subscriptions/read';

/**
 * Reads name and state of the subscriptions as our own service principal sees them. An added one that is not in the
 * complete list is asked for by itself: where two runs were told that there is no such subscription, it is gone. One that
 * has come into an added management group, or was given by a command, is added.
 */
export async function importAzureSubscriptions(run: ActiveRun): Promise<Result<undefined>> {
  const { tenantId } = run.lease;
  const record = run.record('azure-subscriptions');
  const justAdded = await subscriptionsAddedSince(
    run.pool,
    tenantId,
    new Date(run.ctx.clock().getTime() - ADDED_JUST_NOW_MS),
  );
  let listed = await look(run);
  for (const pauseMs of LOOK_AGAIN_MS) {
    if (!listed.ok || seesAll(listed.value, justAdded)) break;
    record.problem = { code: 'principal-not-found' };
    record.waitingUntil = new Date(run.ctx.clock().getTime() + pauseMs).toISOString();
    run.touch();
    await sleep(pauseMs, undefined, { signal: run.signal });
    listed = await look(run);
  }
  if (!listed.ok) return listed;
  await adoptSubscriptions(run.ctx, {
    tenantId,
    directoryId: run.claim.directoryId,
    seen: listed.value,
    options: run.callOptions('azure-subscriptions'),
  });
  const rows = mapAzureSubscriptions(listed.value);
  const absent = await lookForAbsent(run, new Set(rows.map((row) => row.subscription_id)));
  await run.endPhase('azure-subscriptions', async (client): Promise<PhaseEnd> => {
    const { added, seen, written, missing, gone } = await writeAzureSubscriptions(client, {
      tenantId,
      seen: rows,
      absent,
      at: run.ctx.clock(),
    });
    const counts = { received: seen, expected: added, written, retired: gone };
    const problem = shortfall({ unseen: added - seen, missing });
    return problem ? { state: 'partial', ...counts, problem } : { state: 'completed', ...counts };
  });
  return ok(undefined);
}

/**
 * Why the list is short. No access is a short list without any error, so that is what it is taken for, unless Azure
 * says of each subscription that it does not exist.
 */
function shortfall(counts: { readonly unseen: number; readonly missing: number }): Problem | undefined {
  if (counts.unseen > counts.missing) return { code: 'permission-missing', permission: READ_ACTION };
  return counts.missing > 0 ? { code: 'resource-not-found' } : undefined;
}

const look = (run: ActiveRun): Promise<Result<ArmSubscription[]>> =>
  listAzureSubscriptions(
    run.ctx.microsoft.armAsApp(run.claim.directoryId),
    run.callOptions('azure-subscriptions'),
  );

function seesAll(seen: readonly ArmSubscription[], wanted: readonly string[]): boolean {
  const ids = new Set(seen.map(({ subscriptionId }) => subscriptionId));
  return wanted.every((id) => ids.has(id));
}
