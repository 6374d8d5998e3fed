import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RunId } from '#lib/core/ids.ts';
import { readUserRows } from '#lib/microsoft/graph/user-row.ts';
import { cancelImport } from './cancel.ts';
import {
  claimRun,
  holdLease,
  type Lease,
  LeaseLost,
  releaseLease,
  renewLease,
  saveProgress,
} from './lease.ts';
import { plannedPhases } from './model.ts';
import { hashUsers } from './phases/users/map.ts';
import { sequence } from './phases/users/plan.ts';
import { writeUserPage } from './phases/users/write.ts';
import {
  graphUserIds,
  type ImportBed,
  presentUserIds,
  runState,
  start,
  startImportBed,
  type TestTenant,
  workOn,
} from './testing.ts';

/** Three pages. */
const USERS = 45;

let bed: ImportBed;
let tenant: TestTenant;

beforeAll(async () => {
  bed = await startImportBed();
  await bed.simulator.control.settings({ pageSizeMax: 20 });
  tenant = await bed.connect(await bed.createDirectory(USERS));
});
afterEach(() => bed.simulator.control.clearFaults());
afterAll(() => bed.stop());

const leaseOf = (runId: RunId, seconds = 60): Lease => ({
  tenantId: tenant.tenantId,
  runId,
  holder: crypto.randomUUID(),
  seconds,
});
const claim = (lease: Lease) => claimRun(bed.pool, lease, new Date());
const end = (runId: RunId) => cancelImport(tenant.ctx, { tenantId: tenant.tenantId, runId });

/** The pages after the first never come, so that a run stands still in the middle. */
const stopAfterFirstPage = () =>
  bed.simulator.control.fault({
    kind: 'hang',
    service: 'graph',
    path: 'skiptoken',
    tenantId: tenant.directoryId,
  });

const untilPageIsWritten = (of: TestTenant, runId: RunId) =>
  expect
    .poll(async () => (await runState(of, runId)).checkpoint?.pages, { timeout: 30_000, interval: 20 })
    .toBe(1);

test('of many workers one gets a run', async () => {
  const runId = await start(tenant);
  const claims = await Promise.all(Array.from({ length: 8 }, () => claim(leaseOf(runId))));
  expect(claims.filter((claimed) => claimed !== undefined)).toHaveLength(1);
  await end(runId);
});

test('a run is taken over when its lease has ended, and not before', async () => {
  const runId = await start(tenant);
  const [first, second] = [leaseOf(runId, 60), leaseOf(runId, 60)];
  expect(await claim(first)).toMatchObject({ attempts: 1, kind: 'office365' });
  expect(await claim(second)).toBeUndefined();
  await bed.pool.query(`UPDATE import_run SET lease_until = now() - interval '1 s' WHERE id = $1`, [runId]);
  expect(await claim(second)).toMatchObject({ attempts: 2 });
  await end(runId);
});

test('whoever lost a run can write nothing more', async () => {
  const runId = await start(tenant);
  const [zombie, owner] = [leaseOf(runId, 0), leaseOf(runId)];
  await claim(zombie);
  await claim(owner);
  const page = {
    importedAt: new Date(),
    rangeNo: 0,
    pageNo: 1,
    users: hashUsers(readUserRows([{ id: crypto.randomUUID() }])?.users ?? []),
    compares: false,
    leavesChanges: false,
    reselected: [],
  };
  const phases = plannedPhases('office365');
  const client = await bed.pool.connect();
  await client.query('BEGIN');
  await expect(holdLease(client, zombie)).rejects.toThrow(LeaseLost);
  await client.query('ROLLBACK');
  client.release();
  await expect(renewLease(bed.pool, zombie)).rejects.toThrow(LeaseLost);
  await expect(writeUserPage(bed.pool, zombie, page)).rejects.toThrow(LeaseLost);
  await expect(
    saveProgress(bed.pool, zombie, { phases, checkpoint: undefined, hasAdvanced: true }),
  ).rejects.toThrow(LeaseLost);
  await releaseLease(bed.pool, zombie, { pauseSeconds: 0, isAttempt: true });
  expect(await runState(tenant, runId)).toMatchObject({ leaseHolder: owner.holder, attempts: 2 });
  expect(await presentUserIds(tenant)).toEqual([]);
  await end(runId);
});

test('a worker that is told to stop gives the run back, and the next one goes on', async () => {
  await stopAfterFirstPage();
  const runId = await start(tenant);
  const stopping = new AbortController();
  const working = workOn(tenant, runId, stopping.signal);
  await untilPageIsWritten(tenant, runId);
  stopping.abort();
  expect(await working).toBe('given-back');
  const given = await runState(tenant, runId);
  expect(given).toMatchObject({
    status: 'running',
    leaseHolder: null,
    attempts: 0,
    checkpoint: { pages: 1 },
  });

  await bed.simulator.control.clearFaults();
  expect(await workOn(tenant, runId)).toBe('ended');
  const run = await runState(tenant, runId);
  expect(run.status).toBe('completed');
  expect(run.phase('users')).toMatchObject({ received: USERS, written: USERS });
  expect(await presentUserIds(tenant)).toEqual(await graphUserIds(bed.simulator.url, tenant.directoryId));
});

