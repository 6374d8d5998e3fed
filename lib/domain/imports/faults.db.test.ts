import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DirectoryId } from '#lib/core/ids.ts';
import { recordedWaits, type ScriptedServer, startScriptedServer } from '#lib/microsoft/testing.ts';
import { GRAPH_APP } from '../../../simulator/testing.ts';
import { ATTEMPTS_MAX } from './model.ts';
import { FIND_UNCHANGED } from './phases/users/write.ts';
import {
  graphUserIds,
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

const PAGE = 20;
/** Three pages. */
const USERS = 45;

let bed: ImportBed;
let attacker: ScriptedServer;
let directoryId: DirectoryId;
let tenant: TestTenant;

beforeAll(async () => {
  attacker = await startScriptedServer(() => ({ body: { value: [] } }));
  bed = await startImportBed({
    // Waits are the client's business and tested there; here they would only take time.
    ...recordedWaits(new Date()).options,
    patience: {
      interactive: { timeoutMs: 2_000, unavailableMax: 2, throttledMax: 4, waitTotalMs: 600_000 },
      background: { timeoutMs: 2_000, unavailableMax: 2, throttledMax: 4, waitTotalMs: 600_000 },
    },
  });
  await bed.simulator.control.settings({ pageSizeMax: PAGE });
});
afterAll(async () => {
  await bed.stop();
  await attacker.stop();
});

beforeEach(async () => {
  directoryId = await bed.createDirectory(USERS);
  tenant = await bed.connect(directoryId);
});
afterEach(() => bed.simulator.control.clearFaults());

const fault = (rule: Readonly<Record<string, unknown>>) =>
  bed.simulator.control.fault({ service: 'graph', path: '/v1.0/users', ...rule });

/** The tenant holds the directory's users as they are now, all of them and no others. */
async function expectExact(): Promise<void> {
  await bed.simulator.control.clearFaults();
  expect(await presentUserIds(tenant)).toEqual(await graphUserIds(bed.simulator.url, directoryId));
}

/** Works on a new run until it ends, without the pauses between attempts. */
async function importToItsEnd(): Promise<RunState> {
  const runId = await start(tenant);
  while ((await workOn(tenant, runId)) !== 'ended');
  return runState(tenant, runId);
}

/** One user left since yesterday: a complete read retires them, any other must not. */
async function importYesterday(): Promise<string> {
  await importNow(tenant);
  const [gone] = await presentUserIds(tenant);
  if (!gone) throw new Error('nobody there');
  await bed.simulator.control.deleteUser(directoryId, gone);
  return gone;
}

describe('an import stays exact through', () => {
  test.each([
    ['one throttled request', { kind: 'throttle', times: 1, retryAfter: 'fraction', retryAfterSeconds: 0.1 }],
    ['throttling without a word for how long', { kind: 'throttle', times: 3, retryAfter: 'none' }],
    ['a refusal of each page', { kind: 'error', status: 503, every: 2 }],
    ['a broken gateway', { kind: 'error', status: 502, times: 2, after: 1 }],
    ['a connection that is cut in the middle of a page', { kind: 'reset', times: 2, after: 1 }],
    ['half an answer', { kind: 'truncate', times: 2 }],
    ['a page of HTML', { kind: 'content-type', times: 2 }],
    ['rows that come twice', { kind: 'duplicate-rows' }],
    ['empty pages', { kind: 'empty-page', every: 2 }],
    [
      'links that have expired',
      { kind: 'error', status: 400, code: 'Directory_ExpiredPageToken', path: 'skiptoken', times: 2 },
    ],
    ['answers that do not come', { kind: 'hang', after: 1, times: 1 }],
  ])('%s', async (_name, rule) => {
    await fault(rule);
    const run = await importNow(tenant);
    expect(run.problem).toBeUndefined();
    expect(run.status).toBe('completed');
    expect(run.phase('users')).toMatchObject({ received: USERS, expected: USERS, written: USERS });
    await expectExact();
  });

  test('all of it together', async () => {
    const gone = await importYesterday();
    await fault({ kind: 'throttle', every: 3, retryAfter: 'none' });
    await fault({ kind: 'reset', after: 1, every: 4 });
    await fault({ kind: 'duplicate-rows' });
    await fault({ kind: 'empty-page', every: 2 });
    const run = await importToItsEnd();
    expect(run.phase('users')).toMatchObject({ state: 'completed', written: 0, retired: 1 });
    expect(await presentUserIds(tenant)).not.toContain(gone);
  });
});

describe("an import says partial, and keeps yesterday's users, after", () => {
  test.each([
    [
      'a link to another origin',
      () => ({ kind: 'foreign-link', foreignOrigin: attacker.origin }),
      'foreign-link',
    ],
    ['a link that leads back', () => ({ kind: 'repeat-link', after: 1 }), 'upstream-shape'],
    ['a page of another shape', () => ({ kind: 'shape', after: 1 }), 'upstream-shape'],
    ['a request that is rejected', () => ({ kind: 'error', status: 400, after: 1 }), 'request-rejected'],
    ['a permission that is withdrawn', () => ({ kind: 'error', status: 403 }), 'permission-missing'],
  ])('%s', async (_name, rule, code) => {
    const gone = await importYesterday();
    const before = await presentUserIds(tenant);
    await fault(rule());
    const run = await importNow(tenant);
    expect(run).toMatchObject({ status: 'partial', problem: { code } });
    expect(run.phase('skus')).toMatchObject({ state: 'completed' });
    expect(run.phase('users')).toMatchObject({ retired: 0, problem: { code } });
    expect(await presentUserIds(tenant)).toEqual(before);
    expect(before).toContain(gone);
    expect(attacker.received).toEqual([]);

    await bed.simulator.control.clearFaults();
    expect(await importNow(tenant)).toMatchObject({ status: 'completed' });
    await expectExact();
  });

  test.each([
    ['a list that ends before its end', [{ kind: 'lost-link', after: 1 }]],
    ['rows that get lost', [{ kind: 'lost-rows', after: 1, times: 1 }]],
    [
      'a list that ends before its end, asked for in the way that brings no number',
      [
        { kind: 'error', status: 400, times: 2 },
        { kind: 'lost-link', after: 3 },
      ],
    ],
  ])('%s', async (_name, rules) => {
    const gone = await importYesterday();
    for (const rule of rules) await fault(rule);
    const run = await importNow(tenant);
    expect(run).toMatchObject({ status: 'partial', problem: { code: 'read-incomplete' } });
    expect(run.phase('users').retired).toBe(0);
    expect(await presentUserIds(tenant)).toContain(gone);
  });

  test('links that expire again and again', async () => {
    const gone = await importYesterday();
    await fault({ kind: 'error', status: 400, code: 'Directory_ExpiredPageToken', path: 'skiptoken' });
    const run = await importNow(tenant);
    expect(run).toMatchObject({ status: 'partial', problem: { code: 'page-expired' } });
    expect(run.phase('users').restarts).toBe(3);
    expect(await presentUserIds(tenant)).toContain(gone);
  });
});

test('people who come, go and move during the read do no lasting harm', async () => {
  await importNow(tenant);
  await fault({ kind: 'churn' });
  const during = await importNow(tenant);
  expect(['completed', 'partial']).toContain(during.status);
  await bed.simulator.control.clearFaults();
  expect(await importNow(tenant)).toMatchObject({ status: 'completed' });
  await expectExact();
});

test('an outage makes a run wait, and it goes on where it stood', async () => {
  // The directory is counted, and a delta link taken, before its first page is asked for.
  await fault({ kind: 'error', status: 503, after: 3 });
  const runId = await start(tenant);
  expect(await workOn(tenant, runId)).toBe('waiting');
  const waiting = await runState(tenant, runId);
  expect(waiting).toMatchObject({ status: 'running', leaseHolder: null, checkpoint: { pages: 1 } });
  expect(waiting.phase('users')).toMatchObject({
    state: 'running',
    received: PAGE,
    problem: { code: 'upstream-unavailable' },
    waitingUntil: expect.any(String),
  });

  await bed.simulator.control.clearFaults();
  expect(await workOn(tenant, runId)).toBe('ended');
  const run = await runState(tenant, runId);
  expect(run.status).toBe('completed');
  const users = run.phase('users');
  expect(users).toMatchObject({ received: USERS, written: USERS, waitingUntil: null });
  expect(users.problem).toBeUndefined();
  // A new token, the two pages that were missing, and what has changed meanwhile.
  expect(users.requests - waiting.phase('users').requests).toBe(4);
  await expectExact();
});

test('users are looked up by their key, even while the database knows nothing of the table', async () => {
  await bed.pool.query(
    `INSERT INTO directory_user (tenant_id, id, sku_ids, license_assignments, content_hash, imported_at)
     SELECT $1, gen_random_uuid(), '{}', '[]', '', now() FROM generate_series(1, 5000)`,
    [tenant.tenantId],
  );
  const users = await presentUserIds(tenant);
  const { rows } = await bed.pool.query(`EXPLAIN ${FIND_UNCHANGED}`, [
    tenant.tenantId,
    users,
    users.map(() => 'ab'),
  ]);
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('directory_user_pkey');
});

test('an outage that does not end makes the run partial, with what there was', async () => {
  const gone = await importYesterday();
  await fault({ kind: 'error', status: 503 });
  const runId = await start(tenant);
  const outcomes: string[] = [];
  while (outcomes.at(-1) !== 'ended') outcomes.push(await workOn(tenant, runId));
  // The first attempt had brought the licences: a step forward, after which all attempts are left.
  expect(outcomes).toHaveLength(ATTEMPTS_MAX + 1);
  const run = await runState(tenant, runId);
  expect(run).toMatchObject({ status: 'partial', problem: { code: 'upstream-unavailable' } });
  expect(run.phase('users')).toMatchObject({ state: 'failed' });
  expect(await presentUserIds(tenant)).toContain(gone);
});

describe('a database without room', () => {
  const fill = () =>
    bed.pool.query(`
      CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'No space left on device'; END$$;
      CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON directory_user EXECUTE FUNCTION no_room()`);
  const free = () =>
    bed.pool.query('DROP TRIGGER IF EXISTS no_room ON directory_user; DROP FUNCTION IF EXISTS no_room');
  afterEach(free);

  test('makes a run wait, which goes on when there is room again', async () => {
    await fill();
    const runId = await start(tenant);
    expect(await workOn(tenant, runId)).toBe('waiting');
    const waiting = await runState(tenant, runId);
    expect(waiting).toMatchObject({ status: 'running', leaseHolder: null });
    expect(waiting.phase('users')).toMatchObject({
      problem: { code: 'storage-full' },
      waitingUntil: expect.any(String),
    });
    await free();
    expect(await workOn(tenant, runId)).toBe('ended');
    expect(await runState(tenant, runId)).toMatchObject({ status: 'completed', problem: undefined });
    await expectExact();
  });

  test('ends a run that has waited long enough, and nobody is lost', async () => {
    const gone = await importYesterday();
    await bed.simulator.control.createUser(directoryId);
    await fill();
    const run = await importToItsEnd();
    expect(run).toMatchObject({ status: 'partial', problem: { code: 'storage-full' } });
    expect(run.phase('users')).toMatchObject({ retired: 0 });
    expect(await presentUserIds(tenant)).toContain(gone);
    await free();
    expect(await importNow(tenant)).toMatchObject({ status: 'completed' });
    await expectExact();
  });
});

test('a withdrawn approval fails the run, and the tenant says so', async () => {
  await bed.simulator.control.revoke({
    tenantId: directoryId,
    clientId: GRAPH_APP.clientId,
    servicePrincipal: true,
  });
  const run = await importNow(tenant);
  expect(run).toMatchObject({ status: 'failed', problem: { code: 'consent-required' } });
  expect(run.phase('users')).toMatchObject({ state: 'skipped' });
  const { prisma } = bed.db.database;
  expect(await prisma.tenant.findUnique({ where: { id: tenant.tenantId } })).toMatchObject({
    status: 'cannot_connect',
    statusProblem: { code: 'consent-required' },
  });
  const { organizationId } = tenant.ctx.actor;
  expect(
    await prisma.auditEvent.findFirst({ where: { organizationId, action: 'tenant.status' } }),
  ).toMatchObject({
    before: { status: 'connected' },
    after: { status: 'cannot_connect' },
  });
});

test('a part of the permissions brings a part of the data, and has the tenant checked', async () => {
  const partial = await bed.createDirectory(10, ['LicenseAssignment.Read.All', 'Organization.Read.All']);
  const limited = await bed.connect(partial);
  const run = await importNow(limited);
  expect(run).toMatchObject({ status: 'partial', problem: { code: 'permission-missing' } });
  expect(run.phases.map(({ phase, state }) => [phase, state])).toEqual([
    ['skus', 'completed'],
    ['organization', 'completed'],
    ['directory-subscriptions', 'completed'],
    ['users', 'skipped'],
    ['groups', 'skipped'],
  ]);
  expect(bed.services.jobs).toMatchObject({
    enqueued: expect.arrayContaining([
      { name: 'verify-tenant', payload: expect.objectContaining({ tenantId: limited.tenantId }) },
    ]),
  });
});

test('a permission that is proven while the run does without it brings another run', async () => {
  const partial = await bed.createDirectory(10, ['LicenseAssignment.Read.All']);
  const limited = await bed.connect(partial);
  await bed.db.database.prisma.tenant.update({
    where: { id: limited.tenantId },
    data: {
      status: 'limited',
      capabilities: {
        users: { state: 'proven', permission: 'User.Read.All', checkedAt: '2999-01-01T00:00:00Z' },
      },
    },
  });
  await importNow(limited);
  const runs = () =>
    bed.db.database.prisma.importRun.findMany({
      where: { tenantId: limited.tenantId },
      orderBy: { createdAt: 'asc' },
      select: { id: true, trigger: true, status: true },
    });
  expect(await runs()).toMatchObject([
    { trigger: 'manual', status: 'partial' },
    { trigger: 'onboarding', status: 'running' },
  ]);
});
