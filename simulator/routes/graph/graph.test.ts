import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ARM_DEFAULT,
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
let token: string;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
  token = await appToken(simulator.url, CONTOSO, GRAPH_APP);
});

type Row = Record<string, unknown> & { id: string; manager?: Record<string, unknown> };
type Page = {
  value: Row[];
  '@odata.nextLink'?: string;
  '@odata.deltaLink'?: string;
  '@odata.count'?: number;
};
type Failure = { error: { code: string; message: string; innerError: Record<string, string> } };

const get = (path: string, { as = token, eventual = false } = {}) =>
  fetch(path.startsWith('http') ? path : `${simulator.url}/v1.0${path}`, {
    headers: { authorization: `Bearer ${as}`, ...(eventual ? { ConsistencyLevel: 'eventual' } : {}) },
  });
const read = async <T = Page>(path: string, options?: { as?: string; eventual?: boolean }) =>
  (await (await get(path, options)).json()) as T;

async function drain(
  path: string,
  options?: { as?: string; eventual?: boolean },
): Promise<{ rows: Row[]; last: Page; pages: number }> {
  const rows: Row[] = [];
  for (let link = path, pages = 1; ; pages++) {
    const page = await read(link, options);
    rows.push(...page.value);
    if (page['@odata.nextLink'] === undefined) return { rows, last: page, pages };
    link = page['@odata.nextLink'];
  }
}

async function refusal(path: string, options?: { as?: string; eventual?: boolean }) {
  const response = await get(path, options);
  const body = (await response.json()) as Failure;
  return { status: response.status, code: body.error.code };
}

/** A delegated token of a person in Contoso with these scopes of Graph's. */
async function delegatedToken(account: string, scope: string): Promise<string> {
  const redirectUri = 'http://localhost:3000/api/consent/callback';
  const query = new URLSearchParams({
    client_id: GRAPH_APP.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
  });
  const { location } = await signInAs(`${simulator.url}/${CONTOSO}/oauth2/v2.0/authorize?${query}`, account);
  const { body } = await postToken(simulator.url, CONTOSO, {
    grant_type: 'authorization_code',
    client_id: GRAPH_APP.clientId,
    client_secret: GRAPH_APP.secret,
    redirect_uri: redirectUri,
    code: location?.searchParams.get('code') ?? '',
  });
  return String(body.access_token);
}

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
    const uma = await delegatedToken('uma.user@contoso.com', 'openid User.Read');
    expect(await read('/me', { as: uma })).toMatchObject({
      displayName: 'Uma User',
      userPrincipalName: 'uma.user@contoso.com',
    });
    expect((await refusal('/users', { as: uma })).status).toBe(403);
    const [organization] = (await read('/organization', { as: uma })).value;
    expect(Object.keys(organization ?? {}).sort()).toEqual(['displayName', 'id', 'verifiedDomains']);
    const basic = await delegatedToken('uma.user@contoso.com', 'openid User.ReadBasic.All');
    expect((await get('/users', { as: basic })).status).toBe(200);
    const guest = await delegatedToken('gus.guest@fabrikam.com', 'openid User.ReadBasic.All');
    expect((await refusal('/users', { as: guest })).status).toBe(403);
    expect(await refusal('/me')).toEqual({ status: 400, code: 'BadRequest' });
  });
});

