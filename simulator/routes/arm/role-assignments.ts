import { assignmentKey, type PrincipalType, type RoleAssignment, scopeChain } from '../../state/azure.ts';
import { isGuid } from '../../state/hash.ts';
import { roleDefinition, roleIdOf } from '../../state/role-definitions.ts';
import { directoryOf, lagsOf, nowOf, type World } from '../../state/world.ts';
import {
  type ArmContext,
  armError,
  armPage,
  isReadOnly,
  refuseAction,
  refuseByPolicy,
  refuseLocked,
  refuseScope,
  subscriptionOf,
} from './answers.ts';
import { assignmentJson } from './assignment-json.ts';

const READ = 'Microsoft.Authorization/roleAssignments/read';
const WRITE = 'Microsoft.Authorization/roleAssignments/write';
const DELETE = 'Microsoft.Authorization/roleAssignments/delete';

/** Role assignments at a scope, with the documented filters. Without one those below the scope belong to it too. */
export function listRoleAssignments(c: ArmContext, world: World, scope: string): Response {
  const refused = refuseScope(c, world, scope) ?? refuseAction(c, world, scope, READ);
  if (refused) return refused;
  const filter = readFilter(c.req.query('$filter'));
  if (!filter)
    return armError(
      c,
      400,
      'UnsupportedQuery',
      `The filter '${c.req.query('$filter')}' is not supported. Supported filters are either 'atScope()' or 'principalId eq '{value}'' or 'assignedTo('{value}')'.`,
    );
  const above = scopeChain(world.azure, scope)?.scopes ?? [];
  const lower = scope.toLowerCase();
  const { roleAssignmentListLagMs } = lagsOf(world, c.get('claims').tid);
  const { tid } = c.get('claims');
  const value = [...world.azure.roleAssignments.values()]
    .filter((each) => each.tenantId === tid)
    .filter((each) => nowOf(world) >= each.createdOn + roleAssignmentListLagMs)
    .filter((each) => above.includes(each.scope) || (!filter.atScope && each.scope.startsWith(`${lower}/`)))
    .filter((each) => filter.principalId === undefined || each.principalId === filter.principalId)
    .map((each) => assignmentJson(each));
  return c.json(armPage(c, world, value));
}

type AssignmentFilter = { readonly atScope: boolean; readonly principalId: string | undefined };

/** The parts of a filter, joined by `and`; undefined for one that ARM does not take. Nobody here is in a group. */
function readFilter(text: string | undefined): AssignmentFilter | undefined {
  let filter: AssignmentFilter = { atScope: false, principalId: undefined };
  for (const part of (text ?? '').split(/\s+and\s+/i).filter(Boolean)) {
    const principal =
      /^assignedTo\('([^']+)'\)$/i.exec(part.trim())?.[1] ??
      /^principalId\s+eq\s+'?([0-9a-f-]+)'?$/i.exec(part.trim())?.[1];
    if (/^atScope\(\)$/i.test(part.trim())) filter = { ...filter, atScope: true };
    else if (principal) filter = { ...filter, principalId: principal.toLowerCase() };
    else return undefined;
  }
  return filter;
}

/** One role assignment by its name. */
export function getRoleAssignment(c: ArmContext, world: World, scope: string, name: string): Response {
  const refused = refuseScope(c, world, scope) ?? refuseAction(c, world, scope, READ);
  if (refused) return refused;
  const found = world.azure.roleAssignments.get(assignmentKey(scope, name));
  if (!found)
    return armError(c, 404, 'RoleAssignmentNotFound', `The role assignment '${name}' is not found.`);
  return c.json(assignmentJson(found));
}

type PutBody = {
  roleDefinitionId: string;
  principalId: string;
  principalType: string | undefined;
  description: string | undefined;
};

/** Creates a role assignment: 201; the same once more 200; the same under another name 409. */
export async function putRoleAssignment(
  c: ArmContext,
  world: World,
  scope: string,
  name: string,
): Promise<Response> {
  const refused = refuseScope(c, world, scope) ?? refuseWrite(c, world, scope, WRITE);
  if (refused) return refused;
  if (!isGuid(name))
    return armError(
      c,
      400,
      'InvalidRoleAssignmentId',
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    );
  const body = readBody(await c.req.json().catch(() => undefined));
  if (!body)
    return armError(
      c,
      400,
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized.',
    );
  const roleId = roleIdOf(body.roleDefinitionId);
  if (!roleId || !roleDefinition(roleId))
    return armError(
      c,
      400,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${body.roleDefinitionId}' does not exist.`,
    );
  const principal = refusePrincipal(c, world, body);
  if (principal) return principal;

  const forbidden =
    refuseLocked(c, world, assignmentId(scope, name), scope, 'write') ??
    refuseByPolicy(c, world, { name, scope, roleId });
  if (forbidden) return forbidden;

  const key = assignmentKey(scope, name);
  const principalId = body.principalId.toLowerCase();
  const existing = world.azure.roleAssignments.get(key);
  if (existing) {
    if (existing.roleId === roleId && existing.principalId === principalId)
      return c.json(assignmentJson(existing, 'tenant'), 200);
    return armError(
      c,
      400,
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    );
  }
  const lower = scope.toLowerCase();
  const same = [...world.azure.roleAssignments.values()].find(
    (each) => each.scope === lower && each.roleId === roleId && each.principalId === principalId,
  );
  if (same) {
    const id = same.name.replaceAll('-', '');
    return armError(
      c,
      409,
      'RoleAssignmentExists',
      `The role assignment already exists. The ID of the existing role assignment is ${id}.`,
    );
  }
  const created: RoleAssignment = {
    name: name.toLowerCase(),
    scope: lower,
    tenantId: c.get('claims').tid,
    roleId,
    principalId,
    principalType: principalTypeOf(world, principalId) ?? 'ServicePrincipal',
    description: body.description ?? null,
    createdOn: nowOf(world),
    createdBy: c.get('claims').oid,
  };
  world.azure.roleAssignments.set(key, created);
  world.changed();
  return c.json(assignmentJson(created, 'tenant'), 201);
}

