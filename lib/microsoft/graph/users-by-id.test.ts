import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Answer,
  type Received,
  type ScriptedServer,
  startScriptedServer,
  testGraph,
} from '../testing.ts';
import { usersById } from './users-by-id.ts';

let server: ScriptedServer | undefined;
afterEach(() => server?.stop());

const id = (n: number) => `5f0c9a4e-7d51-4a7e-9c5f-${n.toString(16).padStart(12, '0')}`;
const ids = (count: number) => Array.from({ length: count }, (_, n) => id(n));
const Sent = z.object({ requests: z.array(z.object({ id: z.string(), url: z.string() })) });

/** A directory of the users with even numbers. */
const usersOf = (filter: string | null): object => ({
  value: [...(filter ?? '').matchAll(/'([^']+)'/g)].flatMap(([, named = '']) =>
    Number.parseInt(named.slice(-12), 16) % 2 === 0 ? [{ id: named, manager: { id: id(2) } }] : [],
  ),
});

async function serve(refuse?: Answer): Promise<ScriptedServer> {
  server = await startScriptedServer(({ method, query, body }: Received): Answer => {
    if (refuse) return refuse;
    if (method === 'GET') return { body: usersOf(query.get('$filter')) };
    const responses = Sent.parse(JSON.parse(body)).requests.map((request) => ({
      id: request.id,
      status: 200,
      body: usersOf(new URL(request.url, 'http://x').searchParams.get('$filter')),
    }));
    return { body: { responses } };
  });
  return server;
}

test.each([
  [0, 0],
  [1, 1],
  [15, 1],
  [16, 1],
  [300, 1],
  [301, 2],
])('%i users take %i requests', async (count, requests) => {
  const { origin, received } = await serve();
  const read = await usersById(testGraph(origin), ids(count));
  expect(read.ok && read.value.map((user) => user.id).sort()).toEqual(
    ids(count).filter((_, n) => n % 2 === 0),
  );
  expect(read.ok && read.value.every(({ manager }) => manager?.id === id(2))).toBe(true);
  expect(received).toHaveLength(requests);
});

test('what is not wanted is not asked for', async () => {
  const { origin, received } = await serve();
  await usersById(testGraph(origin), ids(1), { fields: ['id', 'city'] });
  expect(Object.fromEntries(received[0]?.query ?? [])).toEqual({
    $select: 'id,city',
    $filter: `id in ('${id(0)}')`,
  });
});

test('a page that goes on is followed', async () => {
  server = await startScriptedServer(({ method, query }): Answer => {
    const nextLink = `${server?.origin}/v1.0/users?$skiptoken=x`;
    if (query.has('$skiptoken')) return { body: { value: [{ id: id(2) }] } };
    const body = { value: [{ id: id(1) }], '@odata.nextLink': nextLink };
    return method === 'GET'
      ? { body }
      : {
          body: {
            responses: [
              { id: '0', status: 200, body },
              { id: '1', status: 200, body },
            ],
          },
        };
  });
  const { origin } = server;
  const found = async (count: number) => {
    const read = await usersById(testGraph(origin), ids(count));
    return read.ok && read.value.map((user) => user.id);
  };
  expect(await found(2)).toEqual([id(1), id(2)]);
  expect(await found(20)).toEqual([id(1), id(2), id(1), id(2)]);
});

test('a page that leads back is not', async () => {
  const { origin } = await serve({ body: { value: [], '@odata.nextLink': 'https://elsewhere.example/x' } });
  expect(await usersById(testGraph(origin), ids(2))).toMatchObject({
    ok: false,
    problem: { code: 'foreign-link' },
  });
  await server?.stop();
  server = await startScriptedServer(() => ({
    body: { value: [], '@odata.nextLink': `${server?.origin}/v1.0/users?$skiptoken=same` },
  }));
  expect(await usersById(testGraph(server.origin), ids(2))).toMatchObject({
    ok: false,
    problem: { code: 'upstream-shape', where: '/users: repeated nextLink' },
  });
});

test('what is refused is refused for all', async () => {
  const { origin } = await serve({ status: 403, body: { error: { code: 'Authorization_RequestDenied' } } });
  for (const count of [2, 40])
    expect(await usersById(testGraph(origin), ids(count))).toMatchObject({
      ok: false,
      problem: { code: 'permission-missing' },
    });
});

test('what is no list of users is not taken for one', async () => {
  const { origin } = await serve({ body: { value: [{ id: 5 }] } });
  expect(await usersById(testGraph(origin), ids(2))).toMatchObject({
    ok: false,
    problem: { code: 'upstream-shape', where: '/users' },
  });
});