test('a worker whose run was taken over stops by itself, and both leave it exact', async () => {
  const other = await bed.connect(tenant.directoryId);
  await stopAfterFirstPage();
  const runId = await start(other);
  const zombie = workOn(other, runId);
  await untilPageIsWritten(other, runId);
  await bed.pool.query(`UPDATE import_run SET lease_until = now() - interval '1 s' WHERE id = $1`, [runId]);
  await bed.simulator.control.clearFaults();
  expect(await workOn(other, runId)).toBe('ended');
  expect(await zombie).toBe('not-ours');
  const run = await runState(other, runId);
  expect(run.status).toBe('completed');
  expect(run.phase('users')).toMatchObject({ received: USERS, written: USERS });
  expect(await presentUserIds(other)).toEqual(await graphUserIds(bed.simulator.url, tenant.directoryId));
});

test('a cancelled run ends at once, its worker soon, and nobody is retired', async () => {
  const { control, url } = bed.simulator;
  const [gone] = await presentUserIds(tenant);
  if (!gone) throw new Error('nobody there');
  await control.deleteUser(tenant.directoryId, gone);
  await stopAfterFirstPage();
  const runId = await start(tenant);
  const working = workOn(tenant, runId);
  await untilPageIsWritten(tenant, runId);
  expect(await end(runId)).toMatchObject({ ok: true });
  expect(await runState(tenant, runId)).toMatchObject({ status: 'cancelled', checkpoint: null });
  expect(await working).toBe('not-ours');
  expect(await runState(tenant, runId)).toMatchObject({ status: 'cancelled', leaseHolder: null });
  expect(await presentUserIds(tenant)).toContain(gone);
  const { rows } = await bed.pool.query('SELECT 1 FROM import_page WHERE run_id = $1', [runId]);
  expect(rows).toEqual([]);

  await control.clearFaults();
  const next = await start(tenant);
  expect(await workOn(tenant, next)).toBe('ended');
  expect(await presentUserIds(tenant)).toEqual(await graphUserIds(url, tenant.directoryId));
});

test('after a crash between the last page and the end, the pages are not read again', async () => {
  const other = await bed.connect(tenant.directoryId);
  const runId = await start(other);
  await workOn(other, runId);
  const { rows } = await bed.pool.query('SELECT id FROM directory_user WHERE tenant_id = $1', [
    other.tenantId,
  ]);
  const users = rows.map(({ id }) => String(id));
  const [kept, lost] = [users.slice(1), users.slice(0, 1)];
  // As it was before the phase ended, with one user who is on none of the pages.
  const phases = plannedPhases('office365').map((record) =>
    record.phase === 'users'
      ? { ...record, state: 'running', received: kept.length, expected: kept.length }
      : { ...record, state: 'completed' },
  );
  const [range] = sequence().ranges;
  const checkpoint = {
    ...sequence(),
    deltaLink: null,
    pages: 1,
    expected: kept.length,
    ranges: [{ ...range, pages: 1, received: kept.length, isDone: true }],
  };
  await bed.pool.query(
    `UPDATE import_run SET status = 'running', finished_at = NULL, phases = $2,
       checkpoint = $3 WHERE id = $1`,
    [runId, JSON.stringify(phases), JSON.stringify(checkpoint)],
  );
  await bed.pool.query(
    'INSERT INTO import_page (tenant_id, run_id, page_no, user_ids) VALUES ($1, $2, 1, $3)',
    [other.tenantId, runId, kept],
  );
  await bed.simulator.control.fault({ kind: 'error', service: 'graph', status: 500, path: '/users' });
  expect(await workOn(other, runId)).toBe('ended');
  const run = await runState(other, runId);
  expect(run.status).toBe('completed');
  expect(run.phase('users')).toMatchObject({ received: kept.length, retired: 1 });
  expect(await presentUserIds(other)).not.toContain(lost[0]);
});

test('a phase at which workers die again and again is given up, the others are not', async () => {
  const other = await bed.connect(tenant.directoryId);
  const runId = await start(other);
  const phases = plannedPhases('office365').map((record) =>
    record.phase === 'skus' ? { ...record, state: 'running' } : record,
  );
  await bed.pool.query('UPDATE import_run SET attempts = 6, phases = $2 WHERE id = $1', [
    runId,
    JSON.stringify(phases),
  ]);
  expect(await workOn(other, runId)).toBe('ended');
  const run = await runState(other, runId);
  expect(run).toMatchObject({ status: 'partial', problem: { code: 'import-interrupted' } });
  expect(run.phase('skus')).toMatchObject({ state: 'failed' });
  expect(run.phase('users')).toMatchObject({ state: 'completed' });
});

test('nothing is imported for a tenant that was removed meanwhile', async () => {
  const other = await bed.connect(tenant.directoryId);
  const runId = await start(other);
  await bed.db.database.prisma.tenant.update({
    where: { id: other.tenantId },
    data: { removedAt: new Date() },
  });
  expect(await workOn(other, runId)).toBe('ended');
  expect(await runState(other, runId)).toMatchObject({ status: 'cancelled' });
  expect(await presentUserIds(other)).toEqual([]);
});