const assignmentId = (scope: string, name: string): string =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;

function refuseWrite(c: ArmContext, world: World, scope: string, action: string): Response | undefined {
  const refused = refuseAction(c, world, scope, action);
  if (refused) return refused;
  const subscription = subscriptionOf(world, scope);
  return isReadOnly(subscription)
    ? armError(
        c,
        409,
        'ReadOnlyDisabledSubscription',
        `The subscription '${subscription?.id}' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.`,
      )
    : undefined;
}

function readBody(body: unknown): PutBody | undefined {
  const properties = isObject(body) ? body.properties : undefined;
  if (!isObject(properties)) return undefined;
  const { roleDefinitionId, principalId, principalType, description } = properties;
  if (typeof roleDefinitionId !== 'string' || typeof principalId !== 'string') return undefined;
  return {
    roleDefinitionId,
    principalId,
    principalType: typeof principalType === 'string' ? principalType : undefined,
    description: typeof description === 'string' ? description : undefined,
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Refuses a principal that the directory does not have, or does not yet have everywhere. */
function refusePrincipal(c: ArmContext, world: World, body: PutBody): Response | undefined {
  const { tid } = c.get('claims');
  const principalId = body.principalId.toLowerCase();
  const notFound = () =>
    armError(
      c,
      400,
      'PrincipalNotFound',
      `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${tid}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
    );
  const actual = principalTypeOf(world, principalId, tid);
  if (!actual) return notFound();
  if (body.principalType !== undefined && body.principalType !== actual)
    return armError(
      c,
      400,
      'UnmatchedPrincipalType',
      `The PrincipalId '${principalId}' has type '${actual}' , which is different from specified PrinciaplType '${body.principalType}'.`,
    );
  const principal = [...world.grants.values()].find((each) => each.objectId === principalId);
  const lagMs =
    body.principalType === undefined
      ? world.settings.principalLagWithoutTypeMs
      : lagsOf(world, tid).principalLagMs;
  return principal && nowOf(world) < principal.createdAt + lagMs ? notFound() : undefined;
}

function principalTypeOf(world: World, principalId: string, tenantId?: string): PrincipalType | undefined {
  for (const principal of world.grants.values())
    if (principal.objectId === principalId && (!tenantId || principal.tenantId === tenantId))
      return 'ServicePrincipal';
  for (const tenant of world.tenants.values())
    if ((!tenantId || tenant.id === tenantId) && directoryOf(world, tenant).find(principalId) !== undefined)
      return 'User';
  return undefined;
}

/**
 * Deletes a role assignment: 200 with what was there, 204 when there was nothing. A lock of any kind on the scope or
 * above it forbids it.
 */
export function deleteRoleAssignment(c: ArmContext, world: World, scope: string, name: string): Response {
  const refused =
    refuseScope(c, world, scope) ??
    refuseWrite(c, world, scope, DELETE) ??
    refuseLocked(c, world, assignmentId(scope, name), scope, 'delete');
  if (refused) return refused;
  const key = assignmentKey(scope, name);
  const existing = world.azure.roleAssignments.get(key);
  if (!existing) return c.body(null, 204);
  if (isLastOwner(world, existing))
    return armError(
      c,
      400,
      'CannotDeleteLastRbacAdminAssignment',
      'Cannot delete the last RBAC admin assignment.',
    );
  world.azure.roleAssignments.delete(key);
  world.changed();
  return c.json(assignmentJson(existing));
}

function isLastOwner(world: World, assignment: RoleAssignment): boolean {
  if (roleDefinition(assignment.roleId)?.name !== 'Owner') return false;
  const scopes = scopeChain(world.azure, assignment.scope)?.scopes ?? [];
  const owners = [...world.azure.roleAssignments.values()].filter(
    (each) => scopes.includes(each.scope) && each.roleId === assignment.roleId,
  );
  return owners.length <= 1;
}
