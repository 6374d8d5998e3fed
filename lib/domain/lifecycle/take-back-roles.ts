import type { FlowId, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { removeRoleAt } from '#lib/microsoft/arm/role-assignments.ts';
import { forEachConcurrently } from '../consent/patience.ts';
import { endDelegation } from '../delegation/end.ts';
import { useDelegation } from '../delegation/use.ts';
import { forgetRole, ownRoles, roleKey } from '../role-assignments/record.ts';
import {
  isLeft,
  listMicrosoftSide,
  type MicrosoftThing,
  type RoleAssignmentThing,
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
 * Takes back the role assignments that the portal made for a tenant, with the rights of the person who signed in for
 * its removal. What each one came to is written down at once, so that an interruption loses nothing; one that failed
 * stays, and the others go on. The sign-in ends when nothing is left to take back.
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
  const assignments = listed.filter(isAssignment).filter(isLeft);
  const { shared } = await ownRoles(
    ctx.database.prisma,
    tenantId,
    assignments.map(({ scope }) => scope),
  );
  // What another connection stands on is not this one's to take.
  const takeable = assignments.filter(({ scope, name }) => !shared.has(roleKey(scope, name)));
  let takenBack = 0;
  await forEachConcurrently(takeable.slice(0, ASSIGNMENTS_MAX), CONCURRENT_CALLS, async (assignment) => {
    const outcome = await takeBack(ctx, arm, assignment);
    await keepOutcome(ctx, { tenantId, removalId }, outcome);
    if (!isLeft(outcome)) takenBack += 1;
  });
  return { takenBack, left: takeable.length - takenBack };
}

const isAssignment = (thing: MicrosoftThing): thing is RoleAssignmentThing =>
  thing.kind === 'role-assignment';

async function takeBack(
  ctx: Ctx,
  arm: ArmClient,
  assignment: RoleAssignmentThing,
): Promise<RoleAssignmentThing> {
  const removed = await removeRoleAt(arm, { roleScope: assignment.scope, name: assignment.name });
  const at = ctx.clock().toISOString();
  if (removed.ok) {
    const outcome = removed.value.outcome === 'removed' ? 'removed' : 'absent';
    return { ...assignment, outcome, at };
  }
  const { problem } = removed;
  // A subscription that does not exist has no role assignments either.
  if (problem.code === 'resource-not-found') return { ...assignment, outcome: 'absent', at };
  return { ...assignment, outcome: 'failed', at, problem };
}

async function keepOutcome(
  ctx: Ctx,
  { tenantId, removalId }: { readonly tenantId: TenantId; readonly removalId: RemovalId },
  thing: RoleAssignmentThing,
): Promise<void> {
  await ctx.database.prisma.$transaction(async (tx) => {
    if (!isLeft(thing)) await forgetRole(tx, { tenantId, roleScope: thing.scope, name: thing.name });
    await tx.$executeRaw`
      UPDATE tenant_removal SET microsoft_side = microsoft_side || ${JSON.stringify(storedMicrosoftSide([thing]))}::jsonb
      WHERE organization_id = ${ctx.actor.organizationId}::uuid AND id = ${removalId}::uuid`;
  });
}
