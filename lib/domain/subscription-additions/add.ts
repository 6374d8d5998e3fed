import { deny } from '#lib/access/permissions.ts';
import { DirectoryId, type TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import {
  type AssignedRole,
  assignRoleAt,
  listRoleAssignmentsAt,
  roleAssignmentName,
} from '#lib/microsoft/arm/role-assignments.ts';
import { managementGroupScope, subscriptionScope } from '#lib/microsoft/arm/scope.ts';
import { appOnlyToken } from '#lib/microsoft/entra/app-only-token.ts';
import { forEachConcurrently, realWait, repeatWhilePassing, type Wait } from '../consent/patience.ts';
import { endDelegation } from '../delegation/end.ts';
import { useDelegation } from '../delegation/use.ts';
import { toJson } from '../problem-json.ts';
import { recordRole } from '../role-assignments/record.ts';
import { requestVerification } from '../tenants/request-verification.ts';
import { keepAdded, keepGroup, keepNotAdded, type NewRole } from './keep.ts';
import { readGroups, roleOf, type StoredGroup } from './model.ts';
import { type AdditionReference, findOpenAddition, type OpenAddition } from './row.ts';

/** Two calls for each subscription: with 200 ms each, 60 of them take about 4 seconds. */
const CONCURRENT_ADDITIONS = 6;

/**
 * Adds what was chosen with the rights of the person who signed in: gives our service principal the role of the access
 * level where it has not got it, here or from above, and keeps each subscription's own outcome. May run again: what is
 * done stays done. When all are added the sign-in ends; with failures it stays for another try, until its hour is over.
 * When it ends before, the rest waits for a new one. Problems: forbidden.
 */
export async function addSubscriptions(
  ctx: Ctx,
  reference: AdditionReference,
  wait: Wait = realWait,
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const addition = await findOpenAddition(ctx, reference);
  if (addition?.state !== 'adding') return ok(undefined);
  const used = await useDelegation(ctx, addition.flowId, async (arm, { directoryId }) => {
    const principalId = addition.servicePrincipalId ?? (await findPrincipal(ctx, directoryId));
    if (!principalId) return fail({ code: 'consent-required' });
    return addAll(ctx, { addition, arm, principalId, wait });
  });
  const problem = !used.ok ? used.problem : used.value.ok ? undefined : used.value.problem;
  await conclude(ctx, addition, problem);
  return ok(undefined);
}

async function findPrincipal(ctx: Ctx, directoryId: DirectoryId): Promise<string | undefined> {
  const token = await appOnlyToken(ctx.microsoft.entra, {
    registration: 'azure',
    directoryId: DirectoryId.parse(directoryId),
    resource: 'arm',
  });
  return token.ok ? token.value.servicePrincipalId : undefined;
}

type Work = {
  readonly addition: OpenAddition;
  readonly arm: ArmClient;
  /** Object id of our service principal in the directory. */
  readonly principalId: string;
  readonly wait: Wait;
};

async function addAll(ctx: Ctx, work: Work): Promise<Result<undefined>> {
  const { tenantId, additionId, groupName, groups, accessLevel } = work.addition;
  const group = groupName === null ? undefined : readGroups(groups).find(({ name }) => name === groupName);
  if (group) {
    const added = await addGroup(ctx, work, group);
    if (!added.ok) return added;
  }
  const items = await ctx.database.prisma.subscriptionAdditionItem.findMany({
    where: { tenantId, additionId, result: { in: ['waiting', 'adding'] } },
    orderBy: [{ displayName: 'asc' }, { subscriptionId: 'asc' }],
    select: { subscriptionId: true, displayName: true, state: true, quotaId: true },
  });
  let ended: Problem | undefined;
  await forEachConcurrently(items, CONCURRENT_ADDITIONS, async (item) => {
    if (ended) return;
    const { subscriptionId } = item;
    await mark(ctx, work, subscriptionId, { result: 'adding' });
    const given = group
      ? ok({ how: 'inherited' as const })
      : await giveRole(ctx, work, subscriptionScope(subscriptionId));
    if (given.ok) {
      await keepAdded(ctx, { tenantId, subscription: item, accessLevel, role: given.value });
      return mark(ctx, work, subscriptionId, { result: 'added', how: given.value.how });
    }
    const { problem } = given;
    if (problem.code === 'delegation-ended' || problem.code === 'sign-in-required') {
      ended = problem;
      return mark(ctx, work, subscriptionId, { result: 'waiting' });
    }
    await keepNotAdded(ctx, { tenantId, subscription: item, problem });
    return mark(ctx, work, subscriptionId, { result: 'failed', problem: toJson(problem) });
  });
  return ended ? fail(ended) : ok(undefined);
}

/** A role that is there already, also from above, is not given a second time. */
async function giveRole(
  ctx: Ctx,
  { addition, arm, principalId, wait }: Work,
  roleScope: string,
): Promise<Result<NewRole>> {
  const { tenantId, accessLevel } = addition;
  const { id: roleDefinitionId } = roleOf(accessLevel);
  const assigned = await listRoleAssignmentsAt(arm, roleScope, { assignedTo: principalId });
  if (!assigned.ok && isOver(assigned.problem)) return assigned;
  const having = assigned.ok
    ? assigned.value.filter((role) => role.roleDefinitionId === roleDefinitionId)
    : [];
  const isSame = (scope: string) => scope.toLowerCase() === roleScope.toLowerCase();
  if (having.some(({ scope }) => isSame(scope))) return ok({ how: 'existed' });
  if (having.length > 0) return ok({ how: 'inherited' });
  const name = roleAssignmentName(roleScope, principalId, roleDefinitionId);
  const given = await repeatWhilePassing(
    async (): Promise<Result<Result<AssignedRole>>> => {
      const result = await assignRoleAt(arm, { roleScope, principalId, roleDefinitionId, name });
      // Our service principal has been there for long: what is not found now is gone, and waiting does not help.
      return result.ok || result.problem.code === 'resource-not-found' ? ok(result) : result;
    },
    { wait, onWait: () => touch(ctx, addition) },
  );
  if (!given.ok) return given;
  if (!given.value.ok) return given.value;
  if (!given.value.value.isOurs) return ok({ how: 'existed' });
  await recordRole(ctx.database.prisma, ctx.clock(), {
    tenantId,
    roleScope,
    name,
    roleDefinitionId,
    principalId,
  });
  return ok({ how: 'given', name });
}

const isOver = ({ code }: Problem): boolean => code === 'delegation-ended' || code === 'sign-in-required';

async function addGroup(ctx: Ctx, work: Work, group: StoredGroup): Promise<Result<undefined>> {
  const { tenantId, accessLevel } = work.addition;
  const given = await giveRole(ctx, work, managementGroupScope(group.name));
  if (!given.ok) return given;
  await keepGroup(ctx, { tenantId, group, accessLevel });
  return ok(undefined);
}

const touch = async (ctx: Ctx, { tenantId, additionId }: AdditionReference): Promise<void> => {
  await ctx.database.prisma.subscriptionAddition.updateMany({
    where: { tenantId, id: additionId },
    data: { updatedAt: ctx.clock() },
  });
};

async function mark(
  ctx: Ctx,
  { addition }: Work,
  subscriptionId: string,
  data: Prisma.SubscriptionAdditionItemUpdateManyMutationInput,
): Promise<void> {
  const { tenantId, additionId } = addition;
  await ctx.database.prisma.subscriptionAdditionItem.updateMany({
    where: { tenantId, additionId, subscriptionId },
    data,
  });
  await touch(ctx, addition);
}

/** With a problem of all of them they wait, for a new sign-in or another try. */
async function conclude(ctx: Ctx, addition: OpenAddition, problem: Problem | undefined): Promise<void> {
  const { tenantId, additionId, flowId } = addition;
  const { prisma } = ctx.database;
  const own = { tenantId, additionId };
  if (problem && !isOver(problem)) {
    await prisma.subscriptionAdditionItem.updateMany({
      where: { ...own, result: { in: ['waiting', 'adding'] } },
      data: { result: 'failed', problem: toJson(problem) },
    });
  }
  await prisma.subscriptionAddition.updateMany({
    where: { tenantId, id: additionId, flowId },
    data: {
      // A sign-in that is over leaves it open: the next one goes on.
      state: problem && isOver(problem) ? 'adding' : 'ended',
      problem: problem ? toJson(problem) : Prisma.DbNull,
      updatedAt: ctx.clock(),
    },
  });
  const counts = await prisma.subscriptionAdditionItem.groupBy({ by: ['result'], where: own, _count: true });
  const countOf = (result: string) => counts.find((row) => row.result === result)?._count ?? 0;
  ctx.log.info('subscriptions added', {
    tenantId,
    additionId,
    added: countOf('added'),
    failed: countOf('failed'),
    problem: problem?.code,
  });
  if (countOf('added') > 0) await checkTenant(ctx, tenantId);
  if (!problem && countOf('failed') === 0) await endDelegation(ctx, flowId, 'finished');
}

/** The workers prove the new roles and import what they show. */
async function checkTenant(ctx: Ctx, tenantId: TenantId): Promise<void> {
  const requested = await requestVerification(ctx, { tenantId });
  if (!requested.ok) ctx.log.info('no check was requested', { tenantId, problem: requested.problem.code });
}
