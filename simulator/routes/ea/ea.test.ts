import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningSimulator, startSimulator } from '../../testing.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DAY_MS = 86_400_000;

let folder: string;
let simulator: RunningSimulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cts-ea-'));
  simulator = await startSimulator({ statePath: join(folder, 'state.json') });
});
afterAll(async () => {
  await simulator.stop();
  rmSync(folder, { recursive: true });
});

const read = (enrollment: string, key: string, path = 'billingperiods') =>
  fetch(`${simulator.url}/v3/enrollments/${enrollment}/${path}`, {
    headers: { authorization: `bearer ${key}` },
  });
const statusOf = async (enrollment: string, key: string) => (await read(enrollment, key)).status;
const claimsOf = (key: string) => JSON.parse(Buffer.from(key.split('.')[1] ?? '', 'base64url').toString());

test('a key reads the billing periods of its enrollment, the newest first', async () => {
  const answer = await read('7000001', await simulator.control.eaKey('7000001'));
  expect(answer.status).toBe(200);
  const periods = (await answer.json()) as { billingPeriodId: string; usageDetails: string | null }[];
  const ids = periods.map(({ billingPeriodId }) => billingPeriodId);
  expect(ids).toEqual(ids.toSorted().toReversed());
  expect(ids[0]).toMatch(/^\d{6}$/);
  expect(periods[0]?.usageDetails).toBeNull();
  expect(periods[1]?.usageDetails).toContain('/enrollments/7000001/billingPeriods/');
});

test('a key names its enrollment and its end, unless it is one that says nothing', async () => {
  const key = await simulator.control.eaKey('7000002', { livesMs: DAY_MS });
  const claims = claimsOf(key);
  expect(claims.EnrollmentNumber).toBe('7000002');
  expect(Math.abs(claims.exp * 1000 - Date.now() - DAY_MS)).toBeLessThan(60_000);
  const silent = claimsOf(await simulator.control.eaKey('7000002', { claims: false }));
  expect(Object.keys(silent)).not.toEqual(expect.arrayContaining(['EnrollmentNumber']));
  expect(silent.exp).toBeUndefined();
});

test('none, a made-up, an expired, a revoked and a replaced key are refused alike; another enrollment is a bad request', async () => {
  const { control } = simulator;
  const enrollment = '7000003';
  expect(await statusOf(enrollment, '')).toBe(401);
  expect(await statusOf(enrollment, 'a.b.c')).toBe(401);
  expect(await statusOf(enrollment, await control.eaKey(enrollment, { livesMs: -DAY_MS }))).toBe(401);
  const first = await control.eaKey(enrollment);
  const second = await control.eaKey(enrollment, { slot: 'secondary' });
  expect([await statusOf(enrollment, first), await statusOf(enrollment, second)]).toEqual([200, 200]);
  expect(await statusOf('7000004', first)).toBe(400);
  const newer = await control.eaKey(enrollment);
  expect([await statusOf(enrollment, first), await statusOf(enrollment, newer)]).toEqual([401, 200]);
  await control.request('POST', '/ea-keys/revoke', { enrollmentNumber: enrollment });
  expect([await statusOf(enrollment, newer), await statusOf(enrollment, second)]).toEqual([401, 401]);
});

test('the service can be retired and fail for one enrollment, and knows no other report', async () => {
  const [key, other] = [await simulator.control.eaKey('7000005'), await simulator.control.eaKey('7000006')];
  const { id } = await simulator.control.fault({
    kind: 'error',
    service: 'ea',
    status: 410,
    path: '/enrollments/7000005/',
  });
  expect([await statusOf('7000005', key), await statusOf('7000006', other)]).toEqual([410, 200]);
  await simulator.control.request('DELETE', `/faults/${id}`);
  expect(await statusOf('7000005', key)).toBe(200);
  expect((await read('7000005', key, 'balancesummary')).status).toBe(501);
});

test('the page gives a person each kind of key, once, and revokes them', async () => {
  const page = `${simulator.url}/ea/api-access-keys`;
  expect(await (await fetch(`${simulator.url}/`)).text()).toContain('href="/ea/api-access-keys"');
  const generate = async (kind: string, enrollment = '7000007') => {
    const answer = await fetch(page, { method: 'POST', body: new URLSearchParams({ kind, enrollment }) });
    const text = await answer.text();
    return /<textarea[^>]*>([^<]+)</.exec(text)?.[1] ?? text;
  };
  const statuses: Record<string, number> = {};
  for (const kind of ['valid', 'ending', 'silent', 'expired', 'truncated', 'revoked'])
    statuses[kind] = await statusOf('7000007', await generate(kind));
  expect(statuses).toEqual({
    valid: 200,
    ending: 200,
    silent: 200,
    expired: 401,
    truncated: 401,
    revoked: 401,
  });
  const key = await generate('valid');
  const listed = await (await fetch(page)).text();
  expect(listed).not.toContain(key);
  const revoke = /action="([^"]+\/revoke)"/.exec(listed)?.[1] ?? '';
  await fetch(simulator.url + revoke, { method: 'POST' });
  expect(await statusOf('7000007', key)).toBe(401);
  expect(await generate('valid', 'twelve')).toContain('5 to 10 digits');
});
