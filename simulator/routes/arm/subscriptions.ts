import type { Hono } from 'hono';
import { type Subscription, subscriptionScope } from '../../state/azure.ts';
import type { World } from '../../state/world.ts';
import { type ArmEnv, armPage, authorizationFailed, refuseScope, rolesAt } from './answers.ts';

/** Subscriptions and tenants of the caller. */
export function subscriptionRoutes(app: Hono<ArmEnv>, world: World): void {
  app.get('/subscriptions', (c) => {
    const { tid, oid } = c.get('claims');
    const visible = [...world.azure.subscriptions.values()].filter(
      (subscription) =>
        subscription.tenantId === tid &&
        !subscription.isHidden &&
        rolesAt(world, subscriptionScope(subscription.id), oid).length > 0,
    );
    // No access at all is an empty list, not an error.
    const rows = visible.map((subscription) => subscriptionJson(world, subscription, oid));
    return c.json({ ...armPage(c, world, rows), count: { type: 'Total', value: visible.length } });
  });

  app.get('/subscriptions/:id', (c) => {
    const scope = subscriptionScope(c.req.param('id'));
    const refused = refuseScope(c, world, scope);
    if (refused) return refused;
    const subscription = world.azure.subscriptions.get(c.req.param('id').toLowerCase());
    const { oid } = c.get('claims');
    if (!subscription || rolesAt(world, scope, oid).length === 0)
      return authorizationFailed(c, 'Microsoft.Resources/subscriptions/read', scope);
    return c.json(subscriptionJson(world, subscription, oid));
  });

  app.get('/tenants', (c) => {
    const { tid, oid, idtyp } = c.get('claims');
    const mail = world.memberships.find((m) => m.tenantId === tid && m.objectId === oid)?.mail;
    const home = world.personas.get(mail ?? '')?.homeTenantId;
    const ids =
      idtyp === 'app' ? [tid] : world.memberships.filter((m) => m.mail === mail).map((m) => m.tenantId);
    const value = ids.flatMap((id) => {
      const tenant = world.tenants.get(id);
      return tenant
        ? [
            {
              id: `/tenants/${tenant.id}`,
              tenantId: tenant.id,
              countryCode: tenant.countryLetterCode,
              displayName: tenant.displayName,
              domains: tenant.domains,
              tenantCategory: idtyp === 'app' || tenant.id === home ? 'Home' : 'ProjectedBy',
              defaultDomain: tenant.domains[0],
              tenantType: 'AAD',
            },
          ]
        : [];
    });
    return c.json({ value });
  });
}

function subscriptionJson(world: World, subscription: Subscription, principalId: string) {
  const own = [...world.azure.roleAssignments.values()].some(
    (assignment) =>
      assignment.principalId === principalId && assignment.scope === subscriptionScope(subscription.id),
  );
  return {
    id: `/subscriptions/${subscription.id}`,
    authorizationSource: own ? 'RoleBased' : 'RoleBased,Management',
    managedByTenants: [],
    subscriptionId: subscription.id,
    tenantId: subscription.tenantId,
    displayName: subscription.displayName,
    state: subscription.state,
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: subscription.quotaId,
      spendingLimit: subscription.quotaId.startsWith('MSDN') ? 'On' : 'Off',
    },
    ...(subscription.tags ? { tags: subscription.tags } : {}),
  };
}
