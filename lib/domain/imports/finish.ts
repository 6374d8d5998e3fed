import type { Transaction } from '#lib/db/database.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import { toJson } from '#lib/domain/problem-json.ts';
import { type Capability, readCapabilityChecks } from '#lib/domain/tenants/capabilities.ts';
import { setTenantStatus } from '#lib/domain/tenants/status.ts';
import { verifyTenantJob } from '#lib/jobs/contracts.ts';
import type { ActiveRun } from './active-run.ts';
import { LeaseLost } from './lease.ts';
import {
  isEnded,
  isNotGranted,
  type PhaseName,
  type PhaseRecord,
  type RunEnd,
  runEnd,
  stopsRun,
} from './model.ts';
import { startImport } from './start.ts';
import { refreshStatistics } from './statistics.ts';

/** Which capability of the tenant a phase rests on. */
const CAPABILITY_OF: Readonly<Partial<Record<PhaseName, Capability>>> = {
  skus: 'licences',
  organization: 'organization',
  'directory-subscriptions': 'organization',
  users: 'users',
};

/** Approvals may arrive one by one, and each may bring an import; more than this in a while would go in circles. */
const ONBOARDING_RUNS_MAX = 4;
const ONBOARDING_MS = 15 * 60_000;

/**
 * Ends a run by what its phases came to. A tenant that turned us away is marked so in the same transaction. Where the
 * run tells that permissions are not as they were thought to be, they are checked anew; where one arrived while the
 * run did without it, another run follows.
 */
export async function finishRun(run: ActiveRun): Promise<void> {
  const { ctx, claim, lease } = run;
  const phases = claim.phases.map(
    (record): PhaseRecord => (isEnded(record) ? record : { ...record, state: 'skipped' }),
  );
  const end = runEnd(phases);
  await run.dispose();
  await ctx.database.prisma.$transaction(async (tx) => {
    await endRow(tx, run, phases, end);
    if (end.problem && stopsRun(end.problem)) {
      const tenant = { id: lease.tenantId, status: claim.tenantStatus };
      // Our own credential says nothing about the tenant.
      const status = end.problem.code === 'credential-invalid' ? 'could_not_check' : 'cannot_connect';
      await setTenantStatus(tx, ctx, tenant, status, end.problem);
    }
  });
  ctx.log.info('an import ended', { status: end.status, problem: end.problem?.code });
  try {
    await followUp(run, phases, end);
  } catch (error) {
    // The run itself has ended well; the next day's brings what this one could not ask for.
    ctx.log.warn('what follows an import could not be started', { tenantId: lease.tenantId, error });
  }
}

async function followUp(run: ActiveRun, phases: readonly PhaseRecord[], end: RunEnd): Promise<void> {
  const { ctx, claim, lease } = run;
  const { organizationId, tenantStatus } = claim;
  const { tenantId } = lease;
  const isRefused = phases.some(
    (phase) => phase.problem?.code === 'permission-missing' && !isNotGranted(phase),
  );
  const isTurnedAway = end.problem !== undefined && stopsRun(end.problem);
  // Nothing that was proven before stays so without being looked at again.
  const isOtherThanThought =
    isRefused || isTurnedAway || (end.status === 'completed' && tenantStatus !== 'connected');
  if (isOtherThanThought) {
    await ctx.jobs.enqueue(verifyTenantJob, { organizationId, tenantId }, { singletonKey: tenantId });
  }
  if (isRefused && (await isProvenMeanwhile(run, phases))) {
    await startImport(ctx, { tenantId, trigger: 'onboarding' });
  }
  const users = phases.find(({ phase }) => phase === 'users');
  if (users) refreshStatistics(ctx, users.written + users.retired);
}

/** Whether a permission that the run lacked was proven since its phase began. */
async function isProvenMeanwhile(
  { ctx, lease }: ActiveRun,
  phases: readonly PhaseRecord[],
): Promise<boolean> {
  const { prisma } = ctx.database;
  const tenant = await prisma.tenant.findUniqueOrThrow({
    where: { id: lease.tenantId, organizationId: ctx.actor.organizationId },
    select: { capabilities: true },
  });
  const checks = readCapabilityChecks(tenant.capabilities);
  const isProven = phases.some(({ phase, problem, startedAt }) => {
    const capability = CAPABILITY_OF[phase];
    const check = problem?.code === 'permission-missing' && capability ? checks[capability] : undefined;
    return check?.state === 'proven' && startedAt !== null && check.checkedAt >= startedAt;
  });
  if (!isProven) return false;
  const recent = await prisma.importRun.count({
    where: {
      tenantId: lease.tenantId,
      trigger: 'onboarding',
      createdAt: { gte: new Date(ctx.clock().getTime() - ONBOARDING_MS) },
    },
  });
  return recent < ONBOARDING_RUNS_MAX;
}

async function endRow(tx: Transaction, run: ActiveRun, phases: PhaseRecord[], end: RunEnd): Promise<void> {
  const { tenantId, runId, holder } = run.lease;
  const { count } = await tx.importRun.updateMany({
    where: { tenantId, id: runId, leaseHolder: holder, status: 'running' },
    data: {
      status: end.status,
      phases: phases.map(toJson),
      problem: end.problem ? toJson(end.problem) : Prisma.DbNull,
      checkpoint: Prisma.DbNull,
      finishedAt: run.ctx.clock(),
      leaseHolder: null,
      leaseUntil: null,
    },
  });
  if (count === 0) throw new LeaseLost();
  await tx.importPage.deleteMany({ where: { tenantId, runId } });
}
