import type { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Transaction } from '#lib/db/database.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { verifyTenantJob } from '#lib/jobs/contracts.ts';
import type { ArmSubscription } from '#lib/microsoft/arm/azure-subscriptions.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { appOnlyToken } from '#lib/microsoft/entra/app-only-token.ts';
import type { SignedInPerson } from '#lib/microsoft/entra/redeem-code.ts';
import { TOKEN_KEPT_MAX_MS } from '../delegation/model.ts';
import { beginOnboardingReceipt, bufferCalls, endOnboardingReceipt } from '../delegation/onboarding.ts';
import { recordCalls } from '../delegation/record-calls.ts';
import { toJson } from '../problem-json.ts';
import { setTenantStatus } from '../tenants/status.ts';
import { CHECK_SILENT_MS, newCheck } from '../tenants/tenant-check.ts';
import { bindTenant, bindUnlessConnected, nameOfPerson } from './bind-tenant.ts';
import type { Flow } from './flow-row.ts';
import { grantReader } from './grant-reader.ts';
import { findOwnedSubscriptions, noneOwned, type SeenSubscription } from './owned-subscriptions.ts';
import { forEachConcurrently, isPassing, repeatWhilePassing, type Wait } from './patience.ts';
import type { Progress } from './progress.ts';

const CONCURRENT_ASSIGNMENTS = 4;

export type AzureOnboarding = {
  readonly flow: Flow;
  readonly progress: Progress;
  readonly person: SignedInPerson;
  readonly signedInAt: Date;
  /** The person's token for Azure. Lives in this call alone and is written nowhere. */
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date | undefined;
};

/**
 * Adds the subscriptions of a directory on which the signed-in person may write role assignments: binds the directory
 * by that right, gives our service principal Reader on each, and has it checked. Others are kept as found,
 * with the reason. Without a single one to add nothing is stored. Each step's outcome is written to the flow, and each
 * call with the person's rights to the receipt that begins with the binding.
 */
export async function onboardAzure(ctx: Ctx, onboarding: AzureOnboarding, wait: Wait): Promise<void> {
  const { flow, progress, person, signedInAt, accessToken } = onboarding;
  const calls = bufferCalls(ctx);
  await progress.record({ step: 'subscriptions', state: 'checking' });
  const found = await findOwnedSubscriptions(
    ctx.microsoft.armAsPerson(accessToken, calls.watch),
    flow.directoryId,
    (checked, all) =>
      progress.record({ step: 'subscriptions', state: 'checking', detail: `${checked} of ${all} checked.` }),
  );
  if (!found.ok) return progress.fail(found.problem, { step: 'subscriptions', state: 'could-not-check' });
  const seen = found.value;
  const owned = seen.filter(({ obstacle }) => !obstacle).map(({ subscription }) => subscription);
  const detail =
    seen.length === 1
      ? 'You may add the one subscription you see.'
      : `You may add ${owned.length} of the ${seen.length} subscriptions you see.`;
  if (owned.length === 0) {
    const problem = noneOwned(seen, nameOfPerson(person));
    return progress.fail(problem, {
      step: 'subscriptions',
      state: isPassing(problem) ? 'could-not-check' : 'needs-you',
    });
  }
  await progress.record({ step: 'subscriptions', state: 'ok', detail });

  const bound = await bindUnlessConnected(ctx, flow, () =>
    ctx.database.prisma.$transaction(async (tx) => {
      const tenantId = await bindTenant(tx, ctx, flow, {
        person,
        steps: progress.steps,
        flowStatus: 'working',
      });
      await keepSubscriptions(tx, tenantId, seen);
      const expiresAt = tokenEnd(onboarding);
      await beginOnboardingReceipt(tx, { flow, tenantId, person, startedAt: signedInAt, expiresAt, calls });
      return tenantId;
    }),
  );
  if (!bound.ok) return progress.fail(bound.problem);
  const tenantId = bound.value;
  ctx.log.info('tenant bound', { flowId: flow.id, tenantId, kind: flow.kind, subscriptions: owned.length });

  const arm = ctx.microsoft.armAsPerson(accessToken, recordCalls(ctx, flow.id));
  let problems: readonly Problem[];
  try {
    problems = await addAll(ctx, { flow, tenantId, owned, progress, arm, wait });
  } finally {
    await endOnboardingReceipt(ctx, flow);
  }
  await conclude(ctx, { flow, tenantId, progress, problems, all: owned.length });
}

const tokenEnd = ({ signedInAt, accessTokenExpiresAt }: AzureOnboarding): Date =>
  accessTokenExpiresAt ?? new Date(signedInAt.getTime() + TOKEN_KEPT_MAX_MS);

type Addition = {
  readonly flow: Flow;
  readonly tenantId: TenantId;
  readonly owned: readonly ArmSubscription[];
  readonly progress: Progress;
  readonly arm: ArmClient;
  readonly wait: Wait;
};

