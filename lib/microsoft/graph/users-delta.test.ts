import { afterEach, expect, test } from 'vitest';
import {
  type Answer,
  type Received,
  type ScriptedServer,
  startScriptedServer,
  testGraph,
} from '../testing.ts';
import { USER_FIELDS } from './user-row.ts';
import { latestDeltaLink, userDeltaPages } from './users-delta.ts';

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
const linkOf = (server: ScriptedServer, token = 'old') =>
  `${server.origin}/v1.0/users/delta?$deltatoken=${token}`;
const refusal = (status: number, code: string): Answer => ({ status, body: { error: { code } } });

async function readAll(server: ScriptedServer, options?: Parameters<typeof userDeltaPages>[2]) {
  const pages = [];
  for await (const page of userDeltaPages(testGraph(server.origin), linkOf(server), options))
    pages.push(page);
  return pages;
}

/** What one last page with these rows is read as. */
async function readRows(value: readonly unknown[]) {
  const server = await serve(() => ({ body: { value, '@odata.deltaLink': linkOf(server, 'new') } }));
  const [page] = await readAll(server);
  if (!page?.ok) throw new Error(`not read: ${page?.problem.code}`);
  return page.value;
}

test('a link from now on is asked for with every field and the manager', async () => {
  const server = await serve(() => ({ body: { value: [], '@odata.deltaLink': linkOf(server, 'now') } }));
  expect(await latestDeltaLink(testGraph(server.origin))).toEqual({ ok: true, value: linkOf(server, 'now') });
  expect(server.received).toMatchObject([{ method: 'GET', path: '/v1.0/users/delta' }]);
  expect(Object.fromEntries(server.received[0]?.query ?? [])).toEqual({
    $select: [...USER_FIELDS, 'manager'].join(','),
    $deltatoken: 'latest',
  });
  await latestDeltaLink(testGraph(server.origin), { fields: ['id', 'city'] });
  expect(server.received[1]?.query.get('$select')).toBe('id,city');
});

test.each<[string, Answer]>([
  ['refuses the query', refusal(400, 'Request_UnsupportedQuery')],
  ['does not know it', refusal(404, 'Request_ResourceNotFound')],
  ['has not built it', refusal(501, 'NotImplemented')],
  ['begins to read everything instead', { body: { value: [{ id: id(1) }], '@odata.nextLink': 'x' } }],
])('there is no link where the service %s', async (_name, answer) => {
  const server = await serve(() => answer);
  expect(await latestDeltaLink(testGraph(server.origin))).toEqual({ ok: true, value: undefined });
});

test('a missing permission is no service without delta', async () => {
  const server = await serve(() => refusal(403, 'Authorization_RequestDenied'));
  expect(await latestDeltaLink(testGraph(server.origin))).toMatchObject({
    ok: false,
    problem: { code: 'permission-missing', permission: 'User.Read.All' },
  });
});

test('pages are followed verbatim to the next delta link, empty ones too', async () => {
  const next = (token: string) => `${server.origin}/v1.0/users/delta?$skiptoken=${token}%2f+==`;
  const server = await serve((_request, index): Answer => {
    if (index === 0) return { body: { value: [{ id: id(1) }], '@odata.nextLink': next('a') } };
    if (index === 1) return { body: { value: [], '@odata.nextLink': next('b') } };
    return {
      body: {
        value: [{ id: id(2), '@removed': { reason: 'changed' } }],
        '@odata.deltaLink': linkOf(server, 'new'),
      },
    };
  });
  expect(await readAll(server)).toMatchObject([
    { ok: true, value: { changed: [{ id: id(1) }], removed: [], leftOut: 0, nextLink: next('a') } },
    { ok: true, value: { changed: [], removed: [], nextLink: next('b') } },
    {
      ok: true,
      value: { changed: [], removed: [{ id: id(2), reason: 'changed' }], deltaLink: linkOf(server, 'new') },
    },
  ]);
  expect(server.received.map(({ search }) => search)).toEqual([
    '$deltatoken=old',
    '$skiptoken=a%2f+==',
    '$skiptoken=b%2f+==',
  ]);
});

test('what never had a value is null; what is not said stays open', async () => {
  const { changed } = await readRows([{ id: id(1).toUpperCase(), displayName: 'Ola', city: null }]);
  expect(changed).toEqual([
    {
      ...Object.fromEntries(USER_FIELDS.map((field) => [field, null])),
      id: id(1),
      displayName: 'Ola',
      assignedLicenses: [],
      licenseAssignmentStates: undefined,
      manager: undefined,
    },
  ]);
});

const removed = { '@removed': { reason: 'deleted' } };

