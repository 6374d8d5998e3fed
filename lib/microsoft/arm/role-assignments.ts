import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { ArmClient } from './client.ts';
import { subscriptionScope } from './scope.ts';

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

const PROVIDER = '/providers/Microsoft.Authorization';
const API_VERSION = '2022-04-01';

export type RoleAssignmentRequest = {
  readonly subscriptionId: string;
  /** Object id of the service principal in the customer's tenant. */
  readonly principalId: string;
  /** A GUID of `ROLE`. */
  readonly roleDefinitionId: string;
  /** From `roleAssignmentName`, so that a repetition writes the same assignment. */
  readonly name: string;
};

/**
 * `existed`: the same right was there already, under this name or another. `isOurs`: it is there under this name, which
 * nobody but this portal gives.
 */
export type AssignedRole = { readonly outcome: 'created' | 'existed'; readonly isOurs: boolean };

/**
 * Gives a service principal a role on a subscription; done already counts as success.
 * Problems: principal-not-found (not replicated yet: try again), permission-missing, conflict …
 * @see https://learn.microsoft.com/rest/api/authorization/role-assignments/create
 */
export const assignRole = (
  arm: ArmClient,
  { subscriptionId, ...request }: RoleAssignmentRequest,
  options?: CallOptions,
): Promise<Result<AssignedRole>> =>
  assignRoleAt(arm, { roleScope: subscriptionScope(subscriptionId), ...request }, options);

/** The same at any scope, such as a management group: whatever lies below inherits it. */
export async function assignRoleAt(
  arm: ArmClient,
  request: Omit<RoleAssignmentRequest, 'subscriptionId'> & { readonly roleScope: string },
  options?: CallOptions,
): Promise<Result<AssignedRole>> {
  const scope = request.roleScope;
  // A management group has role definitions of its own; built-in ones are the tenant's.
  const home = scope.startsWith('/subscriptions/') ? scope : '';
  const created = await arm.put(
    `${scope}${PROVIDER}/roleAssignments/${Guid.parse(request.name)}?api-version=${API_VERSION}`,
    {
      properties: {
        roleDefinitionId: `${home}${PROVIDER}/roleDefinitions/${request.roleDefinitionId}`,
        principalId: request.principalId,
        // Without it, a principal that has not reached this region's directory yet is refused for longer.
        principalType: 'ServicePrincipal',
      },
    },
    options,
  );
  if (created.ok) return ok({ outcome: created.value.status === 201 ? 'created' : 'existed', isOurs: true });
  const { problem } = created;
  if (problem.code === 'conflict' && problem.microsoft?.code === 'RoleAssignmentExists') {
    return ok({ outcome: 'existed', isOurs: false });
  }
  return created;
}

/**
 * Takes a role assignment back; one that is not there any more counts as success.
 * Problems: permission-missing, request-rejected (a lock), conflict …
 * @see https://learn.microsoft.com/rest/api/authorization/role-assignments/delete
 */
export function removeRole(
  arm: ArmClient,
  { subscriptionId, name }: Pick<RoleAssignmentRequest, 'subscriptionId' | 'name'>,
  options?: CallOptions,
): Promise<Result<RemovedRole>> {
  return removeRoleAt(arm, { roleScope: subscriptionScope(subscriptionId), name }, options);
}

/** The same on any scope, such as that of a management group. */
export async function removeRoleAt(
  arm: ArmClient,
  { roleScope, name }: { readonly roleScope: string; readonly name: string },
  options?: CallOptions,
): Promise<Result<RemovedRole>> {
  const removed = await arm.delete(
    `${knownScope(roleScope)}${PROVIDER}/roleAssignments/${Guid.parse(name)}?api-version=${API_VERSION}`,
    options,
  );
  if (!removed.ok) return removed;
  return ok({ outcome: removed.value.status === 204 ? 'was-gone' : 'removed' });
}

export type RemovedRole = { readonly outcome: 'removed' | 'was-gone' };

const SCOPE =
  /^\/(subscriptions\/[0-9a-f-]{36}|providers\/Microsoft\.Management\/managementGroups\/[\w().-]+)$/i;

/** Throws for what is neither the scope of a subscription nor that of a management group. */
function knownScope(roleScope: string): string {
  if (!SCOPE.test(roleScope)) throw new Error(`no scope of roles: ${JSON.stringify(roleScope)}`);
  return roleScope;
}

/** The name space of our assignment names; any fixed GUID will do. */
const NAME_SPACE = '6e0f3c1b-5d0e-4b8e-9a53-0c7d7f1b1f5e';

/**
 * The same GUID for the same scope, principal and role, whatever their casing (a UUID of version 5).
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5
 */
export function roleAssignmentName(scope: string, principalId: string, roleDefinitionId: string): string {
  const text = [scope, principalId, roleDefinitionId].join(' ').toLowerCase();
  const hash = createHash('sha1')
    .update(Buffer.from(NAME_SPACE.replaceAll('-', ''), 'hex'))
    .update(text);
  const bytes = hash.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const LastSegment = z.string().transform((path) => path.slice(path.lastIndexOf('/') + 1).toLowerCase());

export const ArmRoleAssignment = z
  .object({
    id: z.string(),
    name: z.string(),
    properties: z.object({ scope: z.string(), principalId: Guid, roleDefinitionId: LastSegment.pipe(Guid) }),
  })
  .transform(({ id, name, properties }) => ({
    /** The ARM id of the assignment. */
    id,
    name,
    /** Where it was made: the subscription, or what the subscription inherits from. */
    scope: properties.scope,
    principalId: properties.principalId,
    /** The role's GUID alone, whether ARM returned the tenant's form or the subscription's. */
    roleDefinitionId: properties.roleDefinitionId,
  }));
export type ArmRoleAssignment = z.infer<typeof ArmRoleAssignment>;

/**
 * Role assignments that hold on a subscription, inherited ones included; with `assignedTo`, those of one user or
 * service principal, through groups too.
 * @see https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
export const listRoleAssignments = (
  arm: ArmClient,
  subscriptionId: string,
  options?: CallOptions & { readonly assignedTo?: string },
): Promise<Result<ArmRoleAssignment[]>> =>
  listRoleAssignmentsAt(arm, subscriptionScope(subscriptionId), options);

/** The scope above all management groups of a directory. */
export const ROOT_SCOPE = '/';

/** The same at any scope, such as a management group or `ROOT_SCOPE`. */
export function listRoleAssignmentsAt(
  arm: ArmClient,
  roleScope: string,
  { assignedTo, ...options }: CallOptions & { readonly assignedTo?: string } = {},
): Promise<Result<ArmRoleAssignment[]>> {
  const filter = assignedTo ? `atScope() and assignedTo('${Guid.parse(assignedTo)}')` : 'atScope()';
  const query = `api-version=${API_VERSION}&$filter=${encodeURIComponent(filter)}`;
  const scope = roleScope === ROOT_SCOPE ? '' : roleScope;
  return arm.list(`${scope}${PROVIDER}/roleAssignments?${query}`, ArmRoleAssignment, options);
}
