import type { DirectoryId, TenantId } from '#lib/core/ids.ts';
import type { AccessLevel } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { ArmSubscription } from '#lib/microsoft/arm/azure-subscriptions.ts';
import { type ArmRoleAssignment, listRoleAssignments } from '#lib/microsoft/arm/role-assignments.ts';
import { managementGroupScope } from '#lib/microsoft/arm/scope.ts';
import type { CallOptions } from '#lib/microsoft/http/call-options.ts';
import { forEachConcurrently } from '../consent/patience.ts';
import { commandedName } from './command-names.ts';
import { keepAdded, keepGroup } from './keep.ts';
import { roleOf } from './model.ts';

const CONCURRENT_LOOKS = 6;
/** For one import; the rest are looked at by the next one. */
const LOOKS_MAX = 1_000;

const LEVELS = ['resources', 'tags_in', 'tags_in_out'] as const satisfies readonly AccessLevel[];

export type Adoption = {
  readonly tenantId: TenantId;
  readonly directoryId: DirectoryId;
  /** What our service principal sees. */
  readonly seen: readonly ArmSubscription[];
  readonly options: CallOptions;
};

/** A management group of the tenant with its path, lower case. */
type Group = { readonly scope: string; readonly accessLevel: AccessLevel };

/**
 * Makes those subscriptions part of the portal that our service principal sees by a role which this organization has
 * given: through a management group that was added, or by one of its commands, which have a name that nobody else
 * knows. What it sees by roles of others stays theirs.
 */
export async function adoptSubscriptions(
  ctx: Ctx,
  { tenantId, directoryId, seen, options }: Adoption,
): Promise<void> {
  const { prisma } = ctx.database;
  const tenant = await prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: ctx.actor.organizationId, removedAt: null },
    select: {
      servicePrincipalId: true,
      managementGroups: { select: { name: true, accessLevel: true } },
      azureSubscriptions: { where: { status: 'added' }, select: { subscriptionId: true } },
    },
  });
  const principalId = tenant?.servicePrincipalId;
  if (!tenant || !principalId) return;
  const added = new Set(tenant.azureSubscriptions.map(({ subscriptionId }) => subscriptionId));
  const unknown = seen.filter((one) => one.directoryId === directoryId && !added.has(one.subscriptionId));
  if (unknown.length === 0) return;
  const groups = tenant.managementGroups.map(({ name, accessLevel }) => ({
    scope: managementGroupScope(name).toLowerCase(),
    accessLevel,
  }));
  const arm = ctx.microsoft.armAsApp(directoryId);
  await forEachConcurrently(unknown.slice(0, LOOKS_MAX), CONCURRENT_LOOKS, async (subscription) => {
    const { subscriptionId, displayName, state, quotaId } = subscription;
    const roles = await listRoleAssignments(arm, subscriptionId, { ...options, assignedTo: principalId });
    // Not to be told is no answer: the next import asks again.
    if (!roles.ok) return;
    const found = findOwn(roles.value, { tenantId, principalId, groups });
    if (!found) return;
    const { accessLevel, groupName, isInherited } = found;
    if (groupName) {
      const group = { name: groupName, displayName: groupName };
      await keepGroup(ctx, { tenantId, group, accessLevel });
    }
    await keepAdded(ctx, {
      tenantId,
      subscription: { subscriptionId, displayName, state, quotaId },
      accessLevel,
      role: { how: isInherited ? 'inherited' : 'existed' },
    });
  });
}

type Own = {
  readonly accessLevel: AccessLevel;
  readonly isInherited: boolean;
  /** Of a management group that a command has given the role on, and that the portal does not know yet. */
  readonly groupName?: string;
};

type Known = {
  readonly tenantId: TenantId;
  readonly principalId: string;
  readonly groups: readonly Group[];
};

const GROUP = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/i;

/** The role that this organization has given, among those that hold on a subscription. */
function findOwn(
  roles: readonly ArmRoleAssignment[],
  { tenantId, principalId, groups }: Known,
): Own | undefined {
  for (const { scope, name, roleDefinitionId } of roles) {
    const group = groups.find((known) => known.scope === scope.toLowerCase());
    if (group && roleOf(group.accessLevel).id === roleDefinitionId) {
      return { accessLevel: group.accessLevel, isInherited: true };
    }
    const accessLevel = LEVELS.find(
      (level) =>
        commandedName({ tenantId, roleScope: scope, principalId, accessLevel: level }) === name.toLowerCase(),
    );
    if (!accessLevel || roleOf(accessLevel).id !== roleDefinitionId) continue;
    const groupName = GROUP.exec(scope)?.[1];
    return { accessLevel, isInherited: groupName !== undefined, ...(groupName && { groupName }) };
  }
  return undefined;
}
