import { getAzureSubscription } from '#lib/microsoft/arm/azure-subscriptions.ts';
import { forEachConcurrently } from '../../../consent/patience.ts';
import type { ActiveRun } from '../../active-run.ts';
import { presentSubscriptions } from './write.ts';

const CONCURRENT_READS = 4;

/** What Azure says of the added subscriptions that a complete list does not have. */
export type Absent = {
  /** There is no such subscription. */
  readonly missing: readonly string[];
  /** It exists, and the list was not complete after all. */
  readonly present: readonly string[];
};

/**
 * Asks for each added subscription that the list lacks. A refusal, a throttled or a failed call says nothing about
 * whether it exists, and so counts for neither. One that is known to be gone is not asked for any more: it comes back
 * with the list.
 */
export async function lookForAbsent(run: ActiveRun, listed: ReadonlySet<string>): Promise<Absent> {
  const missing: string[] = [];
  const present: string[] = [];
  const added = await presentSubscriptions(run.pool, run.lease.tenantId);
  const absent = added.filter((id) => !listed.has(id));
  const arm = run.ctx.microsoft.armAsApp(run.claim.directoryId);
  await forEachConcurrently(absent, CONCURRENT_READS, async (id) => {
    const found = await getAzureSubscription(arm, id, run.callOptions('azure-subscriptions'));
    if (found.ok) present.push(id);
    else if (found.problem.code === 'resource-not-found') {
      if (found.problem.microsoft?.code === 'SubscriptionNotFound') missing.push(id);
    }
  });
  return { missing, present };
}
