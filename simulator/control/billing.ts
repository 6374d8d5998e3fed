import { type ControlApp, readBody } from '../control.ts';
import { addBillingAccount, addBillingRole, BILLING_ROLES, removeBillingRole } from '../state/billing.ts';
import { findMembership, type World } from '../state/world.ts';
import { BillingAccountChange, BillingRoleRemoval, NewBillingAccount, NewBillingRole } from './schemas.ts';

/** Control of billing accounts and their roles, without asking who may. */
export function billingControl(app: ControlApp, world: World): void {
  app.post('/_control/billing-accounts', async (c) => {
    const body = await readBody(c, NewBillingAccount);
    if (!body.ok) return body.answer;
    const { administrators, ...account } = body.value;
    if (!world.tenants.has(account.tenantId)) return c.json({ error: 'There is no such tenant.' }, 404);
    if (account.name && world.billing.accounts.has(account.name.toLowerCase()))
      return c.json({ error: 'There is such a billing account already.' }, 409);
    const people = administrators.map((mail) => findMembership(world, account.tenantId, mail)?.objectId);
    if (people.includes(undefined)) return c.json({ error: 'There is no such account.' }, 404);
    const created = addBillingAccount(
      world.billing,
      account,
      people.filter((id) => id !== undefined),
    );
    world.changed();
    return c.json(created, 201);
  });

  app.post('/_control/billing-accounts/:name', async (c) => {
    const body = await readBody(c, BillingAccountChange);
    if (!body.ok) return body.answer;
    const account = world.billing.accounts.get(c.req.param('name').toLowerCase());
    if (!account) return c.json({ error: 'There is no such billing account.' }, 404);
    account.hasCosts = body.value.hasCosts;
    world.changed();
    return c.json(account);
  });

  app.post('/_control/billing-roles', async (c) => {
    const body = await readBody(c, NewBillingRole);
    if (!body.ok) return body.answer;
    const account = world.billing.accounts.get(body.value.account.toLowerCase());
    const role = BILLING_ROLES.find(({ id, name }) => id === body.value.role || name === body.value.role);
    if (!account || !role) return c.json({ error: 'There is no such billing account or role.' }, 404);
    const created = addBillingRole(world.billing, {
      account: account.name,
      principalId: body.value.principalId,
      principalTenantId: body.value.principalTenantId ?? account.tenantId,
      roleId: role.id,
      createdOn: 0,
    });
    world.changed();
    return c.json(created, 201);
  });

  app.post('/_control/billing-roles/remove', async (c) => {
    const body = await readBody(c, BillingRoleRemoval);
    if (!body.ok) return body.answer;
    const { account, principalId } = body.value;
    const found = [...world.billing.roleAssignments.values()].filter(
      (each) =>
        each.account.toLowerCase() === account.toLowerCase() &&
        (principalId === undefined || each.principalId === principalId),
    );
    for (const each of found) removeBillingRole(world.billing, each.account, each.name);
    world.changed();
    return c.json({ removed: found.length });
  });
}
