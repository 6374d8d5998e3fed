import { deny } from '#lib/access/permissions.ts';
import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type ArmSubscription, listAzureSubscriptions } from '#lib/microsoft/arm/azure-subscriptions.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { deniesAssigningRoles, listDenyAssignments } from '#lib/microsoft/arm/deny-assignments.ts';
import { listManagementGroups, listSubscriptionsBelow } from '#lib/microsoft/arm/management-groups.ts';
import { listPermissionsAt, mayAssignRoles, WRITE_ROLE_ASSIGNMENTS } from '#lib/microsoft/arm/permissions.ts';
import {
  type ArmRoleAssignment,
  listRoleAssignments,
  listRoleAssignmentsAt,
  ROLE,
  ROOT_SCOPE,
} from '#lib/microsoft/arm/role-assignments.ts';
import { managementGroupScope } from '#lib/microsoft/arm/scope.ts';
import { findObstacle } from '../consent/owned-subscriptions.ts';
import { forEachConcurrently } from '../consent/patience.ts';
import type { Delegation } from '../delegation/model.ts';
import { useDelegation } from '../delegation/use.ts';
import { toJson } from '../problem-json.ts';
import type { StoredGroup, StoredRole } from './model.ts';
import { type AdditionReference, findOpenAddition, type OpenAddition } from './row.ts';

/** Three calls for each subscription: with 200 ms each, 60 of them are looked at in about 5 seconds. */
const CONCURRENT_LOOKS = 8;
const GROUPS_MAX = 500;
/** Between two signs of life of a long look. */
const LOOKS_PER_REPORT = 10;

type Seen = {
  readonly subscription: ArmSubscription;
  readonly obstacle?: Problem;
  readonly roles: readonly StoredRole[];
};

/**
 * Looks with the rights of the person who has signed in: every subscription they see, what keeps it from being added,
 * the roles our service principal has already, the management groups they may give roles on, and whether they have
 * elevated their access. Keeps it for the page. What was chosen before stays chosen. Problems: forbidden.
 */
export async function lookForSubscriptions(
  ctx: Ctx,
  reference: AdditionReference,
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const addition = await findOpenAddition(ctx, reference);
  if (addition?.state !== 'looking') return ok(undefined);
  const used = await useDelegation(ctx, addition.flowId, (arm, delegation) =>
    look(ctx, addition, arm, delegation),
  );
  const problem = !used.ok ? used.problem : used.value.ok ? undefined : used.value.problem;
  if (problem) await update(ctx, addition, { state: 'choosing', problem: toJson(problem) });
  return ok(undefined);
}

async function look(
  ctx: Ctx,
  addition: OpenAddition,
  arm: ArmClient,
  delegation: Delegation,
): Promise<Result<undefined>> {
  const listed = await listAzureSubscriptions(arm);
  if (!listed.ok) return listed;
  const all = listed.value.length;
  await update(ctx, addition, { looked: 0, seen: all });
  const principalId = addition.servicePrincipalId;
  const personId = delegation.signedIn?.objectId ?? '';
  const seen: Seen[] = [];
  let looked = 0;
  await forEachConcurrently(listed.value, CONCURRENT_LOOKS, async (subscription) => {
    seen.push(await lookAt(arm, subscription, { delegation, personId, principalId }));
    looked += 1;
    if (looked % LOOKS_PER_REPORT === 0) await update(ctx, addition, { looked });
  });
  const [groups, elevation] = await Promise.all([
    findGroups(arm, principalId),
    personId ? findElevation(arm, personId) : undefined,
  ]);
  await keep(ctx, addition, { seen, groups, elevation });
  return ok(undefined);
}

type Looker = {
  readonly delegation: Delegation;
  /** Object ids in the directory: of the person, and of our service principal. */
  readonly personId: string;
  readonly principalId: string | null;
};

async function lookAt(
  arm: ArmClient,
  subscription: ArmSubscription,
  { delegation, personId, principalId }: Looker,
): Promise<Seen> {
  const { subscriptionId } = subscription;
  const obstacle = await findObstacle(arm, delegation.directoryId, subscription);
  if (obstacle) return { subscription, obstacle, roles: [] };
  const [denials, assigned] = await Promise.all([
    listDenyAssignments(arm, subscriptionId),
    principalId ? listRoleAssignments(arm, subscriptionId, { assignedTo: principalId }) : ok([]),
  ]);
  const roles = assigned.ok ? assigned.value.map(toStoredRole) : [];
  // Where they may not be read, Azure says so when it is tried.
  const isDenied = denials.ok && denials.value.some((denial) => deniesAssigningRoles(denial, personId));
  return { subscription, roles, ...(isDenied && { obstacle: DENIED }) };
}

