import { type ControlApp, readBody } from '../control.ts';
import { scopeChain } from '../state/azure.ts';
import { obstacleId } from '../state/obstacles.ts';
import { ROLE_DEFINITIONS } from '../state/role-definitions.ts';
import type { World } from '../state/world.ts';
import { NewDenyAssignment, NewDenyPolicy, NewLock, ObstacleRemoval } from './schemas.ts';

/** Control of what stands in the way of role changes at one scope: locks, deny assignments and policies. */
export function obstacleControl(app: ControlApp, world: World): void {
  const noScope = { error: 'There is no such scope.' };
  const isKnown = (scope: string): boolean => scopeChain(world.azure, scope) !== undefined;

  app.post('/_control/locks', async (c) => {
    const body = await readBody(c, NewLock);
    if (!body.ok) return body.answer;
    if (!isKnown(body.value.scope)) return c.json(noScope, 404);
    const lock = { id: obstacleId(), ...body.value };
    world.azure.obstacles.locks.push(lock);
    world.changed();
    return c.json(lock, 201);
  });

  app.post('/_control/deny-assignments', async (c) => {
    const body = await readBody(c, NewDenyAssignment);
    if (!body.ok) return body.answer;
    if (!isKnown(body.value.scope)) return c.json(noScope, 404);
    const denial = { id: obstacleId(), ...body.value, principalIds: body.value.principalIds };
    world.azure.obstacles.denyAssignments.push(denial);
    world.changed();
    return c.json(denial, 201);
  });

  app.post('/_control/policies', async (c) => {
    const body = await readBody(c, NewDenyPolicy);
    if (!body.ok) return body.answer;
    const { scope, name, roles } = body.value;
    if (!isKnown(scope)) return c.json(noScope, 404);
    const known = ROLE_DEFINITIONS.filter((role) => roles?.includes(role.id) || roles?.includes(role.name));
    if (roles && known.length < roles.length) return c.json({ error: 'There is no such role.' }, 404);
    const policy = { id: obstacleId(), name, scope, roleIds: roles && known.map(({ id }) => id) };
    world.azure.obstacles.policies.push(policy);
    world.changed();
    return c.json(policy, 201);
  });

  app.post('/_control/obstacles/remove', async (c) => {
    const body = await readBody(c, ObstacleRemoval);
    if (!body.ok) return body.answer;
    const { scope, kind } = body.value;
    const { obstacles } = world.azure;
    let removed = 0;
    for (const [name, list] of Object.entries(obstacles)) {
      if (kind !== undefined && kind !== name) continue;
      for (let index = list.length - 1; index >= 0; index--) {
        if (list[index]?.scope !== scope) continue;
        list.splice(index, 1);
        removed += 1;
      }
    }
    world.changed();
    return c.json({ removed });
  });
}
