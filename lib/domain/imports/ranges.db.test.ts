import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DirectoryId } from '#lib/core/ids.ts';
import { recordedWaits, type ScriptedServer, startScriptedServer } from '#lib/microsoft/testing.ts';
import type { Reading } from './reading.ts';
import { readStored, readTruth } from './test-truth.ts';
import {
  type ImportBed,
  importNow,
  presentUserIds,
  type RunState,
  runState,
  start,
  startImportBed,
  type TestTenant,
  workOn,
} from './testing.ts';

/* Directories that are divided although they are small: about five ranges of three pages, and who has no date. */
const READING: Reading = { dividedFrom: 1, rangeUsers: 32, rangesMax: 120, pagesAtFirst: 4, pagesMax: 8 };
const PAGE = 15;
const USERS = 120;

let bed: ImportBed;
let attacker: ScriptedServer;
let directoryId: DirectoryId;
let tenant: TestTenant;

beforeAll(async () => {
  attacker = await startScriptedServer(() => ({ body: { value: [] } }));
  const limits = { timeoutMs: 2_000, unavailableMax: 2, throttledMax: 8, waitTotalMs: 600_000 };
  bed = await startImportBed({
    ...recordedWaits(new Date()).options,
    patience: { interactive: limits, background: limits },
  });
  await bed.simulator.control.settings({ pageSizeMax: PAGE });
});
afterAll(async () => {
  await bed.stop();
  await attacker.stop();
});

beforeEach(async () => {
  directoryId = await bed.createDirectory(USERS);
  tenant = { ...(await bed.connect(directoryId)), reading: READING };
});
afterEach(() => bed.simulator.control.clearFaults());

const fault = (rule: Readonly<Record<string, unknown>>) =>
  bed.simulator.control.fault({ service: 'graph', path: '/v1.0/users', tenantId: directoryId, ...rule });

async function expectExact(): Promise<void> {
  await bed.simulator.control.clearFaults();
  const truth = await readTruth(bed.simulator.url, directoryId);
  const stored = await readStored(tenant);
  expect(stored.users.filter((user) => user.deleted_at === null)).toEqual(truth.users);
}

function expectGreen(run: RunState, users = USERS): void {
  expect(run.problem).toBeUndefined();
  expect(run.status).toBe('completed');
  const { certificate } = run.phase('users');
  expect(certificate).toMatchObject({ method: 'full', green: true, distinct: users });
  expect(certificate?.ranges.length).toBeGreaterThan(3);
}

async function importToItsEnd(): Promise<RunState> {
  const runId = await start(tenant);
  while ((await workOn(tenant, runId)) !== 'ended');
  return runState(tenant, runId);
}

/** One user left since yesterday, and one has no date of creation, and a manager. */
async function importYesterday(): Promise<string> {
  expectGreen(await importNow(tenant));
  const [gone] = await presentUserIds(tenant);
  if (!gone) throw new Error('nobody there');
  await bed.simulator.control.deleteUser(directoryId, gone);
  return gone;
}

const syncOf = () =>
  bed.db.database.prisma.directorySync.findUnique({ where: { tenantId: tenant.tenantId } });

describe('what is there', () => {
  test('a first read finds its ranges by counting, a later one by the dates that are known', async () => {
    const { control } = bed.simulator;
    await control.createUser(directoryId, { createdDateTime: null, displayName: 'Undated' });
    const first = await importNow(tenant);
    expectGreen(first, USERS + 1);
    const certificate = first.phase('users').certificate;
    expect(certificate).toMatchObject({ expectedBefore: USERS + 1, leftOut: 0 });
    expect(certificate?.ranges[0]).toMatchObject({ isUndated: true });
    const received = certificate?.ranges.map((range) => range.received) ?? [];
    expect(received.reduce((sum, count) => sum + count, 0)).toBe(certificate?.received);
    await expectExact();

    const again = await importNow(tenant);
    expectGreen(again, USERS + 1);
    expect(again.phase('users')).toMatchObject({ written: 0, retired: 0 });
    const later = again.phase('users').certificate;
    expect(later?.checksum).toBe(certificate?.checksum);
    // Quantiles are even, and need no counting.
    expect(Math.max(...(later?.ranges.map((range) => range.received) ?? []))).toBeLessThanOrEqual(35);
    expect(again.phase('users').requests).toBeLessThan(first.phase('users').requests);
    expect(await syncOf()).toMatchObject({
      fullReadAt: expect.any(Date),
      mismatches: 0,
      sequentialUntil: null,
    });
  });

  test('users without a date have their managers, although Microsoft does not give both at once', async () => {
    const { control } = bed.simulator;
    const [manager] = (await readTruth(bed.simulator.url, directoryId)).users.map(({ id }) => id);
    // More than are asked for at a time.
    for (let n = 0; n < 35; n += 1)
      await control.createUser(directoryId, {
        createdDateTime: null,
        ...(n % 2 === 0 && { managerId: manager }),
      });
    expectGreen(await importNow(tenant), USERS + 35);
    await expectExact();
  });

  test('a directory that was filled within an hour', async () => {
    for (let n = 0; n < 60; n += 1)
      await bed.simulator.control.createUser(directoryId, {
        createdDateTime: new Date(Date.UTC(2023, 4, 6, 7, n)).toISOString().replace('.000', ''),
      });
    expectGreen(await importNow(tenant), USERS + 60);
    await expectExact();
    expectGreen(await importNow(tenant), USERS + 60);
  });

  test('users of one second, who come twice where it is a border', async () => {
    for (let n = 0; n < 60; n += 1)
      await bed.simulator.control.createUser(directoryId, { createdDateTime: '2023-04-05T06:07:08Z' });
    expectGreen(await importNow(tenant), USERS + 60);
    expectGreen(await importNow(tenant), USERS + 60);
    await expectExact();
  });
});

