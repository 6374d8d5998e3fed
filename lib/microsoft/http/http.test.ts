import { afterEach, expect, test } from 'vitest';
import { ok } from '#lib/core/result.ts';
import { createLog } from '#lib/log/log.ts';
import {
  type Answer,
  quietLog,
  recordedWaits,
  type ScriptedServer,
  startScriptedServer,
} from '../testing.ts';
import type { AnswerNote, Retry } from './call-options.ts';
import { type Bearer, createHttp, type HttpRequest } from './http.ts';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** A server that gives the answers one after the other, the last one for ever. */
async function serve(...answers: Answer[]): Promise<ScriptedServer> {
  const server = await startScriptedServer((_request, index) => answers[index] ?? answers.at(-1) ?? {});
  servers.push(server);
  return server;
}

function get(server: ScriptedServer, more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    service: 'graph',
    origin: server.origin,
    method: 'GET',
    url: `${server.origin}/v1.0/users?$top=1`,
    ...more,
  };
}

const throttled = (retryAfter?: string): Answer => ({
  status: 429,
  headers: { 'request-id': 'header-id', ...(retryAfter !== undefined && { 'retry-after': retryAfter }) },
  body: {
    error: { code: 'TooManyRequests', innerError: { 'request-id': 'body-id', date: '2030-01-02T03:04:05' } },
  },
});
const good: Answer = { body: { value: [1] } };

test('a good answer is parsed', async () => {
  const { waits, options } = recordedWaits();
  const answer = await createHttp({ log: quietLog, ...options }).send(get(await serve(good)));
  expect(answer).toMatchObject({ ok: true, value: { status: 200, json: { value: [1] } } });
  expect(waits).toEqual([]);
});

test.each([
  ['seconds', '7', 7000],
  ['a fraction', '2.128', 2128],
  ['a date', 'Wed, 02 Jan 2030 03:04:35 GMT', 30_000],
  ['nothing', undefined, 250],
])('a throttled request waits as told by %s', async (_name, retryAfter, expected) => {
  const { waits, options } = recordedWaits();
  const retries: Retry[] = [];
  const http = createHttp({ log: quietLog, ...options });
  const server = await serve(throttled(retryAfter), good);
  const answer = await http.send(
    get(server, { patience: 'background', onRetry: (retry) => retries.push(retry) }),
  );
  expect(answer.ok).toBe(true);
  expect(waits).toEqual([expected]);
  expect(retries).toEqual([
    {
      reason: 'throttled',
      attempt: 1,
      waitMs: expected,
      trace: {
        microsoft: {
          code: 'TooManyRequests',
          correlationId: 'body-id',
          timestamp: '2030-01-02T03:04:05',
          status: 429,
        },
        clientRequestId: server.received[0]?.headers['client-request-id'],
      },
    },
  ]);
});

test('each answer is told, with its time and the ids to find it by', async () => {
  const { options } = recordedWaits();
  const server = await serve({ ...throttled('1') }, good);
  const answers: AnswerNote[] = [];
  await createHttp({ log: quietLog, ...options }).send(
    get(server, { onAnswer: (answer) => answers.push(answer) }),
  );
  expect(answers.map(({ microsoft }) => microsoft?.status)).toEqual([429, 200]);
  expect(answers.map(({ clientRequestId }) => clientRequestId)).toEqual(
    server.received.map(({ headers }) => headers['client-request-id']),
  );
  expect(answers[0]?.headers.get('retry-after')).toBe('1');
  expect(answers.every(({ durationMs }) => durationMs >= 0)).toBe(true);
});

test('503 with Retry-After counts as throttling, without it as an outage', async () => {
  const { waits, options } = recordedWaits();
  const reasons: string[] = [];
  const http = createHttp({ log: quietLog, ...options });
  const server = await serve({ status: 503, headers: { 'retry-after': '3' } }, { status: 503 }, good);
  await http.send(get(server, { onRetry: ({ reason }) => reasons.push(reason) }));
  expect(reasons).toEqual(['throttled', 'unavailable']);
  expect(waits).toEqual([3000, 250]);
});

