import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DirectoryId } from '#lib/core/ids.ts';
import { recordedWaits } from '#lib/microsoft/testing.ts';
import { hashRow } from './phases/users/map.ts';
import { FULL_READ_REASONS, type FullReadReason, NOT_TRACKED } from './phases/users/method.ts';
import { readUserRow } from './phases/users/stored-users.ts';
import { readStored, readTruth } from './test-truth.ts';
import {
  type GraphRow,
  type ImportBed,
  importNow,
  readGraphUsers,
  runState,
  start,
  startImportBed,
  type TestTenant,
  workOn,
} from './testing.ts';

/** A delta query has at most this many rows a page here. */
const PAGE = 20;
const USERS = 60;

let bed: ImportBed;
let directoryId: DirectoryId;
let tenant: TestTenant;

beforeAll(async () => {
  bed = await startImportBed({
    // Waits are the client's business and tested there; here they would only take time.
    ...recordedWaits(new Date()).options,
    patience: {
      interactive: { timeoutMs: 2_000, unavailableMax: 1, throttledMax: 2, waitTotalMs: 600_000 },
      background: { timeoutMs: 2_000, unavailableMax: 1, throttledMax: 2, waitTotalMs: 600_000 },
    },
  });
  await bed.simulator.control.settings({ pageSizeMax: PAGE });
});
afterAll(() => bed.stop());

beforeEach(async () => {
  directoryId = await bed.createDirectory(USERS);
  tenant = await bed.connect(directoryId);
  await importNow(tenant);
});
afterEach(() => bed.simulator.control.clearFaults());

const { control } = { control: () => bed.simulator.control };
const update = (id: string, values: object) => control().updateUser(directoryId, id, { ...values });
const remove = (id: string, permanently = false) =>
  control().request('DELETE', `/users/${id}?tenantId=${directoryId}&permanently=${permanently}`);
const restore = (id: string) => control().request('POST', `/users/${id}/restore?tenantId=${directoryId}`);
const changeAtRandom = (changes: number, seed: number) =>
  control().request('POST', `/tenants/${directoryId}/changes`, { changes, seed });
const manners = (delta: object) => control().request('POST', `/tenants/${directoryId}`, { delta });
const fault = (rule: Readonly<Record<string, unknown>>) =>
  control().fault({ service: 'graph', tenantId: directoryId, path: '/users/delta', ...rule });

const importChanges = () => importNow(tenant, { full: false });
type Run = Awaited<ReturnType<typeof importChanges>>;

/** Users of the directory who are not its administrator, by their place in the list. */
async function people(): Promise<GraphRow[]> {
  return (await readGraphUsers(bed.simulator.url, directoryId)).slice(3);
}

async function somebody(place = 0): Promise<GraphRow> {
  const person = (await people())[place];
  if (!person) throw new Error('nobody there');
  return person;
}

const byChanges = { state: 'completed', method: 'incremental' };
const byFullRead = (reason: FullReadReason) => ({
  state: 'completed',
  method: 'full',
  methodReason: FULL_READ_REASONS[reason],
});

/** The tenant holds the directory's users as they are now, all of them and no others. */
async function expectExact(): Promise<void> {
  await control().clearFaults();
  await manners({});
  const { users } = await readStored(tenant);
  const truth = await readTruth(bed.simulator.url, directoryId);
  expect(users.filter((user) => user.deleted_at === null)).toEqual(truth.users);
}

async function expectRead(run: Run, users: object): Promise<void> {
  expect(run).toMatchObject({ status: 'completed', problem: undefined });
  expect(run.phase('users')).toMatchObject(users);
  await expectExact();
}

const requestsOf = (run: Run): number => run.phases.reduce((sum, { requests }) => sum + requests, 0);

async function deltaLink(): Promise<string | null> {
  const { rows } = await bed.pool.query<{ users_delta_link: string | null }>(
    'SELECT users_delta_link FROM directory_sync WHERE tenant_id = $1',
    [tenant.tenantId],
  );
  return rows[0]?.users_delta_link ?? null;
}