describe('a read in ranges stays exact through', () => {
  test.each([
    ['throttling', { kind: 'throttle', every: 3, retryAfter: 'fraction', retryAfterSeconds: 0.1 }],
    ['throttling without a word for how long', { kind: 'throttle', times: 3, retryAfter: 'none' }],
    ['refusals', { kind: 'error', status: 503, every: 3, times: 12 }],
    ['connections that are cut in the middle of a page', { kind: 'reset', every: 3, times: 12 }],
    ['rows that come twice', { kind: 'duplicate-rows' }],
    ['empty pages', { kind: 'empty-page', every: 3 }],
    ['answers that do not come', { kind: 'hang', after: 10, times: 2 }],
  ])('%s', async (_name, rule) => {
    await fault(rule);
    // Side by side, a request may meet the same fault again and again, and so need another attempt.
    const run = await importToItsEnd();
    expectGreen(run);
    await expectExact();
  });

  test('links that have expired: only their ranges begin anew', async () => {
    await importNow(tenant);
    const clean = (await importNow(tenant)).phase('users').requests;
    await fault({
      kind: 'error',
      status: 400,
      code: 'Directory_ExpiredPageToken',
      path: 'skiptoken',
      after: 3,
      times: 2,
    });
    const run = await importNow(tenant);
    expectGreen(run);
    expect(run.phase('users').restarts).toBe(2);
    expect(run.phase('users').requests - clean).toBeLessThan(clean / 2);
    await expectExact();
  });

  test('another worker that goes on where each range stood', async () => {
    await importYesterday();
    await fault({ kind: 'error', status: 503, after: 9 });
    const runId = await start(tenant);
    expect(await workOn(tenant, runId)).toBe('waiting');
    const waiting = await runState(tenant, runId);
    expect(waiting.checkpoint?.ranges.filter(({ pages, isDone }) => pages > 0 && !isDone)).not.toEqual([]);
    await bed.simulator.control.clearFaults();
    expect(await workOn(tenant, runId)).toBe('ended');
    const run = await runState(tenant, runId);
    expectGreen(run, USERS - 1);
    expect(run.phase('users')).toMatchObject({ retired: 1, restarts: 0, received: USERS - 1 });
    await expectExact();
  });
});

describe('what happens meanwhile', () => {
  /** Lets the read wait at a page for long enough to change the directory. */
  async function duringRead(change: () => Promise<unknown>): Promise<RunState> {
    const runId = await start(tenant);
    await fault({ kind: 'error', status: 503, path: 'expand', after: 6 });
    expect(await workOn(tenant, runId)).toBe('waiting');
    await bed.simulator.control.clearFaults();
    await change();
    expect(await workOn(tenant, runId)).toBe('ended');
    return runState(tenant, runId);
  }

  test('who comes, goes and moves is as they are in the end', async () => {
    const { control, url } = bed.simulator;
    await importNow(tenant);
    const ids = (await readTruth(url, directoryId)).users.map(({ id }) => String(id));
    const run = await duringRead(async () => {
      for (const id of ids.slice(0, 5)) await control.deleteUser(directoryId, id);
      for (const id of ids.slice(5, 25)) await control.updateUser(directoryId, id, { department: 'Moved' });
      for (let n = 0; n < 9; n += 1)
        await control.createUser(directoryId, { createdDateTime: n % 2 ? null : '2013-02-03T04:05:06Z' });
    });
    expectGreen(run, USERS + 4);
    expect(run.phase('users').certificate).toMatchObject({
      expectedBefore: USERS,
      expectedAfter: USERS + 4,
      // Whose manager has left is told of as well.
      replayed: { changed: expect.any(Number), removed: 5 },
    });
    expect(run.phase('users').retired).toBe(5);
    await expectExact();
    expect(await syncOf()).toMatchObject({ usersDeltaLink: expect.stringContaining('deltatoken') });
  });

  test('a page that was read before its users left does not bring them back', async () => {
    const { control } = bed.simulator;
    let gone: string[] = [];
    const run = await duringRead(async () => {
      gone = (await presentUserIds(tenant)).slice(0, 3);
      for (const id of gone) await control.deleteUser(directoryId, id);
    });
    expect(gone).toHaveLength(3);
    expectGreen(run, USERS - 3);
    await expectExact();
  });

  test('where changes are not told, the counts before and after decide', async () => {
    await fault({ kind: 'error', status: 400, path: '/users/delta' });
    expectGreen(await importNow(tenant));
    expect(await syncOf()).toMatchObject({ usersDeltaLink: null, fullReadAt: expect.any(Date) });
    await expectExact();
  });

  test('a link that has expired when it is needed costs nothing but itself', async () => {
    await fault({ kind: 'error', status: 410, code: 'syncStateNotFound', path: '/users/delta', after: 1 });
    expectGreen(await importNow(tenant));
    expect(await syncOf()).toMatchObject({ usersDeltaLink: null });
    await expectExact();
  });
});

