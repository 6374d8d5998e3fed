import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Answer,
  type Received,
  recordedWaits,
  type ScriptedServer,
  startScriptedServer,
  testGraph,
} from '../testing.ts';
import { readBatch } from './batch.ts';
import { shaped } from './client.ts';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(answer: (request: Received, index: number) => Answer): Promise<ScriptedServer> {
  const server = await startScriptedServer(answer);
  servers.push(server);
  return server;
}

const Name = z.object({ name: z.string() });
const Sent = z.object({ requests: z.array(z.looseObject({ id: z.string(), url: z.string() })) });
type Part = { status?: number; headers?: Record<string, string>; body?: unknown };

const sentBy = ({ body }: Received) => Sent.parse(JSON.parse(body)).requests;

/** Answers each request by its address, in the opposite order. */
const answerEach =
  (part: (url: string, round: number) => Part) =>
  (request: Received, round: number): Answer => ({
    body: {
      responses: sentBy(request)
        .map(({ id, url }) => ({ id, status: 200, headers: {}, body: { name: url }, ...part(url, round) }))
        .reverse(),
    },
  });

const queries = (...paths: string[]) => paths.map((path) => ({ path, permission: 'User.Read.All' }));

const read = (server: ScriptedServer, paths: string[], options?: Parameters<typeof readBatch>[3]) =>
  readBatch(testGraph(server.origin), queries(...paths), shaped(Name), options);

const value = (name: string) => ({ ok: true, value: { name } });
const problem = (of: object) => ({ ok: false, problem: of });

test('many reads are one request, and the answers come in their order', async () => {
  const server = await serve(answerEach(() => ({})));
  expect(await read(server, ['/a', '/b', '/c'])).toEqual([value('/a'), value('/b'), value('/c')]);
  expect(server.received).toMatchObject([
    { method: 'POST', path: '/v1.0/$batch', headers: { authorization: 'Bearer the-token' } },
  ]);
  expect(server.received[0]?.headers['content-type']).toContain('application/json');
});

test('a query is written out, and its header goes along', async () => {
  const server = await serve(answerEach(() => ({})));
  const query = {
    path: '/users',
    select: ['id', 'city'],
    expand: 'manager($select=id)',
    filter: "id in ('a&b','c')",
    top: 5,
    count: true,
    isAdvanced: true,
    permission: 'User.Read.All',
  };
  await readBatch(testGraph(server.origin), [query], shaped(Name));
  const [request] = server.received.flatMap(sentBy);
  expect(request).toMatchObject({ method: 'GET', headers: { ConsistencyLevel: 'eventual' } });
  expect(Object.fromEntries(new URL(`http://x${request?.url}`).searchParams)).toEqual({
    $select: 'id,city',
    $expand: 'manager($select=id)',
    $filter: "id in ('a&b','c')",
    $top: '5',
    $count: 'true',
  });
});

test('more than twenty are several requests', async () => {
  const server = await serve(answerEach(() => ({})));
  const paths = Array.from({ length: 45 }, (_, n) => `/${n}`);
  expect(await read(server, paths)).toEqual(paths.map(value));
  expect(server.received.map((request) => sentBy(request).length)).toEqual([20, 20, 5]);
});

test.each<[string, Record<string, string>, number]>([
  ['seconds', { 'Retry-After': '7' }, 7000],
  ['a fraction', { 'retry-after': '2.128' }, 2128],
  ['a date', { 'Retry-After': 'Wed, 02 Jan 2030 03:04:35 GMT' }, 30_000],
  ['nothing', {}, 250],
])(
  'those that are told to wait, by %s, are sent again, together and alone',
  async (_name, headers, waitMs) => {
    const server = await serve(
      answerEach((url, round) => (url !== '/b' && round === 0 ? { status: 429, headers } : {})),
    );
    const { waits, options } = recordedWaits();
    const events: string[] = [];
    const results = await readBatch(
      testGraph(server.origin, options),
      queries('/a', '/b', '/c'),
      shaped(Name),
      {
        onRequest: () => events.push('request'),
        onRetry: (retry) => events.push(`${retry.reason} ${retry.waitMs}`),
      },
    );
    expect(results).toEqual([value('/a'), value('/b'), value('/c')]);
    expect(waits).toEqual([waitMs]);
    expect(events).toEqual(['request', `throttled ${waitMs}`, 'request']);
    expect(
      server.received.map((request) =>
        sentBy(request)
          .map(({ url }) => url)
          .sort(),
      ),
    ).toEqual([
      ['/a', '/b', '/c'],
      ['/a', '/c'],
    ]);
  },
);

