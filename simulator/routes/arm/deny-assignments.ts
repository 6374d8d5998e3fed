import { scopeChain } from '../../state/azure.ts';
import type { DenyAssignment } from '../../state/obstacles.ts';
import type { World } from '../../state/world.ts';
import { type ArmContext, armError, armPage, refuseAction, refuseScope } from './answers.ts';

const READ = 'Microsoft.Authorization/denyAssignments/read';
/** Everybody. */
const ALL_PRINCIPALS = { id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' };

/** The deny assignments at a scope and above it; without a filter also those below. */
export function listDenyAssignments(c: ArmContext, world: World, scope: string): Response {
  const refused = refuseScope(c, world, scope) ?? refuseAction(c, world, scope, READ);
  if (refused) return refused;
  const filter = c.req.query('$filter') ?? '';
  if (filter !== '' && !/^atScope\(\)$/i.test(filter))
    return armError(c, 400, 'UnsupportedQuery', `The filter '${filter}' is not supported.`);
  const above = scopeChain(world.azure, scope)?.scopes ?? [];
  const below = `${scope.toLowerCase()}/`;
  const value = world.azure.obstacles.denyAssignments.filter(
    (each) => above.includes(each.scope) || (filter === '' && each.scope.startsWith(below)),
  );
  return c.json(armPage(c, world, value.map(denyAssignmentJson)));
}

const denyAssignmentJson = (each: DenyAssignment) => ({
  properties: {
    denyAssignmentName: each.name,
    description: '',
    permissions: [{ actions: each.actions, notActions: [], dataActions: [], notDataActions: [] }],
    scope: each.scope,
    doNotApplyToChildScopes: false,
    principals: each.principalIds?.map((id) => ({ id, type: 'User' })) ?? [ALL_PRINCIPALS],
    excludePrincipals: each.excludedPrincipalIds.map((id) => ({ id, type: 'User' })),
    isSystemProtected: true,
  },
  id: `${each.scope}/providers/Microsoft.Authorization/denyAssignments/${each.id}`,
  type: 'Microsoft.Authorization/denyAssignments',
  name: each.id,
});