const DENIED: Problem = {
  code: 'permission-missing',
  permission: WRITE_ROLE_ASSIGNMENTS,
  microsoft: { code: 'DenyAssignmentAuthorizationFailed' },
};

const toStoredRole = ({ roleDefinitionId, scope }: ArmRoleAssignment): StoredRole => ({
  roleDefinitionId,
  roleScope: scope,
});

/** Those on which the person may give roles. Not to see any is no failure: few people do. */
async function findGroups(arm: ArmClient, principalId: string | null): Promise<readonly StoredGroup[]> {
  const listed = await listManagementGroups(arm);
  if (!listed.ok) return [];
  const groups: StoredGroup[] = [];
  await forEachConcurrently(listed.value.slice(0, GROUPS_MAX), CONCURRENT_LOOKS, async (group) => {
    const roleScope = managementGroupScope(group.name);
    const permissions = await listPermissionsAt(arm, roleScope);
    if (!permissions.ok || !mayAssignRoles(permissions.value)) return;
    const [below, assigned] = await Promise.all([
      listSubscriptionsBelow(arm, group.name),
      principalId ? listRoleAssignmentsAt(arm, roleScope, { assignedTo: principalId }) : ok([]),
    ]);
    if (!below.ok) return;
    const roles = assigned.ok ? assigned.value.map(toStoredRole) : [];
    groups.push({ ...group, subscriptionIds: below.value, roles });
  });
  return groups.toSorted((a, b) => a.displayName.localeCompare(b.displayName, 'en'));
}

/**
 * The name of the role assignment that "Access management for Azure resources" leaves behind, if the person has it.
 * @see https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin
 */
async function findElevation(arm: ArmClient, personId: string): Promise<string | undefined> {
  const assigned = await listRoleAssignmentsAt(arm, ROOT_SCOPE, { assignedTo: personId });
  // Who has no role there may not read there.
  if (!assigned.ok) return undefined;
  return assigned.value.find(
    ({ scope, roleDefinitionId }) =>
      scope === ROOT_SCOPE && roleDefinitionId === ROLE.userAccessAdministrator,
  )?.name;
}

type Findings = {
  readonly seen: readonly Seen[];
  readonly groups: readonly StoredGroup[];
  readonly elevation: string | undefined;
};

async function keep(ctx: Ctx, addition: OpenAddition, { seen, groups, elevation }: Findings): Promise<void> {
  const { tenantId, additionId } = addition;
  const own = { tenantId, additionId };
  await ctx.database.prisma.$transaction(async (tx) => {
    const [added, before] = await Promise.all([
      tx.azureSubscription.findMany({
        where: { tenantId, status: 'added' },
        select: { subscriptionId: true },
      }),
      tx.subscriptionAdditionItem.findMany({
        where: own,
        select: { subscriptionId: true, isChosen: true, obstacle: true },
      }),
    ]);
    const addedIds = new Set(added.map(({ subscriptionId }) => subscriptionId));
    // What the person had chosen stays so; what they could not choose then is as if it were new.
    const chosenBefore = new Map(
      before.filter(({ obstacle }) => obstacle === null).map((row) => [row.subscriptionId, row.isChosen]),
    );
    await tx.subscriptionAdditionItem.deleteMany({ where: own });
    await tx.subscriptionAdditionItem.createMany({
      data: seen.map(({ subscription, obstacle, roles }) => {
        const { subscriptionId, displayName, state, quotaId } = subscription;
        const isAdded = addedIds.has(subscriptionId);
        return {
          ...own,
          subscriptionId,
          displayName,
          state,
          quotaId,
          obstacle: obstacle ? toJson(obstacle) : Prisma.DbNull,
          isAdded,
          roles: roles.map(toJson),
          isChosen: !obstacle && !isAdded && (chosenBefore.get(subscriptionId) ?? true),
        };
      }),
    });
    await tx.subscriptionAddition.updateMany({
      where: { tenantId, id: additionId, state: 'looking' },
      data: {
        state: 'choosing',
        problem: Prisma.DbNull,
        looked: seen.length,
        seen: seen.length,
        groups: groups.map(toJson),
        elevation: elevation ?? null,
        updatedAt: ctx.clock(),
      },
    });
  });
}

const update = (
  ctx: Ctx,
  { tenantId, additionId }: AdditionReference,
  data: Prisma.SubscriptionAdditionUpdateManyMutationInput,
) =>
  ctx.database.prisma.subscriptionAddition.updateMany({
    where: { tenantId, id: additionId, state: 'looking' },
    data: { ...data, updatedAt: ctx.clock() },
  });