test.each<[string, object, unknown]>([
  ['is not mentioned', {}, undefined],
  ['is mentioned without a word', { 'manager@delta': [] }, undefined],
  ['is new', { 'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: id(2) }] }, { id: id(2) }],
  ['is removed', { 'manager@delta': [{ id: id(2), ...removed }] }, null],
  ['is replaced', { 'manager@delta': [{ id: id(3) }, { id: id(2), ...removed }] }, { id: id(3) }],
  [
    'is replaced, the old one first',
    { 'manager@delta': [{ id: id(2), ...removed }, { id: id(3) }] },
    { id: id(3) },
  ],
  ['is named as in a list', { manager: { id: id(2).toUpperCase() } }, { id: id(2) }],
  ['is named as none', { manager: null }, null],
])('a manager who %s', async (_name, members, manager) => {
  expect((await readRows([{ id: id(1), ...members }])).changed).toMatchObject([{ id: id(1), manager }]);
});

test.each([
  [null, []],
  [[], []],
  [[{ skuId: id(7), state: 'Active' }], [{ skuId: id(7), state: 'Active' }]],
])('licence assignments that are said to be %j', async (licenseAssignmentStates, expected) => {
  expect((await readRows([{ id: id(1), licenseAssignmentStates }])).changed).toMatchObject([
    { licenseAssignmentStates: expected },
  ]);
});

test('the last word about a user counts, also between gone and there', async () => {
  const gone = { '@removed': { reason: 'changed' } };
  expect(
    await readRows([
      { id: id(1), displayName: 'old', 'manager@delta': [{ id: id(9) }] },
      { id: id(2), displayName: 'there' },
      { id: id(3), ...gone },
      { id: id(1), displayName: 'new' },
      { id: id(2), ...gone },
      { id: id(3), displayName: 'back' },
    ]),
  ).toMatchObject({
    changed: [
      { id: id(1), displayName: 'new', manager: { id: id(9) } },
      { id: id(3), displayName: 'back' },
    ],
    removed: [{ id: id(2), reason: 'changed' }],
  });
});

test('reasons of removals are kept as they come', async () => {
  const rows = ['changed', 'deleted', 'somethingNew', null].map((reason, n) => ({
    id: id(n),
    '@removed': reason === null ? {} : { reason },
  }));
  expect((await readRows(rows)).removed.map(({ reason }) => reason)).toEqual([
    'changed',
    'deleted',
    'somethingNew',
    null,
  ]);
});

test('identities of agents are left out and counted, gone ones too', async () => {
  const agent = { '@odata.type': '#microsoft.graph.agentUser' };
  expect(
    await readRows([{ id: id(1) }, { ...agent, id: id(2) }, { ...agent, id: id(3), ...removed }]),
  ).toMatchObject({ changed: [{ id: id(1) }], removed: [], leftOut: 2 });
});

test.each<[string, Answer]>([
  ['410', refusal(410, 'resyncRequired')],
  ['410 without a code', { status: 410 }],
  ['400 syncStateNotFound', refusal(400, 'syncStateNotFound')],
  ['404 resyncRequired', refusal(404, 'resyncRequired')],
  ['an expired page', refusal(400, 'Directory_ExpiredPageToken')],
])('%s means that everything is to be read', async (_name, answer) => {
  const server = await serve(() => ({
    ...answer,
    headers: { location: 'https://elsewhere.example/v1.0/users/delta?$deltatoken=' },
  }));
  expect(await readAll(server)).toMatchObject([{ ok: false, problem: { code: 'page-expired' } }]);
  expect(server.received).toHaveLength(1);
});

test('a link to somewhere else ends the read and takes no token along', async () => {
  const other = await serve(() => ({ body: { value: [] } }));
  const server = await serve(() => ({ body: { value: [], '@odata.nextLink': linkOf(other) } }));
  expect(await readAll(server)).toMatchObject([
    { ok: true },
    { ok: false, problem: { code: 'foreign-link', origin: other.origin } },
  ]);
  expect(other.received).toEqual([]);
});

test('a link that comes back ends the read, and is not told', async () => {
  const server = await serve(() => ({ body: { value: [], '@odata.nextLink': linkOf(server, 'secret') } }));
  const last = (await readAll(server)).at(-1);
  expect(last).toMatchObject({ ok: false, problem: { code: 'upstream-shape' } });
  expect(JSON.stringify(last)).not.toContain('secret');
  expect(server.received).toHaveLength(2);
});

test('a throttled page is waited for', async () => {
  const server = await serve((_request, index) =>
    index === 0
      ? { status: 429, headers: { 'retry-after': '2.5' } }
      : { body: { value: [], '@odata.deltaLink': linkOf(server, 'new') } },
  );
  const events: string[] = [];
  expect(
    await readAll(server, { onRetry: ({ reason, waitMs }) => events.push(`${reason} ${waitMs}`) }),
  ).toMatchObject([{ ok: true }]);
  expect(events).toEqual(['throttled 2500']);
});

test.each<[string, object]>([
  ['no collection', { '@odata.deltaLink': 'x' }],
  ['a page that leads nowhere', { value: [] }],
  ['no id', { value: [{ displayName: 'x' }], '@odata.deltaLink': 'x' }],
  ['a removal that is a word', { value: [{ id: id(1), '@removed': 'changed' }], '@odata.deltaLink': 'x' }],
  ['a manager without id', { value: [{ id: id(1), 'manager@delta': [{}] }], '@odata.deltaLink': 'x' }],
  ['a manager that is no list', { value: [{ id: id(1), 'manager@delta': {} }], '@odata.deltaLink': 'x' }],
])('%s is another shape than documented', async (_name, body) => {
  const server = await serve(() => ({ body }));
  expect(await readAll(server)).toEqual([
    { ok: false, problem: { code: 'upstream-shape', where: '/users/delta' } },
  ]);
});
