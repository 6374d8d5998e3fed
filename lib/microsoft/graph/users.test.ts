import { afterEach, describe, expect, test } from 'vitest';
import {
  type Answer,
  type Received,
  type ScriptedServer,
  startScriptedServer,
  testGraph,
} from '../testing.ts';
import { USER_FIELDS } from './user-row.ts';
import { countUsers, type UserPage, userPages } from './users.ts';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(answer: (request: Received, index: number) => Answer): Promise<ScriptedServer> {
  const server = await startScriptedServer(answer);
  servers.push(server);
  return server;
}

const id = (n: number) => `5f0c9a4e-7d51-4a7e-9c5f-${n.toString(16).padStart(12, '0')}`;
const ids = (page: UserPage) => page.users.map((user) => user.id);

async function readAll(server: ScriptedServer, options?: Parameters<typeof userPages>[1]) {
  const pages = [];
  for await (const page of userPages(testGraph(server.origin), options)) pages.push(page);
  return pages;
}

/** Answers the first page with a link, the link with the last page; `origin` is known once the server listens. */
async function serveTwoPages(): Promise<ScriptedServer> {
  const server = await serve(({ query }) =>
    query.has('$skiptoken')
      ? { body: { value: [{ id: id(2) }] } }
      : {
          body: {
            '@odata.count': 2,
            '@odata.nextLink': `${server.origin}/v1.0/users?$top=999&$skiptoken=RFNwdAIAAQ%2f+==&$select=id`,
            value: [{ id: id(1) }],
          },
        },
  );
  return server;
}

test('the first request asks for every field, the manager and the count', async () => {
  const server = await serveTwoPages();
  await readAll(server);
  const [first] = server.received;
  expect(first).toMatchObject({ method: 'GET', path: '/v1.0/users' });
  expect(Object.fromEntries(first?.query ?? [])).toEqual({
    $select: USER_FIELDS.join(','),
    $top: '999',
    $count: 'true',
    $expand: 'manager($levels=1;$select=id)',
  });
  expect(first?.headers).toMatchObject({ authorization: 'Bearer the-token', consistencylevel: 'eventual' });
});

test('links are followed verbatim, with the header they do not remember', async () => {
  const server = await serveTwoPages();
  const pages = await readAll(server);
  expect(pages).toMatchObject([
    { ok: true, value: { expected: 2, leftOut: [], users: [{ id: id(1) }] } },
    { ok: true, value: { leftOut: [], users: [{ id: id(2) }] } },
  ]);
  expect(server.received[1]?.search).toBe('$top=999&$skiptoken=RFNwdAIAAQ%2f+==&$select=id');
  expect(server.received[1]?.headers.consistencylevel).toBe('eventual');
});

test('a read goes on from a link', async () => {
  const server = await serveTwoPages();
  const pages = await readAll(server, { startLink: `${server.origin}/v1.0/users?$skiptoken=x` });
  expect(pages.map((page) => page.ok && ids(page.value))).toEqual([[id(2)]]);
  expect(server.received).toHaveLength(1);
});

test('an empty page with a link is not the end', async () => {
  const server = await serve(({ query }) =>
    query.has('$skiptoken')
      ? { body: { value: [{ id: id(1) }], '@odata.nextLink': null } }
      : { body: { value: [], '@odata.nextLink': `${server.origin}/v1.0/users?$skiptoken=x` } },
  );
  expect((await readAll(server)).map((page) => page.ok && ids(page.value))).toEqual([[], [id(1)]]);
});

test('a form of $expand that the service refuses is replaced by a simpler one', async () => {
  const refusal: Answer = {
    status: 400,
    body: { error: { code: 'Request_UnsupportedQuery', message: 'no' } },
  };
  const server = await serve((_request, index) =>
    index < 2 ? refusal : { body: { value: [{ id: id(1) }] } },
  );
  expect(await readAll(server)).toMatchObject([{ ok: true, value: { users: [{ id: id(1) }] } }]);
  expect(server.received.map(({ query }) => [query.get('$expand'), query.get('$count')])).toEqual([
    ['manager($levels=1;$select=id)', 'true'],
    ['manager($select=id)', 'true'],
    ['manager', null],
  ]);
  const stubborn = await serve(() => refusal);
  expect(await readAll(stubborn)).toMatchObject([{ ok: false, problem: { code: 'request-rejected' } }]);
  expect(stubborn.received).toHaveLength(3);
});

test('an expired page token and a missing permission end the read with what happened', async () => {
  const expired: Answer = {
    status: 400,
    body: {
      error: {
        code: 'Directory_ExpiredPageToken',
        innerError: { 'request-id': 'r-1', date: '2030-01-02T03:04:05' },
      },
    },
  };
  const server = await serve(() => expired);
  expect(await readAll(server, { startLink: `${server.origin}/v1.0/users?$skiptoken=old` })).toEqual([
    {
      ok: false,
      problem: {
        code: 'page-expired',
        microsoft: {
          code: 'Directory_ExpiredPageToken',
          correlationId: 'r-1',
          timestamp: '2030-01-02T03:04:05',
          status: 400,
        },
      },
    },
  ]);
  const denied = await serve(() => ({
    status: 403,
    body: { error: { code: 'Authorization_RequestDenied' } },
  }));
  expect(await readAll(denied)).toMatchObject([
    { ok: false, problem: { code: 'permission-missing', permission: 'User.Read.All' } },
  ]);
  expect(denied.received).toHaveLength(1);
});

