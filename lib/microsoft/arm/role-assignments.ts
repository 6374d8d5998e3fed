import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { ArmClient } from './client.ts';

/**
 * Built-in roles by their definition's GUID.
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const ROLE = {
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  userAccessAdministrator: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  roleBasedAccessControlAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  tagContributor: '4a9ae827-6dc8-4573-8ac7-8239d42aa03f',
} as const;

export type RoleAssignmentRequest = {
  readonly subscriptionId: string;
  /** Object id of the service principal in the customer's tenant. */
  readonly principalId: string;
  /** A GUID of `ROLE`. */
  readonly roleDefinitionId: string;
  /** From `roleAssignmentName`, so that a repetition writes the same assignment. */
  readonly name: string;
};

/** `existed`: the same right was there already, under this name or another. */
export type AssignedRole = { readonly outcome: 'created' | 'existed' };

/**
 * Gives a service principal a role on a subscription; done already counts as success.
 * Problems: principal-not-found (not replicated yet: try again), permission-missing, conflict …
 * @see https://learn.microsoft.com/rest/api/authorization/role-assignments/create
 */
export async function assignRole(
  _arm: ArmClient,
  _request: RoleAssignmentRequest,
  _options?: CallOptions,
): Promise<Result<AssignedRole>> {
  throw new Error('not implemented');
}

/** The same GUID for the same scope, principal and role, whatever their casing (a UUID of version 5). */
export function roleAssignmentName(_scope: string, _principalId: string, _roleDefinitionId: string): string {
  throw new Error('not implemented');
}

export type ArmRoleAssignment = {
  /** The ARM id of the assignment. */
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly principalId: string;
  /** The role's GUID alone, lower case, whatever form ARM returned. */
  readonly roleDefinitionId: string;
};

/**
 * Role assignments that hold on a subscription; with `assignedTo`, those of one principal, through groups too.
 * @see https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
export async function listRoleAssignments(
  _arm: ArmClient,
  _subscriptionId: string,
  _options?: CallOptions & { readonly assignedTo?: string },
): Promise<Result<ArmRoleAssignment[]>> {
  throw new Error('not implemented');
}
