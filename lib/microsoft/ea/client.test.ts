import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Answer, createTestClients, type ScriptedServer, startScriptedServer } from '../testing.ts';
import type { AccessKey } from './access-key.ts';
import { testKey } from './testing.ts';

const KEY: AccessKey = { text: testKey(), enrollmentNumber: '8608480' };
const SILENT: AccessKey = { text: testKey() };
const PERIODS = [
  { billingPeriodId: '202405', billingStart: '2024-05-01T00:00:00Z', usageDetails: null },
  { billingPeriodId: 202404, billingStart: '2024-04-01T00:00:00Z' },
];

let answer: Answer;
let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer(() => answer);
});
beforeEach(() => {
  server.received.length = 0;
});
afterAll(() => server.stop());

const check = (given: Answer, key = KEY) => {
  answer = given;
  return createTestClients({ ea: server.origin }).ea.checkKey(key, '8608480');
};
const error = (status: number): Answer => ({
  status,
  body: { error: { code: `${status}`, message: 'No.' } },
});

test('one read of the billing periods, with the key in the header alone', async () => {
  expect(await check({ body: PERIODS })).toEqual({ ok: true, value: { billingPeriods: 2 } });
  expect(server.received).toHaveLength(1);
  const [request] = server.received;
  expect(request).toMatchObject({
    method: 'GET',
    path: '/v3/enrollments/8608480/billingperiods',
    search: '',
  });
  expect(request?.headers.authorization).toBe(`Bearer ${KEY.text}`);
});

test('an enrollment without any period is one that the key may read', async () => {
  expect(await check({ body: [] })).toMatchObject({ ok: true });
});

test.each([
  [error(400), KEY, 'access-token-wrong-enrollment'],
  [error(401), KEY, 'access-token-refused'],
  [{ status: 401 }, KEY, 'access-token-refused'],
  [{ status: 401, headers: { 'content-type': 'text/html' }, body: '<html>' }, KEY, 'access-token-refused'],
  [error(403), KEY, 'access-token-refused'],
  [error(403), SILENT, 'access-token-wrong-enrollment'],
  [error(404), KEY, 'ea-reporting-retired'],
  [error(410), KEY, 'ea-reporting-retired'],
  [error(501), KEY, 'ea-reporting-retired'],
  [{ status: 301, headers: { location: 'https://learn.microsoft.com/' } }, KEY, 'ea-reporting-retired'],
  [error(500), KEY, 'upstream-unavailable'],
  [error(429), KEY, 'throttled'],
  [{ fault: 'cut', body: PERIODS }, KEY, 'upstream-unavailable'],
  [{ headers: { 'content-type': 'text/html' }, body: '<html>' }, KEY, 'upstream-unavailable'],
  [{ body: { value: PERIODS } }, KEY, 'upstream-shape'],
] as const satisfies readonly (readonly [Answer, AccessKey, string])[])(
  '%j is %#',
  async (given, key, code) => {
    expect(await check(given, key)).toMatchObject({ ok: false, problem: { code } });
  },
);

test('what Microsoft gave for support is kept, and its status not twice', async () => {
  const headers = { 'request-id': 'r-1', date: 'Wed, 01 May 2024 00:00:00 GMT' };
  expect(await check({ ...error(401), headers })).toEqual({
    ok: false,
    problem: {
      code: 'access-token-refused',
      microsoft: { status: 401, correlationId: 'r-1', timestamp: 'Wed, 01 May 2024 00:00:00 GMT' },
    },
  });
});
