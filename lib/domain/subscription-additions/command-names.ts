import type { TenantId } from '#lib/core/ids.ts';
import { roleAssignmentName } from '#lib/microsoft/arm/role-assignments.ts';
import type { AccessLevel } from '../tenants/model.ts';
import { roleOf } from './model.ts';

/** A role assignment that somebody makes by a command of ours, at a scope. */
export type CommandedRole = {
  readonly tenantId: TenantId;
  readonly roleScope: string;
  readonly principalId: string;
  readonly accessLevel: AccessLevel;
};

/**
 * The name of the assignment in the commands that the pages show. The portal's own id of the tenant is in it, which
 * nobody else knows: an import that finds the name knows that the command was this organization's, and which access
 * level was meant. Two organizations may have connected one directory, where our service principal is the same.
 */
export const commandedName = ({ tenantId, roleScope, principalId, accessLevel }: CommandedRole): string =>
  roleAssignmentName(`${roleScope} ${tenantId} ${accessLevel}`, principalId, roleOf(accessLevel).id);
