import type { TenantId } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { listRoleAssignments, roleAssignmentName } from '#lib/microsoft/arm/role-assignments.ts';
import { subscriptionScope } from '#lib/microsoft/arm/scope.ts';
import type { CallOptions } from '#lib/microsoft/http/call-options.ts';
import { recordRole } from '../role-assignments/record.ts';
import { type AssignedRole, toAssignedRole } from './role-plan.ts';

export type RolesOf = {
  readonly tenantId: TenantId;
  readonly subscriptionId: string;
  /** Object id of our service principal in the directory. */
  readonly principalId: string;
};

/**
 * The roles of our service principal that hold on a subscription. One that carries a name which nobody but this portal
 * gives goes into the record, in case the process that gave it died before it could say so.
 */
export async function readRoles(
  ctx: Ctx,
  arm: ArmClient,
  { tenantId, subscriptionId, principalId }: RolesOf,
  options?: CallOptions,
): Promise<Result<AssignedRole[]>> {
  const listed = await listRoleAssignments(arm, subscriptionId, { assignedTo: principalId, ...options });
  if (!listed.ok) return listed;
  const roles = listed.value.map(toAssignedRole);
  const ownScope = subscriptionScope(subscriptionId);
  for (const { roleScope, name, roleDefinitionId } of roles) {
    if (roleScope !== ownScope || name !== roleAssignmentName(roleScope, principalId, roleDefinitionId))
      continue;
    const role = { tenantId, roleScope, name, roleDefinitionId, principalId };
    await recordRole(ctx.database.prisma, ctx.clock(), role);
  }
  return ok(roles);
}
