import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  appToken,
  CONTOSO,
  FABRIKAM,
  GRAPH_APP,
  type RunningSimulator,
  startSimulator,
} from '../../testing.ts';
import { graphReads, type Row } from './test-reads.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
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
  ({ get, read, drain, refusal } = graphReads(
    simulator.url,
    await appToken(simulator.url, CONTOSO, GRAPH_APP),
  ));
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