/** The Problems of those that could not be added. */
async function addAll(ctx: Ctx, addition: Addition): Promise<readonly Problem[]> {
  const { flow, tenantId, owned, progress, arm, wait } = addition;
  const principal = await findPrincipal(ctx, flow, progress, wait);
  if (!principal.ok) {
    await ctx.database.prisma.azureSubscription.updateMany({
      where: { tenantId, status: 'adding' },
      data: { status: 'failed', notAddedReason: toJson(principal.problem) },
    });
    return owned.map(() => principal.problem);
  }
  const principalId = principal.value;
  await ctx.database.prisma.tenant.updateMany({
    where: { id: tenantId, organizationId: flow.organizationId },
    data: { servicePrincipalId: principalId },
  });
  const problems: Problem[] = [];
  await forEachConcurrently(owned, CONCURRENT_ASSIGNMENTS, async (subscription) => {
    const problem = await grantReader(ctx, { arm, tenantId, principalId, progress, wait }, subscription);
    if (problem) problems.push(problem);
  });
  return problems;
}

/** Our own object id in the directory. The sign-in has just made it there, so it may take a while to be found. */
async function findPrincipal(ctx: Ctx, flow: Flow, progress: Progress, wait: Wait): Promise<Result<string>> {
  await progress.record({ step: 'principal', state: 'checking' });
  const found = await repeatWhilePassing(
    async () => {
      const token = await appOnlyToken(ctx.microsoft.entra, {
        registration: 'azure',
        directoryId: flow.directoryId,
        resource: 'arm',
        fresh: true,
      });
      if (!token.ok) return token;
      const { servicePrincipalId } = token.value;
      return servicePrincipalId ? ok(servicePrincipalId) : fail({ code: 'token-invalid', reason: 'no oid' });
    },
    {
      wait,
      onWait: (repetition) =>
        progress.record({
          step: 'principal',
          state: 'checking',
          detail: `Microsoft has not finished setting up our application in this tenant. Trying again (${repetition}).`,
        }),
    },
  );
  await progress.record(
    found.ok
      ? { step: 'principal', state: 'ok', detail: `Service principal ${found.value}.` }
      : { step: 'principal', state: 'could-not-check', problem: found.problem },
  );
  return found;
}

/** Keeps what the person saw. A subscription that was added before stays as it is, and imports keep it up to date. */
async function keepSubscriptions(
  tx: Transaction,
  tenantId: TenantId,
  seen: readonly SeenSubscription[],
): Promise<void> {
  const added = await tx.azureSubscription.findMany({
    where: { tenantId, status: 'added' },
    select: { subscriptionId: true },
  });
  const addedIds = new Set(added.map(({ subscriptionId }) => subscriptionId));
  const fresh = seen.filter(({ subscription }) => !addedIds.has(subscription.subscriptionId));
  await tx.azureSubscription.deleteMany({
    where: { tenantId, subscriptionId: { in: fresh.map(({ subscription }) => subscription.subscriptionId) } },
  });
  await tx.azureSubscription.createMany({
    data: fresh.map(({ subscription, obstacle }) => ({
      tenantId,
      subscriptionId: subscription.subscriptionId,
      displayName: subscription.displayName,
      state: subscription.state,
      quotaId: subscription.quotaId,
      status: obstacle ? ('found' as const) : ('adding' as const),
      notAddedReason: obstacle ? toJson(obstacle) : Prisma.DbNull,
    })),
  });
}

type Conclusion = {
  readonly flow: Flow;
  readonly tenantId: TenantId;
  readonly progress: Progress;
  readonly problems: readonly Problem[];
  /** How many were to be added. */
  readonly all: number;
};

/**
 * Ends the flow. Whether the roles work is another question: a check of the workers asks it, since Azure honours new
 * ones late, and starts the import once the first does.
 */
async function conclude(ctx: Ctx, { flow, tenantId, progress, problems, all }: Conclusion): Promise<void> {
  const [problem] = problems;
  if (problem && problems.length === all) {
    await ctx.database.prisma.$transaction((tx) =>
      setTenantStatus(tx, ctx, { id: tenantId, status: 'verifying' }, 'cannot_connect', problem),
    );
    return progress.fail(problem);
  }
  const { organizationId } = flow;
  const now = ctx.clock();
  await ctx.database.prisma.tenant.updateMany({
    where: { id: tenantId, organizationId, removedAt: null },
    data: {
      lastCheck: toJson(newCheck('onboarding', now)),
      nextCheckAt: new Date(now.getTime() + CHECK_SILENT_MS),
    },
  });
  await progress.succeed();
  const singletonKey = `${tenantId} now`;
  await ctx.jobs.enqueue(verifyTenantJob, { organizationId, tenantId }, { singletonKey });
}