test('a link to somewhere else ends the read and takes no token along', async () => {
  const other = await serve(() => ({ body: { value: [] } }));
  const server = await serve(() => ({
    body: { value: [{ id: id(1) }], '@odata.nextLink': `${other.origin}/v1.0/users?$skiptoken=x` },
  }));
  expect(await readAll(server)).toMatchObject([
    { ok: true },
    { ok: false, problem: { code: 'foreign-link', origin: other.origin } },
  ]);
  expect(other.received).toEqual([]);
});

test('a link that comes back ends the read', async () => {
  const server = await serve(() => ({
    body: { value: [{ id: id(1) }], '@odata.nextLink': `${server.origin}/v1.0/users?$skiptoken=same` },
  }));
  const pages = await readAll(server);
  expect(pages.at(-1)).toMatchObject({ ok: false, problem: { code: 'upstream-shape' } });
  expect(server.received).toHaveLength(2);
});

test('a throttled page is waited for and counted', async () => {
  const server = await serve((_request, index) =>
    index === 0 ? { status: 429, headers: { 'retry-after': '7' } } : { body: { value: [{ id: id(1) }] } },
  );
  const events: string[] = [];
  const pages = await readAll(server, {
    onRequest: () => events.push('request'),
    onRetry: ({ reason, waitMs }) => events.push(`${reason} ${waitMs}`),
  });
  expect(pages).toMatchObject([{ ok: true }]);
  expect(events).toEqual(['request', 'throttled 7000', 'request']);
});

test('stopping ends the read with the reason', async () => {
  const server = await serveTwoPages();
  const stop = new AbortController();
  const pages = userPages(testGraph(server.origin), { signal: stop.signal });
  await pages.next();
  stop.abort(new Error('cancelled'));
  await expect(pages.next()).rejects.toThrow('cancelled');
  expect(server.received).toHaveLength(1);
});

const full = {
  '@odata.type': '#microsoft.graph.user',
  id: id(1).toUpperCase(),
  displayName: '=Łukasz "Ł" 🦊\r\n',
  companyName: '',
  accountEnabled: false,
  usageLocation: 'NO',
  assignedLicenses: [{ skuId: id(7).toUpperCase(), disabledPlans: [id(8)] }],
  licenseAssignmentStates: [
    { skuId: id(7), disabledPlans: [], assignedByGroup: null, state: 'Brand new state', error: 'None' },
    { skuId: id(7), assignedByGroup: id(9) },
  ],
  onPremisesExtensionAttributes: { extensionAttribute1: 'CC-1001', extensionAttribute2: null },
  manager: { '@odata.type': '#microsoft.graph.user', id: id(2), displayName: 'Boss' },
  aMemberOfTomorrow: { deep: true },
};

test('a row is read with null for what is missing, ids in lower case and unknown words kept', async () => {
  const server = await serve(() => ({
    body: { value: [full, { id: id(2), displayName: null, manager: null }] },
  }));
  const [page] = await readAll(server);
  expect(page?.ok && page.value.users[0]).toMatchObject({
    id: id(1),
    displayName: '=Łukasz "Ł" 🦊\r\n',
    companyName: '',
    department: null,
    accountEnabled: false,
    assignedLicenses: [{ skuId: id(7), disabledPlans: [id(8)] }],
    licenseAssignmentStates: [
      {
        skuId: id(7),
        assignedByGroup: null,
        state: 'Brand new state',
        error: 'None',
        lastUpdatedDateTime: null,
      },
      { skuId: id(7), disabledPlans: [], assignedByGroup: id(9), state: null, error: null },
    ],
    onPremisesExtensionAttributes: { extensionAttribute1: 'CC-1001', extensionAttribute2: null },
    manager: { id: id(2) },
  });
  expect(page?.ok && page.value.users[1]).toEqual({
    ...Object.fromEntries(USER_FIELDS.map((field) => [field, null])),
    id: id(2),
    assignedLicenses: [],
    licenseAssignmentStates: [],
    manager: null,
  });
});

test('identities of agents are left out and named', async () => {
  const agent = { '@odata.type': '#microsoft.graph.agentUser', id: id(3) };
  const server = await serve(() => ({ body: { value: [{ id: id(1) }, agent], '@odata.count': 2 } }));
  const [page] = await readAll(server);
  expect(page).toMatchObject({ ok: true, value: { users: [{ id: id(1) }], leftOut: [id(3)], expected: 2 } });
});