describe('listing users', () => {
  test('gives the default properties and a hundred rows', async () => {
    const page = await read('/users');
    expect(page.value).toHaveLength(100);
    expect(Object.keys(page.value[0] ?? {}).sort()).toEqual([
      'businessPhones',
      'displayName',
      'givenName',
      'id',
      'jobTitle',
      'mail',
      'mobilePhone',
      'officeLocation',
      'preferredLanguage',
      'surname',
      'userPrincipalName',
    ]);
  });

  test('reads everybody exactly once through absolute, opaque links', async () => {
    const { rows, pages } = await drain('/users?$select=id,displayName&$top=999');
    expect(pages).toBe(3);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2500);
    expect((await read('/users?$select=id&$top=5000')).value).toHaveLength(999);
    const { rows: all } = await drain(`/users?$select=${'id,displayName,department'}&$top=700`);
    expect(all.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  test('a link belongs to its query and tenant, and expires', async () => {
    const link = new URL((await read('/users?$select=id&$top=10'))['@odata.nextLink'] ?? '');
    expect(link.origin).toBe(simulator.url);
    const skip = link.searchParams.get('$skiptoken') ?? '';
    expect((await refusal(`/users?$select=id&$top=11&$skiptoken=${skip}`)).status).toBe(400);
    expect((await refusal(`/users?$select=id&$top=10&$skiptoken=${skip.slice(0, -3)}abc`)).status).toBe(400);
    await simulator.control.grant(FABRIKAM, GRAPH_APP.clientId);
    const fabrikam = await appToken(simulator.url, FABRIKAM, GRAPH_APP);
    expect((await refusal(link.href, { as: fabrikam })).status).toBe(400);
    await simulator.control.request('POST', '/expire', { pageLinks: true });
    expect(await refusal(link.href)).toEqual({ status: 400, code: 'Directory_ExpiredPageToken' });
  });

  test('expands managers: users, contacts, none', async () => {
    const { rows } = await drain('/users?$select=id&$expand=manager($select=id,displayName)&$top=999');
    const types = new Set(rows.map(({ manager }) => manager?.['@odata.type']));
    expect(types).toEqual(new Set(['#microsoft.graph.user', '#microsoft.graph.orgContact', undefined]));
    const [first] = (await read('/users?$expand=manager&$top=5')).value.filter(({ manager }) => manager);
    expect(first?.manager).toMatchObject({ id: expect.any(String), userPrincipalName: expect.any(String) });
    const levels = '/users?$select=id&$expand=manager($levels=max;$select=id)&$count=true&$top=999';
    expect((await refusal(levels)).status).toBe(400);
    const deep = await read(levels, { eventual: true });
    expect(
      deep.value.some(({ manager }) => typeof (manager?.manager as Row | undefined)?.manager === 'object'),
    ).toBe(true);
  });

  test('counts only with the header', async () => {
    expect((await read('/users?$count=true&$top=1'))['@odata.count']).toBeUndefined();
    const first = await read('/users?$count=true&$top=1', { eventual: true });
    expect(first['@odata.count']).toBe(2500);
    expect((await read(first['@odata.nextLink'] ?? '', { eventual: true }))['@odata.count']).toBeUndefined();
    expect(await (await get('/users/$count', { eventual: true })).text()).toBe('2500');
    expect((await refusal('/users/$count')).status).toBe(400);
    const guests = Number(
      await (await get("/users/$count?$filter=userType eq 'Guest'", { eventual: true })).text(),
    );
    expect(guests).toBe((await drain("/users?$filter=userType eq 'Guest'&$top=999")).rows.length);
  });

  test('orders by name', async () => {
    const { rows } = await drain('/users?$select=displayName&$orderby=displayName&$top=999');
    const names = rows.map(({ displayName }) => String(displayName));
    expect(names).toHaveLength(2500);
    expect(names).toEqual([...names].sort(new Intl.Collator('en').compare));
  });

  test.each([
    ["$filter=startsWith(userPrincipalName,'alex')", 1],
    ["$filter=id eq '00000000-0000-4000-8000-000000000000'", 0],
  ])('%s', async (query, expected) => {
    const { rows } = await drain(`/users?$select=id,userPrincipalName&${query}`);
    expect(rows).toHaveLength(expected);
  });

  test.each([
    ['$skip=5', 400, 'Request_UnsupportedQuery'],
    ['$select=nonsense', 400, 'BadRequest'],
    ['$select=id,aboutMe', 501, 'NotImplemented'],
    ['$top=0', 400, 'Request_BadRequest'],
    ['$top=ten', 400, 'Request_BadRequest'],
    ["$filter=department ne 'Sales'", 400, 'Request_UnsupportedQuery'],
    ['$filter=createdDateTime gt 2019-01-01T00:00:00Z', 400, 'Request_UnsupportedQuery'],
    ["$filter=id ge 'a'", 400, 'Request_UnsupportedQuery'],
    ['$filter=((', 400, 'BadRequest'],
    ['$orderby=createdDateTime', 400, 'Request_UnsupportedQuery'],
    ["$orderby=displayName&$filter=startsWith(displayName,'a')", 400, 'Request_UnsupportedQuery'],
    ['$expand=directReports', 400, 'BadRequest'],
    ['$apply=groupby', 400, 'BadRequest'],
  ])('refuses %s', async (query, status, code) => {
    expect(await refusal(`/users?${query}`)).toEqual({ status, code });
  });

  test('advanced filters work with header and count, and not together with $expand', async () => {
    const query = "/users?$filter=department ne 'Sales'&$count=true&$top=999";
    const { rows, last } = await drain(query, { eventual: true });
    expect(rows.length).toBeGreaterThan(2000);
    expect(last['@odata.nextLink']).toBeUndefined();
    expect((await refusal(`${query}&$expand=manager`, { eventual: true })).code).toBe(
      'Request_UnsupportedQuery',
    );
  });
});

describe('single users', () => {
  test('by id and by name, with 404 for nobody and for no manager', async () => {
    const user = await read<Row>('/users/alex.admin@contoso.com?$select=id,displayName,accountEnabled');
    expect(user).toMatchObject({ displayName: 'Alex Admin', accountEnabled: true });
    expect(await read<Row>(`/users/${user.id}`)).toMatchObject({ id: user.id });
    expect(await refusal(`/users/${crypto.randomUUID()}`)).toEqual({
      status: 404,
      code: 'Request_ResourceNotFound',
    });
    expect(await refusal('/users/alex.admin@contoso.com/manager')).toEqual({
      status: 404,
      code: 'Request_ResourceNotFound',
    });
    const withManager = (await drain('/users?$expand=manager&$top=999')).rows.find(({ manager }) => manager);
    expect(await read<Row>(`/users/${withManager?.id}/manager?$select=id`)).toMatchObject({
      id: withManager?.manager?.id,
    });
  });
});

describe('delta', () => {
  test('reads everybody once, then only what changed', async () => {
    const first = await drain('/users/delta?$select=displayName,department');
    expect(new Set(first.rows.map(({ id }) => id)).size).toBe(2500);
    const [unchanged, changed, soft, hard] = first.rows.slice(50).map(({ id }) => id);
    await simulator.control.updateUser(CONTOSO, String(changed), { department: 'Moved' });
    await simulator.control.deleteUser(CONTOSO, String(soft));
    await simulator.control.request('DELETE', `/users/${hard}?tenantId=${CONTOSO}&permanently=true`);
    const { id: created } = await simulator.control.createUser(CONTOSO, { displayName: 'New' });
    const second = await drain(first.last['@odata.deltaLink'] ?? '');
    expect(second.rows.map(({ id }) => id)).toEqual([changed, soft, hard, created]);
    expect(second.rows.map((row) => row['@removed'])).toEqual([
      undefined,
      { reason: 'changed' },
      { reason: 'deleted' },
      undefined,
    ]);
    expect(second.rows[0]).toMatchObject({ department: 'Moved' });
    expect(second.rows.map(({ id }) => id)).not.toContain(unchanged);
    const third = await drain(second.last['@odata.deltaLink'] ?? '');
    expect(third.rows).toEqual([]);
    await simulator.control.request('POST', `/users/${soft}/restore?tenantId=${CONTOSO}`);
    const fourth = await drain(third.last['@odata.deltaLink'] ?? '');
    expect(fourth.rows).toEqual([expect.objectContaining({ id: soft, displayName: expect.any(String) })]);
    expect((await drain('/users?$select=id&$top=999')).rows).toHaveLength(2500);
  });

  test('leaves out what never had a value', async () => {
    const { rows } = await drain('/users/delta?$select=department');
    expect(rows.some((row) => !('department' in row))).toBe(true);
    expect(rows.every((row) => row.department !== null)).toBe(true);
  });

  test('can begin now, names managers on request', async () => {
    const now = await read('/users/delta?$deltatoken=latest');
    expect(now.value).toEqual([]);
    expect(now['@odata.deltaLink']).toContain('$deltatoken=');
    const { value } = await read('/users/delta?$select=displayName,manager');
    expect(value.find((row) => row['manager@delta'])?.['manager@delta']).toEqual([
      { '@odata.type': '#microsoft.graph.user', id: expect.any(String) },
    ]);
  });

  test('an expired link asks for a new beginning', async () => {
    const link = (await read('/users/delta?$deltatoken=latest'))['@odata.deltaLink'] ?? '';
    await simulator.control.request('POST', '/expire', { deltaLinks: true });
    const response = await get(link);
    expect(response.status).toBe(410);
    expect(response.headers.get('location')).toBe(`${simulator.url}/v1.0/users/delta?$deltatoken=`);
    expect(((await response.json()) as Failure).error.code).toBe('resyncRequired');
    expect((await get(response.headers.get('location') ?? '')).status).toBe(200);
  });

  test.each(['$top=5', '$expand=manager', '$orderby=displayName'])('refuses %s', async (query) => {
    expect((await refusal(`/users/delta?${query}`)).code).toBe('Request_UnsupportedQuery');
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
    expect(await refusal('/groups')).toEqual({ status: 501, code: 'SimulatorNotImplemented' });
    const post = await fetch(`${simulator.url}/v1.0/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(post.status).toBe(501);
    expect(await simulator.control.unknownOperations()).toEqual(['GET /v1.0/groups', 'POST /v1.0/users']);
    expect(simulator.errors()).toContain('not implemented: GET /v1.0/groups');
  });
});
