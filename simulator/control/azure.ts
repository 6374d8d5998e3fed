import { type ControlApp, readBody } from '../control.ts';
import { addRoleAssignment, addRootGroup, addSubscription, scopeChain } from '../state/azure.ts';
import { ROLE_DEFINITIONS } from '../state/role-definitions.ts';
import { findMembership, type World } from '../state/world.ts';
import {
  NewManagementGroup,
  NewRoleAssignment,
  NewSubscription,
  RoleAssignmentRemoval,
  SubscriptionChange,
} from './schemas.ts';

/** Control of Azure subscriptions and role assignments, without asking who may. */
export function azureControl(app: ControlApp, world: World): void {
  app.post('/_control/subscriptions', async (c) => {
    const body = await readBody(c, NewSubscription);
    if (!body.ok) return body.answer;
    const { tenantId, displayName, ...more } = body.value;
    addRootGroup(world.azure, tenantId);
    const subscription = addSubscription(world.azure, tenantId, displayName, more);
    world.changed();
    return c.json(subscription, 201);
  });

  app.post('/_control/management-groups', async (c) => {
    const body = await readBody(c, NewManagementGroup);
    if (!body.ok) return body.answer;
    const { tenantId, name, displayName, parent = tenantId } = body.value;
    addRootGroup(world.azure, tenantId);
    if (world.azure.managementGroups.some((group) => group.name === name))
      return c.json({ error: 'There is such a management group already.' }, 409);
    const group = { tenantId, name, displayName: displayName ?? name, parent };
    world.azure.managementGroups.push(group);
    world.changed();
    return c.json(group, 201);
  });

  app.post('/_control/subscriptions/:id', async (c) => {
    const body = await readBody(c, SubscriptionChange);
    if (!body.ok) return body.answer;
    const subscription = world.azure.subscriptions.get(c.req.param('id').toLowerCase());
    if (!subscription) return c.json({ error: 'There is no such subscription.' }, 404);
    Object.assign(subscription, body.value);
    world.changed();
    return c.json(subscription);
  });

  app.post('/_control/role-assignments', async (c) => {
    const body = await readBody(c, NewRoleAssignment);
    if (!body.ok) return body.answer;
    const scope = body.value.scope.toLowerCase();
    const chain = scopeChain(world.azure, scope, body.value.tenantId);
    const role = ROLE_DEFINITIONS.find(({ id, name }) => name === body.value.role || id === body.value.role);
    if (!chain || !role) return c.json({ error: 'There is no such scope or role.' }, 404);
    const { mail } = body.value;
    const principalId =
      body.value.principalId ?? (mail && findMembership(world, chain.tenantId, mail)?.objectId);
    if (!principalId) return c.json({ error: 'There is no such principal.' }, 404);
    const principalType = body.value.principalId ? 'ServicePrincipal' : 'User';
    const created = addRoleAssignment(world.azure, {
      scope,
      tenantId: chain.tenantId,
      roleId: role.id,
      principalId,
      principalType,
      ...(body.value.name && { name: body.value.name }),
    });
    world.changed();
    return c.json(created, 201);
  });

  app.post('/_control/role-assignments/remove', async (c) => {
    const body = await readBody(c, RoleAssignmentRemoval);
    if (!body.ok) return body.answer;
    const { scope, principalId } = body.value;
    let removed = 0;
    for (const [key, assignment] of world.azure.roleAssignments) {
      if (scope !== undefined && assignment.scope !== scope.toLowerCase()) continue;
      if (principalId !== undefined && assignment.principalId !== principalId) continue;
      world.azure.roleAssignments.delete(key);
      removed += 1;
    }
    world.changed();
    return c.json({ removed });
  });
}
