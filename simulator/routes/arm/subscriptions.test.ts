import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ARM_DEFAULT,
  AZURE_APP,
  appToken,
  CONTOSO,
  FABRIKAM,
  GRAPH_APP,
  type RunningSimulator,
  startSimulator,
} from '../../testing.ts';
import { ALEX, armCalls, assignment, VERSION } from './test-calls.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

type Calls = Awaited<ReturnType<typeof armCalls>>;

let simulator: RunningSimulator;
let subscriptions: Calls['subscriptions'];
let personToken: Calls['personToken'];
let call: Calls['call'];
let names: Calls['names'];
let authorization: Calls['authorization'];
let assignmentPath: Calls['assignmentPath'];
let principal: Calls['principal'];

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  ({ subscriptions, personToken, call, names, authorization, assignmentPath, principal } =
    await armCalls(simulator));
});

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
    const answers: Awaited<ReturnType<Calls['call']>>[] = [];
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
