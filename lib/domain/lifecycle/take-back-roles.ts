import type { FlowId, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Transaction } from '#lib/db/database.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { removeEnrollmentReader } from '#lib/microsoft/arm/billing-roles.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { type RemovedRole, removeRoleAt } from '#lib/microsoft/arm/role-assignments.ts';
import { forEachConcurrently } from '../consent/patience.ts';
import { endDelegation } from '../delegation/end.ts';
import { useDelegation } from '../delegation/use.ts';
import { forgetRole, ownRoles, roleKey } from '../role-assignments/record.ts';
import {
  isLeft,
  isOwnRole,
  listMicrosoftSide,
  type RoleThing,
  storedMicrosoftSide,
} from './microsoft-side.ts';
import type { RemovalId } from './model.ts';
import { lockTenant, openRemoval } from './remove-tenant.ts';

const CONCURRENT_CALLS = 6;
/** For one call, so that a person sees how it goes; who presses again goes on with the rest. */
const ASSIGNMENTS_MAX = 300;

export type TakeBackRoles = { readonly tenantId: TenantId; readonly flowId: FlowId };

export type TakenBack = { readonly takenBack: number; readonly left: number };

/**
 * Takes back the role assignments and roles on enrollments that were given to the portal through itself, with the rights
 * of the person who signed in for the removal of the tenant. What each one came to is written down at once, so that an
 * interruption loses nothing; one that failed stays, and the others go on. The sign-in ends when nothing is left to take
 * back.
 * Problems: forbidden, not-found, delegation-ended.
 */
export async function takeBackRoles(
  ctx: Ctx,
  { tenantId, flowId }: TakeBackRoles,
): Promise<Result<TakenBack>> {
  const used = await useDelegation(ctx, flowId, async (arm, delegation): Promise<Result<TakenBack>> => {
    if (delegation.tenantId !== tenantId || delegation.purpose !== 'remove-tenant') {
      return fail({ code: 'not-found', entity: 'sign-in' });
    }
    return ok(await takeBackAll(ctx, arm, tenantId));
  });
  if (!used.ok) return used;
  if (used.value.ok && used.value.value.left === 0) await endDelegation(ctx, flowId, 'finished');
  return used.value;
}

async function takeBackAll(ctx: Ctx, arm: ArmClient, tenantId: TenantId): Promise<TakenBack> {
  const removalId = await ctx.database.prisma.$transaction(async (tx) => {
    await lockTenant(tx, tenantId);
    return openRemoval(tx, ctx, tenantId);
  });
  const listed = await listMicrosoftSide(ctx.database.prisma, ctx, tenantId);
  const principal = await ctx.database.prisma.tenant.findFirstOrThrow({
    where: { id: tenantId, organizationId: ctx.actor.organizationId },
    select: { servicePrincipalId: true, directoryId: true },
  });
  const own = listed.filter(isOwnRole).filter(isLeft);
  const takeable = await withoutShared(ctx, tenantId, principal.directoryId, own);
  let takenBack = 0;
  await forEachConcurrently(takeable.slice(0, ASSIGNMENTS_MAX), CONCURRENT_CALLS, async (role) => {
    const outcome = await takeBack(ctx, arm, principal, role);
    await keepOutcome(ctx, { tenantId, removalId }, outcome);
    if (!isLeft(outcome)) takenBack += 1;
  });
  return { takenBack, left: takeable.length - takenBack };
}

/** Our identity in the directory. */
type Principal = { readonly servicePrincipalId: string | null; readonly directoryId: string };

/** What another connection of the directory, of whichever organization, stands on is not this one's to take. */
async function withoutShared(
  ctx: Ctx,
  tenantId: TenantId,
  directoryId: string,
  roles: readonly RoleThing[],
): Promise<readonly RoleThing[]> {
  const { prisma } = ctx.database;
  const scopes = roles.flatMap((role) => (role.kind === 'role-assignment' ? [role.scope] : []));
  const { shared } = await ownRoles(prisma, tenantId, scopes);
  const others = await prisma.billingAccount.findMany({
    where: {
      name: { in: roles.flatMap((role) => (role.kind === 'billing-role' ? [role.account] : [])) },
      tenantId: { not: tenantId },
      tenant: { directoryId, removedAt: null },
      OR: [{ assignedAt: { not: null } }, { roleSince: { not: null } }],
    },
    select: { name: true },
  });
  const sharedAccounts = new Set(others.map(({ name }) => name));
  return roles.filter((role) =>
    role.kind === 'role-assignment'
      ? !shared.has(roleKey(role.scope, role.name))
      : !sharedAccounts.has(role.account),
  );
}

async function takeBack<Role extends RoleThing>(
  ctx: Ctx,
  arm: ArmClient,
  principal: Principal,
  role: Role,
): Promise<Role> {
  const removed = await removeAtMicrosoft(arm, principal, role);
  const at = ctx.clock().toISOString();
  if (removed.ok) {
    const outcome = removed.value.outcome === 'removed' ? 'removed' : 'absent';
    return { ...role, outcome, at };
  }
  const { problem } = removed;
  // A subscription that does not exist has no role assignments either.
  if (problem.code === 'resource-not-found') return { ...role, outcome: 'absent', at };
  return { ...role, outcome: 'failed', at, problem };
}

async function removeAtMicrosoft(
  arm: ArmClient,
  { servicePrincipalId, directoryId }: Principal,
  role: RoleThing,
): Promise<Result<RemovedRole>> {
  if (role.kind === 'role-assignment') {
    return removeRoleAt(arm, { roleScope: role.scope, name: role.name });
  }
  // Without an identity nothing can have been given to it.
  if (!servicePrincipalId) return ok({ outcome: 'was-gone' });
  const request = {
    enrollment: role.account,
    principalId: servicePrincipalId,
    principalTenantId: directoryId,
  };
  return removeEnrollmentReader(arm, request);
}

async function keepOutcome(
  ctx: Ctx,
  { tenantId, removalId }: { readonly tenantId: TenantId; readonly removalId: RemovalId },
  role: RoleThing,
): Promise<void> {
  await ctx.database.prisma.$transaction(async (tx) => {
    if (!isLeft(role)) await forget(tx, tenantId, role);
    await tx.$executeRaw`
      UPDATE tenant_removal SET microsoft_side = microsoft_side || ${JSON.stringify(storedMicrosoftSide([role]))}::jsonb
      WHERE organization_id = ${ctx.actor.organizationId}::uuid AND id = ${removalId}::uuid`;
  });
}

async function forget(tx: Transaction, tenantId: TenantId, role: RoleThing): Promise<void> {
  if (role.kind === 'role-assignment') {
    await forgetRole(tx, { tenantId, roleScope: role.scope, name: role.name });
  } else {
    await tx.billingAccount.updateMany({
      where: { tenantId, name: role.account },
      data: { assignedAt: null, assignedBy: null, roleSince: null },
    });
  }
}
