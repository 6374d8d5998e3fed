import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ARM_DEFAULT,
  AZURE_APP,
  appToken,
  CONTOSO,
  delegatedToken,
  FABRIKAM,
  GRAPH_APP,
  type RunningSimulator,
  startSimulator,
} from '../../testing.ts';
import { type Failure, graphReads } from './test-reads.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
let token: string;
let get: ReturnType<typeof graphReads>['get'];
let read: ReturnType<typeof graphReads>['read'];
let drain: ReturnType<typeof graphReads>['drain'];
let refusal: ReturnType<typeof graphReads>['refusal'];

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
  token = await appToken(simulator.url, CONTOSO, GRAPH_APP);
  ({ get, read, drain, refusal } = graphReads(simulator.url, token));
});

describe('who may read what', () => {
  test('a token is needed: for Graph, valid, of an application that the tenant knows', async () => {
    expect(await refusal('/users', { as: '' })).toEqual({ status: 401, code: 'InvalidAuthenticationToken' });
    expect(await refusal('/users', { as: 'a.b.c' })).toEqual({
      status: 401,
      code: 'InvalidAuthenticationToken',
    });
    await simulator.control.grant(CONTOSO, AZURE_APP.clientId);
    const arm = await appToken(simulator.url, CONTOSO, AZURE_APP, ARM_DEFAULT);
    expect(await refusal('/users', { as: arm })).toEqual({ status: 401, code: 'InvalidAuthenticationToken' });
    await simulator.control.revoke({ servicePrincipal: true });
    expect(await refusal('/users')).toEqual({ status: 401, code: 'Authorization_IdentityNotFound' });
  });

  test.each([
    [['User.Read.All'], [200, 403, 403]],
    [['LicenseAssignment.Read.All'], [403, 200, 403]],
    [['Organization.Read.All'], [403, 200, 200]],
    [[], [403, 403, 403]],
  ] as [string[], number[]][])('with %j', async (roles, expected) => {
    await simulator.control.grant(CONTOSO, GRAPH_APP.clientId, roles);
    const as = await appToken(simulator.url, CONTOSO, GRAPH_APP);
    const statuses = await Promise.all(
      ['/users', '/subscribedSkus', '/organization'].map(async (path) => (await get(path, { as })).status),
    );
    expect(statuses).toEqual(expected);
    if (!roles.includes('User.Read.All'))
      expect(await refusal('/users', { as })).toEqual({ status: 403, code: 'Authorization_RequestDenied' });
  });

  test('a token keeps its roles after a revocation, unless tokens are revoked too', async () => {
    await simulator.control.revoke();
    expect((await get('/users?$top=1')).status).toBe(200);
    await simulator.control.revoke({ tokens: true });
    expect((await get('/users?$top=1')).status).toBe(401);
  });

  test('sign-in activity needs its permission and a premium tenant', async () => {
    expect(await refusal('/users?$select=id,signInActivity')).toEqual({
      status: 403,
      code: 'Authentication_MSGraphPermissionMissing',
    });
    const roles = ['User.Read.All', 'AuditLog.Read.All'];
    await simulator.control.grant(CONTOSO, GRAPH_APP.clientId, roles);
    await simulator.control.grant(FABRIKAM, GRAPH_APP.clientId, roles);
    const as = await appToken(simulator.url, CONTOSO, GRAPH_APP);
    expect((await read('/users?$select=id,signInActivity&$top=999', { as })).value).toHaveLength(500);
    const fabrikam = await appToken(simulator.url, FABRIKAM, GRAPH_APP);
    expect(await refusal('/users?$select=signInActivity', { as: fabrikam })).toEqual({
      status: 403,
      code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    });
  });

  test('people see what their scopes and they themselves may', async () => {
    const uma = await delegatedToken(simulator.url, 'uma.user@contoso.com', 'openid User.Read');
    expect(await read('/me', { as: uma })).toMatchObject({
      displayName: 'Uma User',
      userPrincipalName: 'uma.user@contoso.com',
    });
    expect((await refusal('/users', { as: uma })).status).toBe(403);
    const [organization] = (await read('/organization', { as: uma })).value;
    expect(Object.keys(organization ?? {}).sort()).toEqual(['displayName', 'id', 'verifiedDomains']);
    const basic = await delegatedToken(simulator.url, 'uma.user@contoso.com', 'openid User.ReadBasic.All');
    expect((await get('/users', { as: basic })).status).toBe(200);
    const guest = await delegatedToken(simulator.url, 'gus.guest@fabrikam.com', 'openid User.ReadBasic.All');
    expect((await refusal('/users', { as: guest })).status).toBe(403);
    expect(await refusal('/me')).toEqual({ status: 400, code: 'BadRequest' });
  });
});

