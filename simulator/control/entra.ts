import { type ControlApp, readBody } from '../control.ts';
import {
  addDelegated,
  deleteServicePrincipal,
  ensureServicePrincipal,
  findServicePrincipal,
} from '../state/grants.ts';
import { newGuid } from '../state/hash.ts';
import { OIDC_SCOPES } from '../state/permissions.ts';
import { requiredValues } from '../state/registrations.ts';
import { membershipOf } from '../state/tenants.ts';
import { nowOf, type World } from '../state/world.ts';
import {
  Grant,
  MembershipChange,
  NewPersona,
  NewPolicy,
  RegistrationChange,
  Revocation,
  ServicePrincipalChange,
} from './schemas.ts';

/** Control of people, registrations, grants and sign-in policies. */
export function entraControl(app: ControlApp, world: World): void {
  app.post('/_control/personas', async (c) => {
    const body = await readBody(c, NewPersona);
    if (!body.ok) return body.answer;
    const { tenantId, mail, displayName, directoryRoles, userType } = body.value;
    if (!world.tenants.has(tenantId)) return c.json({ error: 'There is no such tenant.' }, 404);
    const [givenName = displayName, ...rest] = displayName.split(' ');
    const role = directoryRoles.join(', ') || `${userType} of ${world.tenants.get(tenantId)?.displayName}`;
    if (!world.personas.has(mail))
      world.personas.set(mail, {
        displayName,
        givenName,
        surname: rest.join(' '),
        mail,
        homeTenantId: tenantId,
        role,
      });
    const membership = membershipOf(tenantId, mail, directoryRoles, userType);
    world.memberships = [
      ...world.memberships.filter((m) => m.tenantId !== tenantId || m.mail !== mail),
      membership,
    ];
    world.directories.delete(tenantId);
    world.changed();
    return c.json(membership, 201);
  });

  app.post('/_control/memberships', async (c) => {
    const body = await readBody(c, MembershipChange);
    if (!body.ok) return body.answer;
    const found = world.memberships.find(
      (m) => m.tenantId === body.value.tenantId && m.mail === body.value.mail,
    );
    if (!found) return c.json({ error: 'There is no such account.' }, 404);
    found.directoryRoles = body.value.directoryRoles;
    world.changed();
    return c.json(found);
  });

  app.post('/_control/registrations/:clientId', async (c) => {
    const body = await readBody(c, RegistrationChange);
    if (!body.ok) return body.answer;
    const registration = world.registrations.get(c.req.param('clientId').toLowerCase());
    if (!registration) return c.json({ error: 'There is no such registration.' }, 404);
    const { secrets, ...rest } = body.value;
    Object.assign(registration, rest);
    if (secrets)
      registration.secrets = secrets.map(({ value, expiresAt }) => ({
        value,
        expiresAt: Date.parse(expiresAt),
      }));
    return c.json({ ...registration, secrets: registration.secrets.length });
  });

  app.post('/_control/grants', async (c) => {
    const body = await readBody(c, Grant);
    if (!body.ok) return body.answer;
    const { tenantId, clientId, appRoles } = body.value;
    const registration = world.registrations.get(clientId);
    if (!world.tenants.has(tenantId) || !registration)
      return c.json({ error: 'There is no such tenant or registration.' }, 404);
    // Granted long ago, so that no lag applies.
    const past = nowOf(world) - 86_400_000;
    const principal = ensureServicePrincipal(world.grants, tenantId, clientId, past);
    const roles = appRoles ?? requiredValues(registration, 'graph', 'application');
    principal.appRoles = roles.map((value) => ({ resource: 'graph', value, createdAt: past }));
    addDelegated(
      principal,
      'graph',
      null,
      [...OIDC_SCOPES, ...requiredValues(registration, 'graph', 'delegated')],
      past,
    );
    addDelegated(principal, 'arm', null, requiredValues(registration, 'arm', 'delegated'), past);
    world.changed();
    return c.json(principal, 201);
  });

  app.post('/_control/grants/revoke', async (c) => {
    const body = await readBody(c, Revocation);
    if (!body.ok) return body.answer;
    return c.json({ revoked: revokeGrants(world, body.value) });
  });

  app.post('/_control/service-principals', async (c) => {
    const body = await readBody(c, ServicePrincipalChange);
    if (!body.ok) return body.answer;
    const principal = findServicePrincipal(world.grants, body.value.tenantId, body.value.clientId);
    if (!principal) return c.json({ error: 'There is no such service principal.' }, 404);
    principal.enabled = body.value.enabled;
    world.changed();
    return c.json(principal);
  });

  app.post('/_control/sign-in-policies', async (c) => {
    const body = await readBody(c, NewPolicy);
    if (!body.ok) return body.answer;
    const { tenantId, mail, code, message, answer } = body.value;
    const policy = { id: newGuid(), tenantId, mail, code, message, answer };
    world.signInPolicies.push(policy);
    return c.json(policy, 201);
  });
  app.delete('/_control/sign-in-policies', (c) => {
    world.signInPolicies = [];
    return c.body(null, 204);
  });
  app.delete('/_control/sign-in-policies/:id', (c) => {
    const rest = world.signInPolicies.filter(({ id }) => id !== c.req.param('id'));
    if (rest.length === world.signInPolicies.length)
      return c.json({ error: 'There is no such policy.' }, 404);
    world.signInPolicies = rest;
    return c.body(null, 204);
  });
}

export type RevocationInput = {
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly appRoles?: readonly string[] | undefined;
  readonly servicePrincipal: boolean;
  readonly tokens: boolean;
};

/** Takes grants away, as an administrator of the tenant can at any time; answers from how many service principals. */
export function revokeGrants(world: World, input: RevocationInput): number {
  const concerned = [...world.grants.values()].filter(
    (principal) =>
      (input.tenantId === undefined || principal.tenantId === input.tenantId) &&
      (input.clientId === undefined || principal.clientId === input.clientId),
  );
  for (const principal of concerned) {
    if (input.servicePrincipal) deleteServicePrincipal(world.grants, principal.tenantId, principal.clientId);
    const { appRoles } = input;
    principal.appRoles = appRoles
      ? principal.appRoles.filter((grant) => !appRoles.includes(grant.value))
      : [];
    if (!appRoles) principal.delegated = [];
  }
  if (input.tokens) world.tokensValidFrom = Math.ceil(nowOf(world) / 1000) + 1;
  world.changed();
  return concerned.length;
}
