import type { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { ArmSubscription } from '#lib/microsoft/arm/azure-subscriptions.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { type AssignedRole, assignRole, roleAssignmentName } from '#lib/microsoft/arm/role-assignments.ts';
import { subscriptionScope } from '#lib/microsoft/arm/scope.ts';
import { ROLE_OF_LEVEL, roleName } from '../access-changes/role-plan.ts';
import { toJson } from '../problem-json.ts';
import { recordRole } from '../role-assignments/record.ts';
import type { StepUpdate } from './model.ts';
import { isPassing, repeatWhilePassing, type Wait } from './patience.ts';
import type { Progress } from './progress.ts';

export type ReaderGrant = {
  /** Azure as the person who may write role assignments. */
  readonly arm: ArmClient;
  readonly tenantId: TenantId;
  /** Object id of our service principal in the directory. */
  readonly principalId: string;
  readonly progress: Progress;
  readonly wait: Wait;
};

/**
 * Gives our service principal the role Reader on one subscription of a bound tenant, and writes down what came of it; on
 * one that was added before, the role of its access level. The assignment's name is derived from what it grants, so a
 * repetition writes the same one. Returns the Problem where it failed.
 */
export async function grantReader(
  ctx: Ctx,
  grant: ReaderGrant,
  { subscriptionId, displayName }: ArmSubscription,
): Promise<Problem | undefined> {
  const { arm, tenantId, principalId, progress, wait } = grant;
  const step = { step: 'assign-role', subject: { id: subscriptionId, name: displayName } } as const;
  await progress.record({ ...step, state: 'checking' });
  const roleDefinitionId = await neededRole(ctx, tenantId, subscriptionId);
  const name = roleAssignmentName(subscriptionScope(subscriptionId), principalId, roleDefinitionId);
  const assigned = await repeatWhilePassing(
    () => assignRole(arm, { subscriptionId, principalId, roleDefinitionId, name }),
    {
      wait,
      onWait: (repetition, problem) =>
        progress.record({ ...step, state: 'checking', detail: waitingDetail(repetition, problem) }),
    },
  );
  if (!assigned.ok) {
    await markFailed(ctx, tenantId, subscriptionId, assigned.problem);
    await progress.record({ ...step, ...failedState(assigned.problem) });
    return assigned.problem;
  }
  if (assigned.value.isOurs) {
    await recordRole(ctx.database.prisma, ctx.clock(), {
      tenantId,
      roleScope: subscriptionScope(subscriptionId),
      name,
      roleDefinitionId,
      principalId,
    });
  }
  await markAdded(ctx, tenantId, subscriptionId, name);
  await progress.record({
    ...step,
    state: 'ok',
    detail: receipt(assigned.value, roleName(roleDefinitionId), name, principalId),
  });
  return undefined;
}

async function neededRole(ctx: Ctx, tenantId: TenantId, subscriptionId: string): Promise<string> {
  const before = await ctx.database.prisma.azureSubscription.findFirst({
    where: { tenantId, subscriptionId, status: 'added' },
    select: { accessLevel: true },
  });
  return ROLE_OF_LEVEL[before?.accessLevel ?? 'resources'];
}

function waitingDetail(repetition: number, { code }: Problem): string {
  if (code === 'principal-not-found') {
    return `Azure has not copied our identity to this subscription yet. Trying again (${repetition}).`;
  }
  if (code === 'conflict') {
    return `Azure is still busy with another change of this subscription’s roles. Trying again (${repetition}).`;
  }
  if (code === 'throttled') return `Microsoft asks us to slow down. Trying again (${repetition}).`;
  return `Azure did not take the assignment yet. Trying again (${repetition}).`;
}

const failedState = (problem: Problem): Pick<StepUpdate, 'state' | 'problem'> => ({
  state: isPassing(problem) ? 'could-not-check' : 'needs-you',
  problem,
});

const receipt = ({ outcome }: AssignedRole, role: string, name: string, principalId: string): string =>
  outcome === 'created'
    ? `${role} was given to service principal ${principalId} (role assignment ${name}).`
    : `Service principal ${principalId} had ${role} already.`;

/** One that was added before keeps its level: what its role is worth now is for the check to say. */
async function markFailed(
  ctx: Ctx,
  tenantId: TenantId,
  subscriptionId: string,
  problem: Problem,
): Promise<void> {
  await ctx.database.prisma.azureSubscription.updateMany({
    where: { tenantId, subscriptionId, status: { not: 'added' } },
    data: { status: 'failed', accessLevel: null, notAddedReason: toJson(problem) },
  });
}

/** One that was added before stays as it was: only its role has been renewed. */
async function markAdded(ctx: Ctx, tenantId: TenantId, subscriptionId: string, name: string): Promise<void> {
  await ctx.database.prisma.$transaction(async (tx) => {
    const { count } = await tx.azureSubscription.updateMany({
      where: { tenantId, subscriptionId, status: { not: 'added' } },
      data: {
        status: 'added',
        accessLevel: 'resources',
        roleAssignmentName: name,
        notAddedReason: Prisma.DbNull,
        addedAt: ctx.clock(),
      },
    });
    if (count === 0) return;
    await recordAudit(tx, ctx, {
      action: 'azure-subscription.add',
      entity: 'azure-subscription',
      entityId: subscriptionId,
      after: { tenantId, accessLevel: 'resources', roleAssignmentName: name },
    });
  });
}