test('the first read is a full one, and says so', async () => {
  const other = await bed.connect(directoryId);
  const run = await importNow(other, { full: false });
  expect(run.phase('users')).toMatchObject(byFullRead('first'));
});

describe('an incremental read', () => {
  test('brings every kind of change, by few requests, with a certificate', async () => {
    await changeAtRandom(70, 1);
    const run = await importChanges();
    const users = run.phase('users');
    await expectRead(run, { ...byChanges, notTracked: NOT_TRACKED });
    const { received = 0, distinct } = users.certificate ?? {};
    expect(users.certificate).toMatchObject({
      method: 'incremental',
      green: true,
      expectedBefore: USERS,
      expectedAfter: distinct,
      ranges: [],
      checksum: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(users).toMatchObject({ received: distinct, expected: distinct });
    expect(requestsOf(run)).toBeLessThanOrEqual(Math.ceil(received / PAGE) + 8);
  });

  test('of an unchanged directory writes nothing, and moves the link on', async () => {
    const before = await readStored(tenant);
    const link = await deltaLink();
    const run = await importChanges();
    await expectRead(run, { ...byChanges, written: 0, retired: 0 });
    expect(await readStored(tenant)).toEqual(before);
    expect(await deltaLink()).not.toBe(link);
    expect(requestsOf(run)).toBeLessThanOrEqual(8);
  });

  test('goes on from the one before', async () => {
    for (const seed of [1, 2, 3]) {
      await changeAtRandom(10, seed);
      await expectRead(await importChanges(), byChanges);
    }
  });

  test('retires who was deleted, softly or for good, and brings back who was restored', async () => {
    const [soft, hard] = [await somebody(10), await somebody(20)];
    await remove(soft.id);
    await remove(hard.id, true);
    await expectRead(await importChanges(), { ...byChanges, retired: 2 });
    await restore(soft.id);
    await remove(hard.id, true).catch(() => undefined);
    await expectRead(await importChanges(), { ...byChanges, retired: 0, written: 1 });
  });

  test('takes the last word about who left and came back within one round', async () => {
    const [left, back] = [await somebody(10), await somebody(20)];
    await remove(back.id);
    await restore(back.id);
    await update(left.id, { city: 'Elsewhere' });
    await remove(left.id);
    await expectRead(await importChanges(), { ...byChanges, retired: 1 });
  });

  test('learns of managers: set, replaced, taken away, deleted, restored', async () => {
    const [a, b, c, boss] = [await somebody(10), await somebody(11), await somebody(12), await somebody(13)];
    await update(a.id, { managerId: boss.id });
    await update(b.id, { managerId: boss.id });
    await update(c.id, { managerId: null });
    await expectRead(await importChanges(), byChanges);
    await update(a.id, { managerId: null });
    await update(c.id, { managerId: boss.id });
    await remove(boss.id);
    await expectRead(await importChanges(), byChanges);
    await restore(boss.id);
    await expectRead(await importChanges(), byChanges);
  });

  test('keeps the manager where only changes of it are told', async () => {
    await manners({ changedManagersOnly: true });
    const person = (await people()).find(({ manager }) => manager);
    await update(String(person?.id), { city: 'Elsewhere' });
    await expectRead(await importChanges(), { ...byChanges, written: 1 });
  });

  test('takes a deleted manager from the reports where nobody tells so', async () => {
    await manners({ keepsLinks: true });
    const [boss, one, two] = [await somebody(10), await somebody(11), await somebody(12)];
    await update(one.id, { managerId: boss.id });
    await update(two.id, { managerId: boss.id });
    await expectRead(await importChanges(), byChanges);
    await manners({ keepsLinks: true });
    await remove(boss.id);
    await expectRead(await importChanges(), byChanges);
  });

  test('reads how licences came where the changes do not say, of those alone whose licences changed', async () => {
    await manners({ withoutAssignmentStates: true });
    const kinds = ['licences'];
    await control().request('POST', `/tenants/${directoryId}/changes`, { changes: 30, seed: 5, kinds });
    await control().request('POST', `/tenants/${directoryId}/changes`, {
      changes: 9,
      seed: 6,
      kinds: ['change', 'add'],
    });
    const run = await importChanges();
    await expectRead(run, byChanges);
    // Two or three pages, and for each one request about at most twenty users.
    expect(run.phase('users').requests).toBeLessThanOrEqual(8);
    await manners({ withoutAssignmentStates: true });
    const licensed = (await people()).find((row) => JSON.stringify(row.assignedLicenses) !== '[]');
    await update(String(licensed?.id), { city: 'Elsewhere' });
    const next = await importChanges();
    await expectRead(next, { ...byChanges, written: 1, requests: 2 });
  });

  test.each([
    ['rows that come twice, and again', { kind: 'duplicate-rows' }, {}],
    ['pages without rows', { kind: 'empty-page', times: 3, after: 1 }, {}],
    ['changes of before the link', undefined, { replays: 25 }],
    ['throttling', { kind: 'throttle', times: 2 }, {}],
    ['half an answer', { kind: 'truncate', times: 1 }, {}],
  ])('is exact through %s', async (_name, rule, delta) => {
    await changeAtRandom(30, 2);
    await importChanges();
    await changeAtRandom(45, 3);
    await manners(delta);
    if (rule) await fault(rule);
    await expectRead(await importChanges(), byChanges);
  });

  test('asks once more where the directory changed before it was counted', async () => {
    await changeAtRandom(5, 4);
    await control().fault({ kind: 'churn', tenantId: directoryId, path: '$count=true', times: 1 });
    const run = await importChanges();
    // Whether the number differs is chance; the users are exact as of the last word in any case.
    expect(run.phase('users')).toMatchObject({ state: 'completed', method: 'incremental' });
    await importChanges();
    await expectExact();
  });

  test('begins again at the old link after an attempt that failed', async () => {
    await changeAtRandom(70, 5);
    const link = await deltaLink();
    await fault({ kind: 'error', status: 503, after: 2, times: 2 });
    const runId = await start(tenant, 'manual', false);
    expect(await workOn(tenant, runId)).toBe('waiting');
    expect(await deltaLink()).toBe(link);
    await changeAtRandom(20, 6);
    expect(await workOn(tenant, runId)).toBe('ended');
    await expectRead(await runState(tenant, runId), byChanges);
    expect(await deltaLink()).not.toBe(link);
  });

  test('is given back when the worker stops, and goes on elsewhere', async () => {
    await changeAtRandom(70, 7);
    const stop = new AbortController();
    await fault({ kind: 'latency', delayMs: 300, after: 2 });
    const runId = await start(tenant, 'manual', false);
    const work = workOn(tenant, runId, stop.signal);
    await expect.poll(async () => (await runState(tenant, runId)).phase('users').written).toBeGreaterThan(0);
    stop.abort();
    expect(await work).toBe('given-back');
    await control().clearFaults();
    expect(await workOn(tenant, runId)).toBe('ended');
    await expectRead(await runState(tenant, runId), byChanges);
  });
});

describe('everything is read, in the same run, after', () => {
  const age = (column: string, interval: string) => async () => {
    await bed.pool.query(
      `UPDATE directory_sync SET ${column} = ${column} - interval '${interval}' WHERE tenant_id = $1`,
      [tenant.tenantId],
    );
  };
  const set = (assignment: string) => async () => {
    await bed.pool.query(`UPDATE directory_sync SET ${assignment} WHERE tenant_id = $1`, [tenant.tenantId]);
  };
  const refused = (status: number, code: string) => () =>
    fault({ kind: 'error', status, code, path: '/users/delta?$deltatoken=RFN', times: 1 });

  test.each<[string, FullReadReason, () => Promise<unknown>]>([
    [
      '410',
      'expired',
      () => control().request('POST', '/expire', { deltaLinks: true, tenantId: directoryId }),
    ],
    ['400 syncStateNotFound', 'expired', refused(400, 'syncStateNotFound')],
    ['404 resyncRequired', 'expired', refused(404, 'resyncRequired')],
    ['a link that Microsoft does not know', 'unreadable', refused(400, 'Request_BadRequest')],
    [
      'another shape than documented',
      'unreadable',
      () => fault({ kind: 'shape', path: 'deltatoken=RFN', times: 1 }),
    ],
    [
      'a link to another origin',
      'unreadable',
      () => fault({ kind: 'foreign-link', path: 'deltatoken=RFN', times: 1 }),
    ],
    [
      'a link that leads back',
      'unreadable',
      () => fault({ kind: 'repeat-link', path: '/users/delta?$skiptoken=', times: 2 }),
    ],
    ['an unknown reason for a removal', 'removal', () => manners({ removalReason: 'archived' })],
    ['rows that get lost', 'count', () => fault({ kind: 'lost-rows', path: 'deltatoken=RFN', times: 1 })],
    [
      'a new identity of an agent',
      'agents',
      () => control().createUser(directoryId, { '@odata.type': '#microsoft.graph.agentUser' }),
    ],
    ['seven days with one link', 'old', age('users_delta_at', '6 days 13 hours')],
    ['a week', 'weekly', age('full_read_at', '6 days 13 hours')],
    ['other fields', 'fields', set(`users_fields = users_fields[2:]`)],
    ['a full read that did not match', 'mismatch', set('mismatches = 1, users_delta_link = NULL')],
    ['a read without a link', 'unlinked', set('users_delta_link = NULL')],
  ])('%s', async (_name, reason, arrange) => {
    await changeAtRandom(30, 8);
    for (const place of [10, 11, 12, 13]) {
      await control().createUser(directoryId, {});
      await remove((await somebody(place)).id);
    }
    await arrange();
    await expectRead(await importChanges(), byFullRead(reason));
    // What follows is incremental again.
    await changeAtRandom(5, 9);
    await expectRead(await importChanges(), byChanges);
  });

  test('somebody asked for it', async () => {
    await expectRead(await importNow(tenant, { full: true }), byFullRead('asked'));
  });

  test('Microsoft offers no links', async () => {
    const none = () => fault({ kind: 'error', status: 400, code: 'Request_UnsupportedQuery' });
    await none();
    await importNow(tenant);
    expect(await deltaLink()).toBeNull();
    await changeAtRandom(10, 10);
    await expectRead(await importChanges(), byFullRead('unlinked'));
  });

  test('and where that is interrupted, it goes on as a full read', async () => {
    await changeAtRandom(10, 11);
    await control().request('POST', '/expire', { deltaLinks: true, tenantId: directoryId });
    await fault({ kind: 'error', status: 503, path: '$skiptoken=', times: 2 });
    const runId = await start(tenant, 'manual', false);
    expect(await workOn(tenant, runId)).toBe('waiting');
    expect(await workOn(tenant, runId)).toBe('ended');
    await expectRead(await runState(tenant, runId), byFullRead('expired'));
  });
});

test('a right that was taken away ends the read as it is', async () => {
  await fault({ kind: 'error', status: 403 });
  const run = await importChanges();
  expect(run.phase('users')).toMatchObject({
    state: 'skipped',
    method: 'incremental',
    problem: { code: 'permission-missing', permission: 'User.Read.All' },
  });
});

test('a row read from the database has the hash it was stored with', async () => {
  const { rows } = await bed.pool.query(
    'SELECT *, sku_ids::text[] AS sku_ids FROM directory_user WHERE tenant_id = $1',
    [tenant.tenantId],
  );
  expect(rows.length).toBe(USERS);
  for (const row of rows)
    expect(hashRow(readUserRow(row)).contentHash).toBe(row.content_hash.toString('hex'));
});

test('no link is in the log', async () => {
  const link = String(await deltaLink());
  expect(link).toContain('$deltatoken=');
  const run = await importChanges();
  expect(JSON.stringify(run)).not.toContain('deltatoken');
});
