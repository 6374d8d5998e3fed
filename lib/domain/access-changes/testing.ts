/*
 * For tests: an Azure tenant with subscriptions to which the portal has Reader, and an owner who has signed in.
 */
import { randomUUID } from 'node:crypto';
import { DirectoryId, type TenantId } from '#lib/core/ids.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { assignRole, ROLE, roleAssignmentName } from '#lib/microsoft/arm/role-assignments.ts';
import { subscriptionScope } from '#lib/microsoft/arm/scope.ts';
import {
  ARM_IMPERSONATION,
  AZURE_APP,
  type Control,
  delegatedToken,
  type RunningSimulator,
} from '../../../simulator/testing.ts';
import type { Ctx } from '../context.ts';
import { recordRole } from '../role-assignments/record.ts';
import { createTestTenant } from '../tenants/testing.ts';
import { type RolePlan, roleName } from './role-plan.ts';

/** A role of ours as tests compare it: what, and where. */
export type FoundRole = `${string} at ${'subscription' | 'group'}`;

export type AccessBed = {
  readonly tenantId: TenantId;
  readonly directoryId: DirectoryId;
  readonly principalId: string;
  readonly subscriptionIds: readonly string[];
  /** The account that owns the subscriptions. */
  readonly owner: string;
  readonly token: string;
  /** Azure as that owner. */
  readonly arm: ArmClient;
  /** The roles of our service principal on a subscription, as the simulator has them. */
  rolesOf(subscriptionId: string): Promise<FoundRole[]>;
  levelOf(subscriptionId: string): Promise<string | null>;
};

type SimulatedRole = { scope: string; roleId: string; principalId: string };

export async function createAccessBed(
  ctx: Ctx,
  { url, control }: Pick<RunningSimulator, 'url' | 'control'>,
  subscriptions = 1,
): Promise<AccessBed> {
  const domain = `access-${randomUUID().slice(0, 8)}.example.com`;
  const { tenant, persona } = await control.createTenant({ domain, users: 1, subscriptions });
  const { objectId: principalId } = await control.grant(tenant.id, AZURE_APP.clientId);
  const directoryId = DirectoryId.parse(tenant.id);
  const { tenantId } = await createTestTenant(ctx, {
    kind: 'azure',
    directoryId,
    servicePrincipalId: principalId,
  });
  const subscriptionIds = (await subscriptionsOf(control, directoryId)).toSorted();
  const token = await delegatedToken(url, persona.mail, `openid ${ARM_IMPERSONATION}`, {
    app: AZURE_APP,
    tenant: directoryId,
  });
  const arm = ctx.microsoft.armAsPerson(token);
  for (const subscriptionId of subscriptionIds)
    await onboard(ctx, arm, { tenantId, principalId, subscriptionId });
  return {
    tenantId,
    directoryId,
    principalId,
    subscriptionIds,
    owner: persona.mail,
    token,
    arm,
    async rolesOf(subscriptionId) {
      const { roleAssignments } = await control.request<{ roleAssignments: SimulatedRole[] }>(
        'GET',
        '/state',
      );
      return roleAssignments
        .filter((role) => role.principalId === principalId)
        .filter(({ scope }) => scope === subscriptionScope(subscriptionId) || scope.includes(directoryId))
        .map(({ scope, roleId }): FoundRole => {
          return `${roleName(roleId)} at ${scope === subscriptionScope(subscriptionId) ? 'subscription' : 'group'}`;
        })
        .toSorted();
    },
    async levelOf(subscriptionId) {
      const { accessLevel } = await ctx.database.prisma.azureSubscription.findUniqueOrThrow({
        where: { tenantId_subscriptionId: { tenantId, subscriptionId } },
        select: { accessLevel: true },
      });
      return accessLevel;
    },
  };
}

async function subscriptionsOf(control: Control, directoryId: string): Promise<string[]> {
  const { subscriptions } = await control.request<{ subscriptions: { id: string; tenantId: string }[] }>(
    'GET',
    '/state',
  );
  return subscriptions.filter((each) => each.tenantId === directoryId).map(({ id }) => id);
}

async function onboard(
  ctx: Ctx,
  arm: ArmClient,
  {
    tenantId,
    principalId,
    subscriptionId,
  }: { tenantId: TenantId; principalId: string; subscriptionId: string },
): Promise<void> {
  const roleScope = subscriptionScope(subscriptionId);
  const roleDefinitionId = ROLE.reader;
  const name = roleAssignmentName(roleScope, principalId, roleDefinitionId);
  const given = await assignRole(arm, { subscriptionId, principalId, roleDefinitionId, name });
  if (!given.ok) throw new Error(JSON.stringify(given.problem));
  const { prisma } = ctx.database;
  await recordRole(prisma, ctx.clock(), { tenantId, roleScope, name, roleDefinitionId, principalId });
  await prisma.azureSubscription.create({
    data: {
      tenantId,
      subscriptionId,
      displayName: `Subscription ${subscriptionId.slice(0, 4)}`,
      state: 'Enabled',
      status: 'added',
      accessLevel: 'resources',
      roleAssignmentName: name,
      addedAt: ctx.clock(),
    },
    select: { subscriptionId: true },
  });
}

/** A plan in short: what it adds, removes and leaves. */
export const inShort = ({ add, remove, stays }: RolePlan) => ({
  add: add ? roleName(add.roleDefinitionId) : undefined,
  remove: remove.map(({ roleDefinitionId }) => roleName(roleDefinitionId)),
  stays: stays.map(({ roleDefinitionId, why }) => `${roleName(roleDefinitionId)} ${why}`),
});