describe('SKUs', () => {
  type Sku = {
    skuId: string;
    skuPartNumber: string;
    consumedUnits: number;
    capabilityStatus: string;
    prepaidUnits: Record<string, number>;
  };

  test('consume exactly as many units as people hold them', async () => {
    const { rows } = await drain('/users?$select=assignedLicenses&$top=999');
    const held = new Map<string, number>();
    for (const row of rows)
      for (const { skuId } of row.assignedLicenses as { skuId: string }[])
        held.set(skuId, (held.get(skuId) ?? 0) + 1);
    const { value } = await read<{ value: Sku[] }>('/subscribedSkus');
    expect(value.map(({ consumedUnits }) => consumedUnits)).toEqual(
      value.map(({ skuId }) => held.get(skuId) ?? 0),
    );
  });

  test('come in every state', async () => {
    const { value } = await read<{ value: Sku[] }>('/subscribedSkus');
    expect(new Set(value.map(({ capabilityStatus }) => capabilityStatus))).toEqual(
      new Set(['Enabled', 'Warning', 'Suspended', 'LockedOut', 'Deleted']),
    );
    const total = ({ prepaidUnits }: Sku) =>
      Object.values(prepaidUnits).reduce((sum, units) => sum + units, 0);
    expect(value.some((sku) => total(sku) === 0)).toBe(true);
    expect(value.some((sku) => sku.prepaidUnits.enabled === 10_000)).toBe(true);
    expect(value.some((sku) => sku.prepaidUnits.enabled === 1_000_000)).toBe(true);
    expect(value.some((sku) => sku.consumedUnits > total(sku) && total(sku) > 0)).toBe(true);
    expect((await refusal('/subscribedSkus?$filter=x')).status).toBe(400);
  });
});

describe('headers and limits', () => {
  test('name the request and its cost', async () => {
    const clientRequestId = crypto.randomUUID();
    const headers = { authorization: `Bearer ${token}`, 'client-request-id': clientRequestId };
    const response = await fetch(`${simulator.url}/v1.0/users?$select=id&$top=5`, { headers });
    expect(response.headers.get('client-request-id')).toBe(clientRequestId);
    expect(response.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const cost = async (path: string) => (await get(path)).headers.get('x-ms-resource-unit');
    expect(
      await Promise.all(
        ['/users', '/users?$select=id', '/users?$select=id&$expand=manager', '/subscribedSkus'].map(cost),
      ),
    ).toEqual(['2', '1', '2', '3']);
  });

  test('errors carry ids and a time without zone', async () => {
    const body = await read<Failure>('/users?$select=nonsense');
    expect(body.error.innerError).toEqual({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      'request-id': expect.any(String),
      'client-request-id': expect.any(String),
    });
  });

  test('what is not simulated says so, loudly', async () => {
    expect(await refusal('/devices')).toEqual({ status: 501, code: 'SimulatorNotImplemented' });
    const post = await fetch(`${simulator.url}/v1.0/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(post.status).toBe(501);
    expect(await simulator.control.unknownOperations()).toEqual(['GET /v1.0/devices', 'POST /v1.0/users']);
    expect(simulator.errors()).toContain('not implemented: GET /v1.0/devices');
  });
});
