import { randomUUID } from 'node:crypto';
import type { RunId, TenantId } from '#lib/core/ids.ts';
import { PROBLEM_POLICY, type Problem } from '#lib/core/problem.ts';
import { fail, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { appOnlyToken } from '#lib/microsoft/entra/app-only-token.ts';
import { ActiveRun, type Manner } from './active-run.ts';
import { cancelRunningImport } from './cancel.ts';
import { finishRun } from './finish.ts';
import { claimRun, type Lease, LeaseLost, releaseLease } from './lease.ts';
import { ATTEMPTS_MAX, isEnded, type PhaseName, retryPauseSeconds, stopsRun } from './model.ts';
import { importAzureSubscriptions } from './phases/azure-subscriptions/import.ts';
import { importDirectorySubscriptions } from './phases/directory-subscriptions/import.ts';
import { importGroups } from './phases/groups/import.ts';
import { importOrganization } from './phases/organization/import.ts';
import { importSkus } from './phases/skus/import.ts';
import { importUsers } from './phases/users/import.ts';

const IMPORT: Readonly<Record<PhaseName, (run: ActiveRun) => Promise<Result<undefined>>>> = {
  skus: importSkus,
  organization: importOrganization,
  'directory-subscriptions': importDirectorySubscriptions,
  users: importUsers,
  groups: importGroups,
  'azure-subscriptions': importAzureSubscriptions,
};

/** How long a worker may be silent before its run is given to another. */
const LEASE_SECONDS = 15;

export type RunImport = Manner & {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  /** Stops the work: what is begun is finished, and the run is given back for another worker to go on. */
  readonly signal: AbortSignal;
  readonly leaseSeconds?: number;
};

/**
 * `ended`: it has its final status. `waiting`: it is tried again after a pause. `given-back`: we were stopped.
 * `not-ours`: it had ended, another worker has it, or it was cancelled or taken over while we worked.
 */
export type RunOutcome = 'ended' | 'waiting' | 'given-back' | 'not-ours';

/**
 * Works on a run from where it stands until it ends. Any number of workers may try: one gets it, and a worker that
 * lost it, without knowing it maybe, can write nothing more. Throws what is unexpected, such as a lost database;
 * the run then goes on elsewhere once its lease has ended.
 */
export async function runImport(ctx: Ctx, input: RunImport): Promise<RunOutcome> {
  const { tenantId, runId, signal, leaseSeconds = LEASE_SECONDS } = input;
  const lease: Lease = { tenantId, runId, holder: randomUUID(), seconds: leaseSeconds };
  const claim = await claimRun(ctx.database.pool, lease, ctx.clock());
  if (!claim) return 'not-ours';
  if (!claim.isTenantInUse) {
    await ctx.database.prisma.$transaction((tx) => cancelRunningImport(tx, ctx, tenantId, runId));
    return 'ended';
  }
  const log = ctx.log.child({ tenantId, runId });
  const run = new ActiveRun({ ...ctx, log }, lease, claim, input);
  const onStop = () => run.stop(signal.reason);
  signal.addEventListener('abort', onStop, { once: true });
  if (signal.aborted) onStop();
  try {
    return await work(run).catch((error: unknown) => giveUp(run, error, signal.aborted));
  } catch (error) {
    if (error instanceof LeaseLost) return 'not-ours';
    throw error;
  } finally {
    signal.removeEventListener('abort', onStop);
    await run.dispose();
  }
}

async function work(run: ActiveRun): Promise<RunOutcome> {
  if (run.attempts > ATTEMPTS_MAX) await abandonPhase(run);
  let isSignedIn = false;
  for (const { phase } of run.claim.phases) {
    if (isEnded(run.record(phase))) continue;
    const problem = (isSignedIn ? undefined : await signIn(run, phase)) ?? (await workOnPhase(run, phase));
    isSignedIn = true;
    if (!problem) continue;
    run.noteProblem(phase, problem);
    if (isWorthWaiting(problem) && run.attempts < ATTEMPTS_MAX) return pause(run, phase, problem);
    await endWithProblem(run, phase, problem);
    if (stopsRun(problem)) break;
  }
  await finishRun(run);
  return 'ended';
}

/**
 * Has a new token issued, which the calls of the run then use: an older one, kept from before somebody approved more,
 * would not have the new permissions for another hour.
 */
async function signIn(run: ActiveRun, phase: PhaseName): Promise<Problem | undefined> {
  await beginPhase(run, phase);
  const { directoryId, kind } = run.claim;
  const token = await appOnlyToken(run.ctx.microsoft.entra, {
    ...run.callOptions(phase),
    ...(kind === 'azure'
      ? { registration: 'azure', resource: 'arm' }
      : { registration: 'graph', resource: 'graph' }),
    directoryId,
    fresh: true,
  });
  if (!token.ok) return token.problem;
  const actual = token.value.directoryId ?? directoryId;
  return actual === directoryId ? undefined : { code: 'wrong-tenant', expected: directoryId, actual };
}

async function beginPhase(run: ActiveRun, phase: PhaseName): Promise<void> {
  run.signal.throwIfAborted();
  const record = run.record(phase);
  record.state = 'running';
  record.startedAt ??= run.ctx.clock().toISOString();
  record.waitingUntil = null;
  record.problem = undefined;
  await run.save();
}

async function workOnPhase(run: ActiveRun, phase: PhaseName): Promise<Problem | undefined> {
  await beginPhase(run, phase);
  const result = await IMPORT[phase](run).catch((error: unknown) => {
    if (isRefusedValue(error)) {
      run.ctx.log.warn('the database refused a value that Microsoft sent', { phase, error });
      return fail({ code: 'upstream-shape', where: phase });
    }
    if (isDiskFull(error)) return fail({ code: 'storage-full' });
    throw error;
  });
  return result.ok ? undefined : result.problem;
}

/** Expired links do not come back: the phase has begun anew already, as often as makes sense. */
const isWorthWaiting = ({ code }: Problem): boolean =>
  PROBLEM_POLICY[code].worker === 'retry' && code !== 'page-expired';

/** Whether the database refused a value that Microsoft sent, such as a number that is too large: it always will. */
const isRefusedValue = (error: unknown): boolean =>
  // The SQLSTATE classes "data exception" and "program limit exceeded".
  /^(22|54)[0-9A-Z]{3}$/.test(sqlState(error));

/** Whether the database has no room for what is to be written. A run may note why it waits: that takes next to none. */
const isDiskFull = (error: unknown): boolean => sqlState(error) === '53100';

const sqlState = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** A phase that could not be completed: left out where a right is missing, else failed, with what it has written. */
async function endWithProblem(run: ActiveRun, phase: PhaseName, problem: Problem): Promise<void> {
  const isLeftOut = problem.code === 'permission-missing' || problem.code === 'licence-missing';
  const state = isLeftOut ? 'skipped' : run.record(phase).received > 0 ? 'partial' : 'failed';
  run.ctx.log.warn('a phase of an import ended with a problem', { phase, state, problem });
  await run.endPhase(phase, async () => ({ state, problem }));
}

/** Workers died, or failed unexpectedly, again and again at the same place: the rest of the run goes on without it. */
async function abandonPhase(run: ActiveRun): Promise<void> {
  const phase = run.claim.phases.find((record) => record.state === 'running')?.phase;
  if (!phase) return;
  await endWithProblem(run, phase, { code: 'import-interrupted', attempts: ATTEMPTS_MAX });
}

/** Keeps the run for a later attempt, which goes on where this one stopped. */
async function pause(run: ActiveRun, phase: PhaseName, problem: Problem): Promise<RunOutcome> {
  const pauseSeconds = retryPauseSeconds(run.attempts, problem);
  const record = run.record(phase);
  record.problem = problem;
  record.waitingUntil = new Date(run.ctx.clock().getTime() + pauseSeconds * 1000).toISOString();
  await run.save();
  await releaseLease(run.pool, run.lease, { pauseSeconds, isAttempt: true });
  run.ctx.log.info('an import waits for its next attempt', { phase, pauseSeconds, problem });
  return 'waiting';
}

/** Gives back a run that we cannot go on with, unless it is somebody else's: then throws LeaseLost. */
async function giveUp(run: ActiveRun, error: unknown, isStopped: boolean): Promise<RunOutcome> {
  const { log } = run.ctx;
  if (run.signal.reason instanceof LeaseLost) throw run.signal.reason;
  if (error instanceof LeaseLost) throw error;
  if (isStopped) {
    await run.save();
    await releaseLease(run.pool, run.lease, { pauseSeconds: 0, isAttempt: false });
    log.info('an import was given back');
    return 'given-back';
  }
  const pauseSeconds = retryPauseSeconds(run.attempts);
  // The cause may be the database itself; then the lease ends by time.
  await releaseLease(run.pool, run.lease, { pauseSeconds, isAttempt: true }).catch((failure: unknown) => {
    log.warn('an import could not be given back', { error: failure });
  });
  throw error;
}
