import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ARM_DEFAULT,
  ARM_IMPERSONATION,
  AZURE_APP,
  appToken,
  CONTOSO,
  FABRIKAM,
  GRAPH_APP,
  postToken,
  type RunningSimulator,
  signInAs,
  startSimulator,
} from '../../testing.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
let subscriptions: Record<string, string>;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings({
    servicePrincipalLagMs: 0,
    principalLagMs: 0,
    principalLagWithoutTypeMs: 0,
    roleAssignmentLagMs: 0,
  });
  const state = await simulator.control.request<{ subscriptions: { id: string; displayName: string }[] }>(
    'GET',
    '/state',
  );
  subscriptions = Object.fromEntries(state.subscriptions.map(({ id, displayName }) => [displayName, id]));
});

const ALEX = 'alex.admin@contoso.com';
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const VERSION = 'api-version=2022-04-01';

/** The ARM token of a person who has signed in to the tenant and consented. */
async function personToken(account: string, tenant: string = CONTOSO): Promise<string> {
  const redirectUri = 'http://localhost:3000/api/consent/callback';
  const query = new URLSearchParams({
    client_id: AZURE_APP.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: `openid ${ARM_IMPERSONATION}`,
  });
  const { location } = await signInAs(`${simulator.url}/${tenant}/oauth2/v2.0/authorize?${query}`, account);
  const { body } = await postToken(simulator.url, tenant, {
    grant_type: 'authorization_code',
    client_id: AZURE_APP.clientId,
    client_secret: AZURE_APP.secret,
    redirect_uri: redirectUri,
    code: location?.searchParams.get('code') ?? '',
  });
  return String(body.access_token);
}