test('the longest wait of all is kept', async () => {
  const server = await serve(
    answerEach((url, round) => {
      if (round > 0) return {};
      if (url === '/a') return { status: 429, headers: { 'Retry-After': '2' } };
      if (url === '/b') return { status: 503, headers: { 'Retry-After': '9' } };
      return url === '/c' ? { status: 424, body: { error: { code: 'FailedDependency' } } } : {};
    }),
  );
  const { waits, options } = recordedWaits();
  const results = await readBatch(
    testGraph(server.origin, options),
    queries('/a', '/b', '/c', '/d'),
    shaped(Name),
  );
  expect(results).toEqual([value('/a'), value('/b'), value('/c'), value('/d')]);
  expect(waits).toEqual([9000]);
});

test('patience ends for those alone that are still told to wait', async () => {
  const server = await serve(
    answerEach((url) => (url === '/b' ? { status: 429, headers: { 'Retry-After': '3' } } : {})),
  );
  expect(await read(server, ['/a', '/b'], { patience: 'interactive' })).toEqual([
    value('/a'),
    problem({ code: 'throttled', retryAfterSeconds: 3, microsoft: expect.anything() }),
  ]);
  expect(server.received).toHaveLength(3);
});

test('each refusal is read as one of its own', async () => {
  const error = (code: string) => ({ error: { code, innerError: { 'request-id': `r-${code}` } } });
  const server = await serve(
    answerEach((url) => {
      if (url === '/a') return { status: 404, body: error('Request_ResourceNotFound') };
      if (url === '/b') return { status: 403, body: error('Authorization_RequestDenied') };
      if (url === '/c') return { body: { other: 1 } };
      if (url === '/d') return { body: Buffer.from('text').toString('base64') };
      return url === '/e' ? { headers: { 'not a header': 'x', 'x-good': 'y' } } : {};
    }),
  );
  const trace = { correlationId: 'r-Request_ResourceNotFound', status: 404 };
  expect(await read(server, ['/a', '/b', '/c', '/d', '/e'])).toMatchObject([
    problem({ code: 'resource-not-found', microsoft: trace }),
    problem({ code: 'permission-missing', permission: 'User.Read.All' }),
    problem({ code: 'upstream-shape', where: '/c' }),
    problem({ code: 'upstream-shape', where: '/d' }),
    value('/e'),
  ]);
});

test('a request without an answer, and an answer without a request', async () => {
  const server = await serve(() => ({
    body: {
      responses: [
        { id: '0', status: 200, body: { name: 'a' } },
        { id: '9', status: 429 },
      ],
    },
  }));
  expect(await read(server, ['/a', '/b'])).toEqual([
    value('a'),
    problem({ code: 'upstream-shape', where: '/$batch: no answer' }),
  ]);
});

test.each<[string, Answer, object]>([
  ['is refused', { status: 400, body: { error: { code: 'BadRequest' } } }, { code: 'request-rejected' }],
  ['is forbidden', { status: 401 }, { code: 'sign-in-required' }],
  ['is no batch', { body: { value: [] } }, { code: 'upstream-shape', where: '/$batch' }],
])('where the whole %s, so is each', async (_name, answer, expected) => {
  const server = await serve(() => answer);
  expect(await read(server, ['/a', '/b'])).toMatchObject([problem(expected), problem(expected)]);
  expect(server.received).toHaveLength(1);
});

test('a batch that fails as a whole is sent again as a whole', async () => {
  const each = answerEach(() => ({}));
  const server = await serve((request, round) => (round === 0 ? { status: 503 } : each(request, round)));
  expect(await read(server, ['/a', '/b'])).toEqual([value('/a'), value('/b')]);
});
