import { randomUUID } from 'node:crypto';
import { noticeExpiringTokens } from '#lib/domain/access-tokens/expiry.ts';
import { startDueTokenChecks } from '#lib/domain/access-tokens/schedule.ts';
import { forgetOldFlows } from '#lib/domain/consent/forget-flows.ts';
import { pruneHistory } from '#lib/domain/data-settings/prune.ts';
import { endExpiredDelegations } from '#lib/domain/delegation/end.ts';
import { BEAT_SECONDS, beat, endBeat, forgetSilentWorkers } from '#lib/domain/health/heartbeat.ts';
import type { Reading } from '#lib/domain/imports/reading.ts';
import { startDueImports } from '#lib/domain/imports/schedule.ts';
import { enqueueUnattendedRuns } from '#lib/domain/imports/sweep.ts';
import { startDueErasures } from '#lib/domain/lifecycle/remove-tenant.ts';
import { forgetOldCounters } from '#lib/domain/limits/limit.ts';
import { forgetOldBudgets } from '#lib/domain/limits/service-budget.ts';
import { startDueChecks } from '#lib/domain/tenants/check-schedule.ts';
import {
  addSubscriptionsJob,
  changeAccessJob,
  checkAccessTokenJob,
  eraseTenantJob,
  importTenantJob,
  lookForSubscriptionsJob,
  verifyTenantJob,
} from '#lib/jobs/contracts.ts';
import type { Runtime } from '#lib/runtime.ts';
import { changeAccess } from './handlers/change-access.ts';
import { checkAccessToken } from './handlers/check-access-token.ts';
import { eraseTenant } from './handlers/erase-tenant.ts';
import { importTenant } from './handlers/import-tenant.ts';
import { addSubscriptionsHandler, lookForSubscriptionsHandler } from './handlers/subscription-additions.ts';
import { verifyTenant } from './handlers/verify-tenant.ts';
import { repeat } from './repeat.ts';

/** Each import mostly waits for the network; the embedded database has one thread for all of them. */
const IMPORTS_AT_A_TIME = { server: 4, embedded: 2 } as const;
/** Of large tenants, besides: they rest while the others work, and would keep places from them all the time. */
const LARGE_IMPORTS_BESIDE = { server: 2, embedded: 1 } as const;
const VERIFICATIONS_AT_A_TIME = 2;
const TOKEN_CHECKS_AT_A_TIME = 1;
/** Each works on several subscriptions at once. */
const ACCESS_CHANGES_AT_A_TIME = 2;
/** A person waits for each of them. */
const ADDITIONS_AT_A_TIME = 2;
const SWEEP_SECONDS = 5;
const SCHEDULE_SECONDS = 60;
const CLEAN_SECONDS = 60 * 60;

export type RunningWorker = {
  /** Finishes what is begun, gives the rest to other workers, and resolves when nothing runs any more. */
  stop(): Promise<void>;
};

/**
 * Begins to work on jobs, in a process of its own or in the portal's. Resolves when the worker takes jobs. Tests have
 * small directories read as if they were large.
 */
export async function startWorker(
  { services, queue, databaseTarget }: Runtime,
  reading?: Reading,
): Promise<RunningWorker> {
  const workerId = randomUUID();
  const log = services.log.child({ workerId });
  await beat(services, workerId);
  const handles = await Promise.all([
    queue.work(importTenantJob, importTenant(services, reading), {
      concurrency: IMPORTS_AT_A_TIME[databaseTarget.type],
      besideMax: LARGE_IMPORTS_BESIDE[databaseTarget.type],
    }),
    queue.work(changeAccessJob, changeAccess(services), { concurrency: ACCESS_CHANGES_AT_A_TIME }),
    queue.work(verifyTenantJob, verifyTenant(services), { concurrency: VERIFICATIONS_AT_A_TIME }),
    queue.work(checkAccessTokenJob, checkAccessToken(services), { concurrency: TOKEN_CHECKS_AT_A_TIME }),
    queue.work(eraseTenantJob, eraseTenant(services), { concurrency: 1 }),
    queue.work(lookForSubscriptionsJob, lookForSubscriptionsHandler(services), {
      concurrency: ADDITIONS_AT_A_TIME,
    }),
    queue.work(addSubscriptionsJob, addSubscriptionsHandler(services), { concurrency: ADDITIONS_AT_A_TIME }),
  ]);
  const repetitions = [
    repeat('the heartbeat', BEAT_SECONDS, log, () => beat(services, workerId)),
    repeat('the search for unattended imports', SWEEP_SECONDS, log, () => enqueueUnattendedRuns(services)),
    repeat('the schedule of daily imports', SCHEDULE_SECONDS, log, () => startDueImports(services)),
    repeat('the schedule of checks', SCHEDULE_SECONDS, log, () => startDueChecks(services)),
    repeat('the end of lent rights', SCHEDULE_SECONDS, log, () => endExpiredDelegations(services)),
    repeat('the schedule of token checks', SCHEDULE_SECONDS, log, () => startDueTokenChecks(services)),
    repeat('the notices of tokens that expire', CLEAN_SECONDS, log, () => noticeExpiringTokens(services)),
    repeat('the search for due erasures', SCHEDULE_SECONDS, log, () => startDueErasures(services)),
    repeat('the removal of dead workers', CLEAN_SECONDS, log, () => forgetSilentWorkers(services)),
    repeat('the removal of old flows', CLEAN_SECONDS, log, () => forgetOldFlows(services)),
    repeat('the removal of old history', CLEAN_SECONDS, log, () => pruneHistory(services)),
    repeat('the removal of old counters', CLEAN_SECONDS, log, () => forgetOldCounters(services)),
    repeat('the removal of old budgets', CLEAN_SECONDS, log, () => forgetOldBudgets(services)),
  ];
  log.info('the worker is ready');
  return {
    async stop() {
      await Promise.all([...repetitions, ...handles].map((part) => part.stop()));
      await endBeat(services, workerId);
      log.info('the worker has stopped');
    },
  };
}
