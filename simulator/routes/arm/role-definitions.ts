import { ROLE_DEFINITIONS, type RoleDefinition, roleDefinition } from '../../state/role-definitions.ts';
import type { World } from '../../state/world.ts';
import { type ArmContext, armError, authorizationFailed, refuseScope, rolesAt } from './answers.ts';

/** The caller's effective permissions at a scope: one entry for each role. */
export function listPermissions(c: ArmContext, world: World, scope: string): Response {
  const refused = refuseScope(c, world, scope);
  if (refused) return refused;
  const roles = rolesAt(world, scope, c.get('claims').oid);
  if (roles.length === 0) return authorizationFailed(c, 'Microsoft.Authorization/permissions/read', scope);
  return c.json({ value: roles.map(permissionJson) });
}

const permissionJson = ({ actions, notActions }: RoleDefinition) => ({
  actions,
  notActions,
  dataActions: [],
  notDataActions: [],
});

/** Built-in roles, all or those of a `roleName eq '…'` filter. */
export function listRoleDefinitions(c: ArmContext, world: World, scope: string): Response {
  const refused = scope === '' ? undefined : refuseScope(c, world, scope);
  if (refused) return refused;
  const name = /roleName eq '([^']+)'/i.exec(c.req.query('$filter') ?? '')?.[1];
  const value = ROLE_DEFINITIONS.filter((definition) => name === undefined || definition.name === name);
  return c.json({ value: value.map((definition) => roleDefinitionJson(definition, scope)) });
}

export function getRoleDefinition(c: ArmContext, world: World, scope: string, id: string): Response {
  const refused = scope === '' ? undefined : refuseScope(c, world, scope);
  if (refused) return refused;
  const definition = roleDefinition(id);
  if (!definition)
    return armError(
      c,
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${id}' does not exist.`,
    );
  return c.json(roleDefinitionJson(definition, scope));
}

const roleDefinitionJson = (definition: RoleDefinition, scope: string) => ({
  id: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${definition.id}`,
  type: 'Microsoft.Authorization/roleDefinitions',
  name: definition.id,
  properties: {
    roleName: definition.name,
    type: 'BuiltInRole',
    description: definition.description,
    assignableScopes: ['/'],
    permissions: [permissionJson(definition)],
    createdOn: '2015-02-02T21:55:09.8806423Z',
    updatedOn: '2023-10-15T01:55:09.3213412Z',
    createdBy: null,
    updatedBy: null,
  },
});
