import type { Hono } from 'hono';
import {
  addRoleAssignment,
  type ManagementGroup,
  managementGroupScope,
  ROOT_SCOPE,
} from '../../state/azure.ts';
import { ROLE_DEFINITIONS } from '../../state/role-definitions.ts';
import type { World } from '../../state/world.ts';
import { type ArmEnv, armError, armPage, authorizationFailed, mayAt, refuseScope } from './answers.ts';

const READ = 'Microsoft.Management/managementGroups/read';
const READ_DESCENDANTS = 'Microsoft.Management/managementGroups/descendants/read';
const ELEVATE = 'Microsoft.Authorization/elevateAccess/action';
const GROUPS = '/providers/Microsoft.Management/managementGroups';

/**
 * Management groups that the caller may read, what lies below one, and the elevation of a Global Administrator.
 * @see https://learn.microsoft.com/rest/api/managementgroups
 * @see https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin
 */
export function managementGroupRoutes(app: Hono<ArmEnv>, world: World): void {
  app.get(GROUPS, (c) => {
    const { tid, oid } = c.get('claims');
    const groups = world.azure.managementGroups.filter(
      (group) => group.tenantId === tid && mayAt(world, managementGroupScope(group.name), oid, READ),
    );
    return c.json(armPage(c, world, groups.map(groupJson)));
  });

  app.get(`${GROUPS}/:name/descendants`, (c) => {
    const name = c.req.param('name');
    const scope = managementGroupScope(name);
    const refused = refuseScope(c, world, scope);
    if (refused) return refused;
    if (!mayAt(world, scope, c.get('claims').oid, READ_DESCENDANTS))
      return authorizationFailed(c, READ_DESCENDANTS, scope);
    return c.json(armPage(c, world, descendants(world, name)));
  });

  app.post('/providers/Microsoft.Authorization/elevateAccess', (c) => {
    const { tid, oid, idtyp } = c.get('claims');
    const membership = world.memberships.find((each) => each.tenantId === tid && each.objectId === oid);
    if (idtyp === 'app' || !membership?.directoryRoles.includes('Global Administrator'))
      return armError(
        c,
        403,
        'AuthorizationFailed',
        `The client '${oid}' does not have authorization to perform action '${ELEVATE}' over scope '/'.`,
      );
    const role = ROLE_DEFINITIONS.find((definition) => definition.name === 'User Access Administrator');
    if (role)
      addRoleAssignment(world.azure, {
        scope: ROOT_SCOPE,
        tenantId: tid,
        roleId: role.id,
        principalId: oid,
        principalType: 'User',
      });
    world.changed();
    return c.body(null, 200);
  });
}

const groupJson = ({ name, tenantId, displayName }: ManagementGroup) => ({
  id: `${GROUPS}/${name}`,
  type: 'Microsoft.Management/managementGroups',
  name,
  properties: { tenantId, displayName: displayName ?? name },
});

/** The groups and subscriptions below a group, at any depth. */
function descendants(world: World, name: string): object[] {
  const { managementGroups, subscriptions } = world.azure;
  const own = managementGroups.find((group) => group.name.toLowerCase() === name.toLowerCase());
  if (!own) return [];
  const parent = { id: `${GROUPS}/${own.name}` };
  const below = [...subscriptions.values()].filter(({ managementGroup }) => managementGroup === own.name);
  return [
    ...below.map(({ id, displayName }) => ({
      id: `/subscriptions/${id}`,
      type: '/subscriptions',
      name: id,
      properties: { displayName, parent },
    })),
    ...managementGroups
      .filter((group) => group.parent === own.name)
      .flatMap((group) => [
        { ...groupJson(group), properties: { displayName: group.displayName ?? group.name, parent } },
        ...descendants(world, group.name),
      ]),
  ];
}