test('throttling without end is given up with what support needs', async () => {
  const { waits, options } = recordedWaits();
  const http = createHttp({ log: quietLog, ...options });
  const server = await serve(throttled('20'));
  const answer = await http.send(get(server, { patience: 'background' }));
  expect(answer).toMatchObject({
    ok: false,
    problem: {
      code: 'throttled',
      retryAfterSeconds: 20,
      microsoft: {
        code: 'TooManyRequests',
        correlationId: 'body-id',
        timestamp: '2030-01-02T03:04:05',
        status: 429,
      },
    },
  });
  expect(waits).toHaveLength(12);
  expect(server.received).toHaveLength(13);
});

test('a wait longer than the patience is not begun', async () => {
  const { waits, options } = recordedWaits();
  const answer = await createHttp({ log: quietLog, ...options }).send(get(await serve(throttled('60'))));
  expect(answer).toMatchObject({ ok: false, problem: { code: 'throttled', retryAfterSeconds: 60 } });
  expect(waits).toEqual([]);
});

test('when one request of a quota is told to wait, the others wait too', async () => {
  const { options, waits } = recordedWaits();
  const http = createHttp({ log: quietLog, ...options });
  const server = await serve(throttled('20'), good);
  const refused = await http.send(get(server, { quota: 'tenant' }));
  expect(refused).toMatchObject({ ok: false, problem: { code: 'throttled', retryAfterSeconds: 20 } });
  expect(waits).toEqual([]);

  const impatient = await http.send(get(server, { quota: 'tenant' }));
  expect(impatient).toEqual({ ok: false, problem: { code: 'throttled', retryAfterSeconds: 20 } });
  expect(server.received).toHaveLength(1);
  expect(await http.send(get(server, { quota: 'another tenant' }))).toMatchObject({ ok: true });
  expect(waits).toEqual([]);

  const retries: Retry[] = [];
  const onRetry = (retry: Retry) => retries.push(retry);
  const patient = await http.send(get(server, { quota: 'tenant', patience: 'background', onRetry }));
  expect(patient).toMatchObject({ ok: true });
  expect(retries).toEqual([{ reason: 'throttled', attempt: 1, waitMs: 20_000 }]);
  expect(await http.send(get(server, { quota: 'tenant' }))).toMatchObject({ ok: true });
  expect(waits).toEqual([20_000]);
});

test.each<[string, Answer]>([
  ['500', { status: 500, body: 'Internal Server Error', headers: { 'content-type': 'text/plain' } }],
  ['504', { status: 504 }],
  ['a connection cut in the body', { body: { value: ['a'.repeat(1000)] }, fault: 'cut' }],
  ['truncated JSON', { body: '{"value":[{"id":"1"},{"id' }],
  ['a page instead of JSON', { body: '<html>', headers: { 'content-type': 'text/html' } }],
])('after %s the request is sent again', async (_name, broken) => {
  const { waits, options } = recordedWaits();
  const http = createHttp({ log: quietLog, ...options });
  const server = await serve(broken, broken, good);
  const requests: number[] = [];
  const answer = await http.send(get(server, { onRequest: () => requests.push(1) }));
  expect(answer).toMatchObject({ ok: true, value: { json: { value: [1] } } });
  expect(waits).toEqual([250, 500]);
  expect(requests).toHaveLength(3);
  const given = await http.send(get(await serve(broken)));
  expect(given).toMatchObject({ ok: false, problem: { code: 'upstream-unavailable' } });
});

test('nobody listening is an outage', async () => {
  const { options } = recordedWaits();
  const server = await serve(good);
  await server.stop();
  servers.length = 0;
  const answer = await createHttp({ log: quietLog, ...options }).send(get(server));
  expect(answer).toEqual({
    ok: false,
    problem: { code: 'upstream-unavailable', reason: 'The connection failed (ECONNREFUSED).' },
  });
});

test('an answer that does not come in time is an outage', async () => {
  const { options } = recordedWaits();
  const limits = { timeoutMs: 500, unavailableMax: 1, throttledMax: 0, waitTotalMs: 1000 };
  const patience = { interactive: limits, background: limits };
  const server = await serve({ fault: 'hang' });
  const answer = await createHttp({ log: quietLog, ...options, patience }).send(get(server));
  expect(answer).toEqual({
    ok: false,
    problem: { code: 'upstream-unavailable', reason: 'No answer within 0.5 seconds.' },
  });
  expect(server.received).toHaveLength(2);
});