test.each<[string, unknown]>([
  ['no collection', { id: id(1) }],
  ['a value that is no list', { value: {} }],
  ['a row that is none', { value: ['text'] }],
  ['no id', { value: [{ displayName: 'x' }] }],
  ['an id that is no GUID', { value: [{ id: '1' }] }],
  ['a number for a name', { value: [{ id: id(1), displayName: 5 }] }],
  ['a word for a flag', { value: [{ id: id(1), accountEnabled: 'yes' }] }],
  ['licences without SKU', { value: [{ id: id(1), assignedLicenses: [{}] }] }],
  ['a manager without id', { value: [{ id: id(1), manager: {} }] }],
  ['attributes that are no texts', { value: [{ id: id(1), onPremisesExtensionAttributes: { a: 1 } }] }],
])('%s is another shape than documented', async (_name, body) => {
  const server = await serve(() => ({ body }));
  expect(await readAll(server)).toEqual([
    { ok: false, problem: { code: 'upstream-shape', where: '/users' } },
  ]);
});

test.each([
  ['the number that Microsoft names', { body: { '@odata.count': 7, value: [{ id: 'x' }] } }, 7],
  ['no number where Microsoft names none', { body: { value: [] } }, undefined],
  [
    'no number where Microsoft refuses to count',
    { status: 400, body: { error: { code: 'Request_BadRequest' } } },
    undefined,
  ],
])('counting users brings %s', async (_name, answer, expected) => {
  const server = await serve(() => answer);
  expect(await countUsers(testGraph(server.origin))).toEqual({ ok: true, value: expected });
  expect(server.received[0]?.headers.consistencylevel).toBe('eventual');
  expect(Object.fromEntries(server.received[0]?.query ?? [])).toEqual({
    $select: 'id',
    $top: '1',
    $count: 'true',
  });
});

describe('a part of the directory', () => {
  const emptyPage: Answer = { body: { value: [] } };
  const refusal: Answer = { status: 400, body: { error: { code: 'Request_UnsupportedQuery' } } };

  test.each([
    ['2020-01-01T00:00:00Z', null, 'createdDateTime ge 2020-01-01T00:00:00Z'],
    [null, '2020-01-01T00:00:00Z', 'createdDateTime le 2020-01-01T00:00:00Z'],
    [
      '2020-01-01T00:00:00Z',
      '2021-01-01T00:00:00Z',
      'createdDateTime ge 2020-01-01T00:00:00Z and createdDateTime le 2021-01-01T00:00:00Z',
    ],
  ])('from %s to %s needs no advanced query', async (from, to, filter) => {
    const server = await serve(() => emptyPage);
    await readAll(server, { part: { type: 'created', from, to } });
    const [request] = server.received;
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      $select: USER_FIELDS.join(','),
      $top: '999',
      $filter: filter,
      $expand: 'manager($select=id)',
    });
    expect(request?.headers.consistencylevel).toBeUndefined();
  });

  test('each page is asked for like the first one', async () => {
    const part = { type: 'created', from: null, to: null } as const;
    const server = await serve(() => emptyPage);
    const link = `${server.origin}/v1.0/users?%24count=true&$skiptoken=x`;
    for (const startLink of [link, link.replace('count', 'top')]) await readAll(server, { part, startLink });
    expect(server.received.map(({ headers }) => headers.consistencylevel)).toEqual(['eventual', undefined]);
  });

  test('without a date of creation: where $expand is refused, managers are asked for afterwards', async () => {
    const users = Array.from({ length: 12 }, (_, n) => ({
      id: id(n),
      ...(n % 2 === 0 && { manager: { id: id(n + 100) } }),
    }));
    const server = await serve(({ query }) => {
      const filter = query.get('$filter') ?? '';
      // One was deleted meanwhile.
      if (filter.startsWith('id in')) return { body: { value: users.filter((user) => user.id !== id(7)) } };
      return query.has('$expand') ? refusal : { body: { value: users.map((user) => ({ id: user.id })) } };
    });
    const [page] = await readAll(server, { part: { type: 'undated' } });
    if (!page?.ok) throw new Error('refused');
    expect(page.value.users.map((user) => ({ id: user.id, manager: user.manager }))).toEqual(
      users
        .filter((user) => user.id !== id(7))
        .map((user) => ({ id: user.id, manager: user.manager ?? null })),
    );
    expect(server.received.map(({ query }) => [query.get('$expand'), query.get('$count')])).toEqual([
      ['manager($levels=1;$select=id)', 'true'],
      ['manager($select=id)', 'true'],
      [null, 'true'],
      ['manager', null],
    ]);
  });

  test('is counted', async () => {
    const server = await serve(() => ({ body: { value: [], '@odata.count': 7 } }));
    const counted = await countUsers(testGraph(server.origin), { part: { type: 'undated' } });
    expect(counted).toEqual({ ok: true, value: 7 });
    expect(server.received[0]?.query.get('$filter')).toBe('not(createdDateTime ge 1900-01-01T00:00:00Z)');
  });
});
