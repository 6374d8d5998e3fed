import type { Context } from 'hono';
import { type ControlApp, readBody } from '../control.ts';
import type { Directory } from '../directory/directory.ts';
import { changeAtRandom } from '../directory/random-changes.ts';
import { addOwnedSubscriptions } from '../state/azure.ts';
import { guidOf, seedOf } from '../state/hash.ts';
import { membershipOf, type Persona, type Tenant } from '../state/tenants.ts';
import { directoryOf, nowOf, type World } from '../state/world.ts';
import {
  DirectoryObjectChange,
  NewTenant,
  NewUser,
  RandomChanges,
  TenantChange,
  UserChange,
} from './schemas.ts';

/** Control of tenants and their users. */
export function directoryControl(app: ControlApp, world: World): void {
  app.post('/_control/tenants', async (c) => {
    const body = await readBody(c, NewTenant);
    if (!body.ok) return body.answer;
    const { domain, users, subscriptions, premium, cloud } = body.value;
    const id = body.value.directoryId ?? guidOf('tenant', domain);
    const slug = domain.split('.')[0] ?? domain;
    const displayName = body.value.displayName ?? slug.charAt(0).toUpperCase() + slug.slice(1);
    const initial = `${slug}.onmicrosoft.com`;
    if ([...world.tenants.values()].some((tenant) => tenant.id === id || tenant.domains.includes(domain)))
      return c.json({ error: 'There is such a tenant already.' }, 409);
    const tenant: Tenant = {
      id,
      displayName,
      domains: domain === initial ? [initial] : [domain, initial],
      users,
      seed: body.value.seed ?? seedOf(id),
      region: 'EU',
      ...(cloud && { cloud }),
      countryLetterCode: 'DE',
      premium,
      userConsent: 'allowed',
      createdDateTime: '2020-01-01T00:00:00Z',
    };
    const persona: Persona = {
      displayName: `Admin of ${displayName}`,
      givenName: 'Admin',
      surname: displayName,
      mail: `admin@${domain}`,
      homeTenantId: id,
      role: `Global Administrator of ${displayName}`,
    };
    const membership = membershipOf(id, persona.mail, ['Global Administrator']);
    world.tenants.set(id, tenant);
    world.personas.set(persona.mail, persona);
    world.memberships = [...world.memberships, membership];
    if (subscriptions > 0)
      addOwnedSubscriptions(world.azure, id, displayName, subscriptions, membership.objectId);
    world.changed();
    return c.json({ tenant, persona, membership }, 201);
  });

  app.post('/_control/tenants/:id', async (c) => {
    const body = await readBody(c, TenantChange);
    if (!body.ok) return body.answer;
    const tenant = world.tenants.get(c.req.param('id').toLowerCase());
    if (!tenant) return c.json({ error: 'There is no such tenant.' }, 404);
    const { userConsent, delta, ...lags } = body.value;
    if (userConsent) tenant.userConsent = userConsent;
    if (delta) tenant.delta = delta;
    tenant.lags = { ...tenant.lags, ...lags };
    world.changed();
    return c.json(tenant);
  });

  app.post('/_control/tenants/:id/changes', async (c) => {
    const body = await readBody(c, RandomChanges);
    if (!body.ok) return body.answer;
    const directory = directoryById(world, c.req.param('id'));
    if (!directory) return c.json({ error: 'There is no such tenant.' }, 404);
    return c.json(changeAtRandom(directory, body.value, nowOf(world)));
  });

  app.post('/_control/users', async (c) => {
    const body = await readBody(c, NewUser);
    if (!body.ok) return body.answer;
    const directory = directoryById(world, body.value.tenantId);
    if (!directory) return c.json({ error: 'There is no such tenant.' }, 404);
    return c.json({ id: directory.create(body.value.values, nowOf(world)) }, 201);
  });
  app.patch('/_control/users/:id', async (c) => {
    const body = await readBody(c, UserChange);
    if (!body.ok) return body.answer;
    const done = directoryById(world, body.value.tenantId)?.update(c.req.param('id'), body.value.values);
    return done ? c.json({}) : noUser(c);
  });
  app.delete('/_control/users/:id', (c) => {
    const permanently = c.req.query('permanently') === 'true';
    const done = directoryById(world, c.req.query('tenantId') ?? '')?.remove(c.req.param('id'), permanently);
    return done ? c.body(null, 204) : noUser(c);
  });
  app.post('/_control/users/:id/restore', (c) => {
    const done = directoryById(world, c.req.query('tenantId') ?? '')?.restore(c.req.param('id'));
    return done ? c.json({}) : noUser(c);
  });

  for (const [kind, changesOf] of CHANGEABLE)
    app.patch(`/_control/${kind}/:id`, async (c) => {
      const body = await readBody(c, DirectoryObjectChange);
      if (!body.ok) return body.answer;
      const { tenantId, values, isGone } = body.value;
      const directory = directoryById(world, tenantId);
      if (!directory) return c.json({ error: 'There is no such tenant.' }, 404);
      const changes = changesOf(directory);
      const id = c.req.param('id').toLowerCase();
      const before = changes.get(id);
      changes.set(id, isGone ? 'gone' : { ...(before === 'gone' ? {} : before), ...values });
      return c.json({});
    });
}

/** What else of a directory can be changed, by the path of the operation. */
const CHANGEABLE = [
  ['groups', (directory: Directory) => directory.groupChanges],
  ['purchases', (directory: Directory) => directory.purchaseChanges],
] as const;

const noUser = (c: Context) => c.json({ error: 'There is no such user.' }, 404);

function directoryById(world: World, tenantId: string) {
  const tenant = world.tenants.get(tenantId.toLowerCase());
  return tenant && directoryOf(world, tenant);
}