test('501 and 4xx are final', async () => {
  for (const status of [400, 403, 404, 409, 410, 501]) {
    const server = await serve({ status, body: { error: { code: 'X' } } });
    const answer = await createHttp({ log: quietLog }).send(get(server));
    expect(answer).toMatchObject({ ok: true, value: { status, json: { error: { code: 'X' } } } });
    expect(server.received).toHaveLength(1);
  }
});

test('a refusal that is not JSON is final as well', async () => {
  const server = await serve({ status: 403, body: '<html>', headers: { 'content-type': 'text/html' } });
  const answer = await createHttp({ log: quietLog }).send(get(server));
  expect(answer).toMatchObject({ ok: true, value: { status: 403, json: undefined } });
});

test.each([
  'https://graph.microsoft.com/v1.0/users',
  'http://localhost.evil.example/v1.0/users',
  'http://127.0.0.1:1/v1.0/users',
  '//evil.example/users',
  'file:///etc/passwd',
  'not a url',
])('a token is never sent to %s', async (url) => {
  const server = await serve(good);
  const asked: string[] = [];
  const bearer: Bearer = { get: async () => ok(asked.push('token').toString()) };
  const answer = await createHttp({ log: quietLog }).send(get(server, { url, bearer }));
  expect(answer).toMatchObject({ ok: false, problem: { code: 'foreign-link' } });
  expect(asked).toEqual([]);
  expect(server.received).toEqual([]);
});

test('an origin in front of an @ is not taken for the host', async () => {
  const server = await serve(good);
  const { host } = new URL(server.origin);
  for (const url of [`http://${host}@evil.example/`, `http://user:secret@${host}/`]) {
    expect(await createHttp({ log: quietLog }).send(get(server, { url }))).toMatchObject({ ok: false });
  }
  expect(server.received).toEqual([]);
});

test('a redirect is not followed', async () => {
  const target = await serve(good);
  const server = await serve({ status: 302, headers: { location: `${target.origin}/elsewhere` } });
  const bearer: Bearer = { get: async () => ok('secret-token') };
  const answer = await createHttp({ log: quietLog }).send(get(server, { bearer }));
  expect(answer).toMatchObject({ ok: true, value: { status: 302 } });
  expect(target.received).toEqual([]);
});

test('after 401 one new token is tried, with the claims of the challenge', async () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  const challenge = `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
  const server = await serve({ status: 401, headers: { 'www-authenticate': challenge } }, good);
  const renewals: (string | undefined)[] = [];
  const bearer: Bearer = {
    get: async () => ok('old'),
    renew: async (wanted) => {
      renewals.push(wanted);
      return ok('new');
    },
  };
  const answer = await createHttp({ log: quietLog }).send(get(server, { bearer }));
  expect(answer).toMatchObject({ ok: true, value: { status: 200 } });
  expect(renewals).toEqual([claims]);
  expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
});

test('a second 401 is final', async () => {
  const server = await serve({ status: 401 });
  const bearer: Bearer = { get: async () => ok('old'), renew: async () => ok('new') };
  const answer = await createHttp({ log: quietLog }).send(get(server, { bearer }));
  expect(answer).toMatchObject({ ok: true, value: { status: 401 } });
  expect(server.received).toHaveLength(2);
});

test('stopping ends a request under way and a wait with the reason', async () => {
  const stop = new AbortController();
  const server = await startScriptedServer(() => {
    stop.abort(new Error('the person left'));
    return { fault: 'hang' };
  });
  servers.push(server);
  const http = createHttp({ log: quietLog });
  await expect(http.send(get(server, { signal: stop.signal }))).rejects.toThrow('the person left');

  const later = new AbortController();
  const slow = await serve(throttled('5'));
  const onRetry = () => later.abort(new Error('shutting down'));
  await expect(http.send(get(slow, { signal: later.signal, onRetry }))).rejects.toThrow('shutting down');
  expect(slow.received).toHaveLength(1);
});

test('neither token nor query nor body reaches the log', async () => {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  const { options } = recordedWaits();
  const server = await serve(throttled('1'), { body: { value: ['hunter2'] } });
  const bearer: Bearer = { get: async () => ok('hunter2') };
  const url = `${server.origin}/v1.0/users?$skiptoken=hunter2`;
  await createHttp({ log, ...options }).send(get(server, { url, bearer, method: 'POST', body: 'hunter2' }));
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join('')).not.toContain('hunter2');
});