async function call(method: string, path: string, token: string, body?: unknown) {
  const response = await fetch(simulator.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text === '' ? {} : JSON.parse(text);
  return {
    status: response.status,
    json,
    code: json.error?.code as string | undefined,
    headers: response.headers,
  };
}

const names = async (token: string) => {
  const { json } = await call('GET', '/subscriptions?api-version=2022-12-01', token);
  return json.value.map(({ displayName }: { displayName: string }) => displayName).sort();
};

const authorization = (subscription: string) =>
  `/subscriptions/${subscriptions[subscription]}/providers/Microsoft.Authorization`;
const assignmentPath = (subscription: string, name: string = crypto.randomUUID()) =>
  `${authorization(subscription)}/roleAssignments/${name}?${VERSION}`;
const assignment = (
  principalId: string,
  roleId: string = READER,
  more: object = { principalType: 'ServicePrincipal' },
) => ({
  properties: {
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
    principalId,
    ...more,
  },
});
const principal = async () => (await simulator.control.grant(CONTOSO, AZURE_APP.clientId)).objectId;

describe('subscriptions', () => {
  test('are those on which somebody has a role; none is an empty list', async () => {
    expect(await names(await personToken(ALEX))).toHaveLength(6);
    expect(await names(await personToken('olivia.owner@contoso.com'))).toEqual([
      'Contoso Finance',
      'Contoso Production EU',
    ]);
    expect(await names(await personToken('uma.user@contoso.com'))).toEqual([]);
    expect(await names(await personToken('gus.guest@fabrikam.com'))).toEqual([]);
    expect(await names(await personToken('fiona.admin@fabrikam.com', FABRIKAM))).toEqual([
      'Fabrikam Production',
    ]);
  });

  test('of an application are those where its service principal has a role', async () => {
    const principalId = await principal();
    const app = await appToken(simulator.url, CONTOSO, AZURE_APP, ARM_DEFAULT);
    expect(await names(app)).toEqual([]);
    const alex = await personToken(ALEX);
    await call('PUT', assignmentPath('Contoso Development'), alex, assignment(principalId));
    expect(await names(app)).toEqual(['Contoso Development']);
  });

  test('one is found, hidden, unknown, or in another tenant', async () => {
    const alex = await personToken(ALEX);
    const olivia = await personToken('olivia.owner@contoso.com');
    const path = (id: string | undefined) => `/subscriptions/${id}?api-version=2022-12-01`;
    const disabled = await call('GET', path(subscriptions['Contoso Archive (disabled)']), alex);
    expect(disabled.json).toMatchObject({
      state: 'Disabled',
      tenantId: CONTOSO,
      authorizationSource: 'RoleBased',
    });
    expect(await call('GET', path(subscriptions['Contoso Development']), olivia)).toMatchObject({
      status: 403,
      code: 'AuthorizationFailed',
    });
    expect(await call('GET', path(crypto.randomUUID()), alex)).toMatchObject({
      status: 404,
      code: 'SubscriptionNotFound',
    });
    const foreign = await call('GET', path(subscriptions['Fabrikam Production']), alex);
    expect(foreign).toMatchObject({ status: 401, code: 'InvalidAuthenticationTokenTenant' });
    expect(foreign.headers.get('www-authenticate')).toContain(`https://login.windows.net/${FABRIKAM}`);
  });

  test('come in pages', async () => {
    const { tenant, persona } = await simulator.control.createTenant({
      domain: 'many.example',
      users: 5,
      subscriptions: 230,
    });
    const token = await personToken(persona.mail, tenant.id);
    const seen: string[] = [];
    for (let path: string | undefined = '/subscriptions?api-version=2022-12-01'; path; ) {
      const { json }: { json: { value: { subscriptionId: string }[]; nextLink?: string } } = await call(
        'GET',
        path,
        token,
      );
      seen.push(...json.value.map(({ subscriptionId }) => subscriptionId));
      path = json.nextLink?.slice(simulator.url.length);
    }
    expect(new Set(seen).size).toBe(230);
  });

  test('tenants are those of the person', async () => {
    const { json } = await call(
      'GET',
      '/tenants?api-version=2022-12-01',
      await personToken('gus.guest@fabrikam.com'),
    );
    const categories = json.value.map((tenant: Record<string, string>) => [
      tenant.displayName,
      tenant.tenantCategory,
    ]);
    expect(categories).toEqual([
      ['Contoso', 'ProjectedBy'],
      ['Fabrikam', 'Home'],
    ]);
  });
});

describe('requests', () => {
  test('need a version and a token for Resource Manager', async () => {
    const alex = await personToken(ALEX);
    expect(await call('GET', '/subscriptions', alex)).toMatchObject({
      status: 400,
      code: 'MissingApiVersionParameter',
    });
    expect(await call('GET', '/subscriptions?api-version=latest', alex)).toMatchObject({
      status: 400,
      code: 'InvalidApiVersionParameter',
    });
    expect(await call('GET', '/subscriptions?api-version=2022-12-01', '')).toMatchObject({
      status: 401,
      code: 'AuthenticationFailed',
    });
    await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
    const graph = await appToken(simulator.url, CONTOSO, GRAPH_APP);
    expect(await call('GET', '/subscriptions?api-version=2022-12-01', graph)).toMatchObject({
      status: 401,
      code: 'InvalidAuthenticationTokenAudience',
    });
    expect(
      await call(
        'GET',
        `/subscriptions/${subscriptions['Contoso Development']}/resources?api-version=2021-04-01`,
        alex,
      ),
    ).toMatchObject({
      status: 501,
      code: 'SimulatorNotImplemented',
    });
  });

  test('are limited for each principal and subscription', async () => {
    await simulator.control.settings({ quotaScale: 0.005 });
    const alex = await personToken(ALEX);
    const path = (subscription: string) => `${authorization(subscription)}/permissions?${VERSION}`;
    const answers: Awaited<ReturnType<typeof call>>[] = [];
    for (let request = 0; request < 2; request++)
      answers.push(await call('GET', path('Contoso Development'), alex));
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    expect(answers[0]?.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('0');
    expect(Number(answers[1]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await call('GET', path('Contoso Finance'), alex)).status).toBe(200);
    await simulator.control.settings({ quotaScale: 1 });
  });
});

describe('permissions', () => {
  const actions = async (subscription: string, token: string) => {
    const { json } = await call('GET', `${authorization(subscription)}/permissions?${VERSION}`, token);
    return json.value?.map((each: { actions: string[] }) => each.actions);
  };

  test('are those of all roles, inherited ones included', async () => {
    const alex = await personToken(ALEX);
    expect(await actions('Contoso Production US', alex)).toEqual([['*']]);
    expect(await actions('Contoso Finance', alex)).toEqual([['*/read']]);
    const archive = await call(
      'GET',
      `${authorization('Contoso Archive (disabled)')}/permissions?${VERSION}`,
      alex,
    );
    expect(archive.json.value[0].notActions).toContain('Microsoft.Authorization/*/Write');
    expect(await actions('Contoso Development', await personToken('uma.user@contoso.com'))).toBeUndefined();
  });
});

describe('role assignments', () => {
  test('are listed at the scope, with inherited ones, for one principal', async () => {
    const alex = await personToken(ALEX);
    const list = async (filter: string) => {
      const path = `${authorization('Contoso Production EU')}/roleAssignments?${VERSION}&$filter=${encodeURIComponent(filter)}`;
      const { json, status } = await call('GET', path, alex);
      return status === 200
        ? json.value.map((each: { properties: { scope: string } }) => each.properties.scope.split('/')[1])
        : json.error.code;
    };
    const me = JSON.parse(Buffer.from(alex.split('.')[1] ?? '', 'base64url').toString()).oid;
    expect(await list('atScope()')).toEqual(['providers', 'subscriptions']);
    expect(await list(`atScope() and assignedTo('${me}')`)).toEqual(['providers']);
    expect(await list(`principalId eq '${me}'`)).toEqual(['providers']);
    expect(await list('nonsense()')).toBe('UnsupportedQuery');
  });

  test('are created, repeated, refused under another name, changed never, deleted once', async () => {
    const alex = await personToken(ALEX);
    const principalId = await principal();
    const name = crypto.randomUUID();
    const path = assignmentPath('Contoso Development', name);
    const created = await call('PUT', path, alex, assignment(principalId));
    expect(created).toMatchObject({
      status: 201,
      json: {
        name,
        type: 'Microsoft.Authorization/roleAssignments',
        properties: { principalId, principalType: 'ServicePrincipal' },
      },
    });
    expect((await call('PUT', path, alex, assignment(principalId))).status).toBe(200);
    const again = await call('PUT', assignmentPath('Contoso Development'), alex, assignment(principalId));
    expect(again).toMatchObject({ status: 409, code: 'RoleAssignmentExists' });
    expect(again.json.error.message).toContain(name.replaceAll('-', ''));
    expect(await call('PUT', path, alex, assignment(principalId, OWNER))).toMatchObject({
      status: 400,
      code: 'RoleAssignmentUpdateNotPermitted',
    });
    expect((await call('GET', path, alex)).json.properties.roleDefinitionId).toContain(READER);
    expect(await call('DELETE', path, alex)).toMatchObject({ status: 200, json: { name } });
    expect((await call('DELETE', path, alex)).status).toBe(204);
    expect(await call('GET', path, alex)).toMatchObject({ status: 404 });
  });

  test('are written only by those who may, and not on a disabled subscription', async () => {
    const principalId = await principal();
    const alex = await personToken(ALEX);
    for (const subscription of ['Contoso Finance', 'Contoso Archive (disabled)'])
      expect(await call('PUT', assignmentPath(subscription), alex, assignment(principalId))).toMatchObject({
        status: 403,
        code: 'AuthorizationFailed',
      });
    await simulator.control.request('POST', '/role-assignments', {
      scope: `/subscriptions/${subscriptions['Contoso Finance']}`,
      role: 'User Access Administrator',
      mail: ALEX,
    });
    expect((await call('PUT', assignmentPath('Contoso Finance'), alex, assignment(principalId))).status).toBe(
      201,
    );
    await simulator.control.request('POST', `/subscriptions/${subscriptions['Contoso Development']}`, {
      state: 'Disabled',
    });
    expect(
      await call('PUT', assignmentPath('Contoso Development'), alex, assignment(principalId)),
    ).toMatchObject({ status: 409, code: 'ReadOnlyDisabledSubscription' });
    const app = await appToken(simulator.url, CONTOSO, AZURE_APP, ARM_DEFAULT);
    expect(
      (await call('PUT', assignmentPath('Contoso Data, "Lab" & Söhne'), app, assignment(principalId, OWNER)))
        .status,
    ).toBe(403);
  });

  test('name a principal that the directory knows everywhere by now', async () => {
    await simulator.control.settings({ principalLagMs: 5000, principalLagWithoutTypeMs: 60_000 });
    const alex = await personToken(ALEX);
    const state = await simulator.control.request<{ servicePrincipals: { objectId: string }[] }>(
      'GET',
      '/state',
    );
    const principalId = state.servicePrincipals[0]?.objectId ?? '';
    const put = (body: object) => call('PUT', assignmentPath('Contoso Development'), alex, body);
    expect(await put(assignment(principalId))).toMatchObject({ status: 400, code: 'PrincipalNotFound' });
    await simulator.control.request('POST', '/clock', { advanceMs: 6000 });
    expect(await put(assignment(principalId, READER, {}))).toMatchObject({
      status: 400,
      code: 'PrincipalNotFound',
    });
    expect(await put(assignment(crypto.randomUUID()))).toMatchObject({
      status: 400,
      code: 'PrincipalNotFound',
    });
    expect(await put(assignment(AZURE_APP.clientId))).toMatchObject({
      status: 400,
      code: 'PrincipalNotFound',
    });
    expect(await put(assignment(principalId, READER, { principalType: 'User' }))).toMatchObject({
      status: 400,
      code: 'UnmatchedPrincipalType',
    });
    expect((await put(assignment(principalId))).status).toBe(201);
  });

  test('take effect after a moment', async () => {
    await simulator.control.settings({ roleAssignmentLagMs: 5000 });
    const principalId = await principal();
    await call(
      'PUT',
      assignmentPath('Contoso Development'),
      await personToken(ALEX),
      assignment(principalId),
    );
    const app = await appToken(simulator.url, CONTOSO, AZURE_APP, ARM_DEFAULT);
    expect(await names(app)).toEqual([]);
    await simulator.control.request('POST', '/clock', { advanceMs: 6000 });
    expect(await names(app)).toEqual(['Contoso Development']);
  });

  test('with bad bodies, names and roles are refused; the last owner stays', async () => {
    const alex = await personToken(ALEX);
    const principalId = await principal();
    expect(await call('PUT', assignmentPath('Contoso Development'), alex, {})).toMatchObject({
      status: 400,
      code: 'InvalidRequestContent',
    });
    expect(
      await call('PUT', assignmentPath('Contoso Development', 'name'), alex, assignment(principalId)),
    ).toMatchObject({ status: 400, code: 'InvalidRoleAssignmentId' });
    expect(
      await call(
        'PUT',
        assignmentPath('Contoso Development'),
        alex,
        assignment(principalId, crypto.randomUUID()),
      ),
    ).toMatchObject({ code: 'RoleDefinitionDoesNotExist' });
    const { json } = await call(
      'GET',
      `${authorization('Contoso Development')}/roleAssignments?${VERSION}&$filter=atScope()`,
      alex,
    );
    expect(
      await call('DELETE', assignmentPath('Contoso Development', json.value[0].name), alex),
    ).toMatchObject({ status: 400, code: 'CannotDeleteLastRbacAdminAssignment' });
  });

  test('roles are found by name', async () => {
    const alex = await personToken(ALEX);
    const { json } = await call(
      'GET',
      `${authorization('Contoso Development')}/roleDefinitions?${VERSION}&$filter=roleName eq 'Reader'`,
      alex,
    );
    expect(json.value.map(({ name }: { name: string }) => name)).toEqual([READER]);
  });
});