describe("a read in ranges says partial, and keeps yesterday's users, after", () => {
  test.each([
    [
      'a link to another origin',
      () => ({ kind: 'foreign-link', foreignOrigin: attacker.origin, after: 4 }),
      'foreign-link',
    ],
    ['a link that leads back', () => ({ kind: 'repeat-link', after: 4 }), 'upstream-shape'],
    ['a page of another shape', () => ({ kind: 'shape', after: 6 }), 'upstream-shape'],
    [
      'a permission that is withdrawn',
      () => ({ kind: 'error', status: 403, after: 4 }),
      'permission-missing',
    ],
    ['rows that get lost', () => ({ kind: 'lost-rows', after: 4, times: 1 }), 'read-incomplete'],
    [
      'a range that ends before its end',
      () => ({ kind: 'lost-link', after: 4, times: 1 }),
      'read-incomplete',
    ],
  ])('%s', async (_name, rule, code) => {
    const gone = await importYesterday();
    const before = await presentUserIds(tenant);
    await fault(rule());
    const run = await importToItsEnd();
    expect(run).toMatchObject({ status: 'partial', problem: { code } });
    expect(run.phase('users').retired).toBe(0);
    expect(await presentUserIds(tenant)).toEqual(before);
    expect(before).toContain(gone);
    expect(attacker.received).toEqual([]);
    await bed.simulator.control.clearFaults();
    expectGreen(await importNow(tenant), USERS - 1);
    await expectExact();
  });
});

describe('a directory is read in one sequence', () => {
  const ranges = (run: RunState) => run.phase('users').certificate?.ranges;
  const inOneSequence = [{ from: null, to: null, received: USERS }];

  test('where it is small', async () => {
    const run = await importNow({ ...tenant, reading: { ...READING, dividedFrom: USERS + 1 } });
    expect(ranges(run)).toEqual(inOneSequence);
    const again = await importNow({ ...tenant, reading: { ...READING, dividedFrom: USERS + 1 } });
    expect(ranges(again)).toEqual(inOneSequence);
    // And one for a delta link before, one for what it tells after.
    expect(again.phase('users').requests).toBe(USERS / PAGE + 2);
  });

  test.each([
    ['users without a date cannot be asked for', 'not('],
    ['the dates of creation cannot be asked for', 'createdDateTime le'],
  ])('where %s', async (_name, path) => {
    await fault({ kind: 'error', status: 400, code: 'Request_UnsupportedQuery', path });
    const run = await importNow(tenant);
    expect(run.status).toBe('completed');
    expect(ranges(run)).toEqual(inOneSequence);
    await expectExact();
  });

  test('where a range is refused in the middle of the read', async () => {
    await importNow(tenant);
    await fault({ kind: 'error', status: 400, path: 'createdDateTime le', after: 4 });
    const run = await importNow(tenant);
    expect(run.status).toBe('completed');
    expect(ranges(run)).toEqual(inOneSequence);
    await expectExact();
  });

  test('for thirty days after two reads in ranges that did not match', async () => {
    await importYesterday();
    for (const mismatches of [1, 0]) {
      await fault({ kind: 'lost-rows', path: 'createdDateTime le', times: 1 });
      expect(await importNow(tenant)).toMatchObject({ status: 'partial' });
      await bed.simulator.control.clearFaults();
      expect(await syncOf()).toMatchObject({ mismatches });
    }
    const until = (await syncOf())?.sequentialUntil?.getTime() ?? 0;
    expect(until).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    const run = await importNow(tenant);
    expect(run.status).toBe('completed');
    expect(ranges(run)).toEqual([{ from: null, to: null, received: USERS - 1 }]);
    const clock = () => new Date(Date.now() + 31 * 86_400_000);
    const later = await importNow({ ...tenant, ctx: { ...tenant.ctx, clock } });
    expectGreen(later, USERS - 1);
  });
});
