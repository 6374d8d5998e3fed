import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DirectoryId } from '#lib/core/ids.ts';
import type { TenantStatus } from '#lib/db/generated/client.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { recordingJobs, testServices } from '#lib/domain/testing.ts';
import { plannedPhases } from './model.ts';
import { startDueImports } from './schedule.ts';
import { startImport } from './start.ts';
import { enqueueUnattendedRuns } from './sweep.ts';
import { connectTenant, type TestTenant } from './testing.ts';

const DAY_MS = 86_400_000;
/** The night is from 0 to 6 o'clock (UTC). */
const MORNING = new Date('2030-05-06T06:00:00Z');

let db: TestDatabase;
beforeAll(async () => {
  db = await startTestDatabase();
});
afterAll(() => db.stop());
afterEach(async () => {
  await db.database.pool.query('DELETE FROM tenant');
});

const at = (now: Date) => {
  const jobs = recordingJobs();
  return { jobs, services: { ...testServices(db.database), jobs, clock: () => now } };
};

const connect = (kind: 'azure' | 'office365' = 'office365') =>
  connectTenant(at(MORNING).services, DirectoryId.parse(randomUUID()), kind);

const runsOf = ({ tenantId }: TestTenant) =>
  db.database.prisma.importRun.findMany({
    where: { tenantId },
    orderBy: { createdAt: 'asc' },
    select: { id: true, trigger: true, status: true, phases: true },
  });

const endRuns = () => db.database.pool.query(`UPDATE import_run SET status = 'completed'`);

test('each tenant is imported once a day, however many workers look, however often', async () => {
  const tenants = await Promise.all([connect(), connect('azure'), connect()]);
  const morning = at(MORNING);
  const counts = await Promise.all(Array.from({ length: 4 }, () => startDueImports(morning.services)));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(morning.jobs.enqueued).toHaveLength(3);
  const [office365, azure] = await Promise.all(tenants.map(runsOf));
  expect(office365).toMatchObject([{ trigger: 'schedule', status: 'running' }]);
  expect(azure?.[0]?.phases).toEqual(JSON.parse(JSON.stringify(plannedPhases('azure'))));

  expect(await startDueImports(morning.services)).toBe(0);
  await endRuns();
  expect(await startDueImports(at(new Date(MORNING.getTime() + DAY_MS / 2)).services)).toBe(0);
  expect(await startDueImports(at(new Date(MORNING.getTime() + DAY_MS)).services)).toBe(3);
});

test('the imports of a night are spread over it', async () => {
  for (let n = 0; n < 24; n++) await connect();
  const started: number[] = [];
  for (let minutes = 0; minutes <= 360; minutes += 60) {
    const now = new Date(MORNING.getTime() - 6 * 3_600_000 + minutes * 60_000);
    started.push(await startDueImports(at(now).services));
  }
  expect(started.reduce((sum, count) => sum + count, 0)).toBe(24);
  expect(started.filter((count) => count > 0).length).toBeGreaterThan(3);
  expect(Math.max(...started)).toBeLessThan(16);
});

test('a run that a person started since counts for the day, an older one does not', async () => {
  const [imported, stale] = await Promise.all([connect(), connect()]);
  await startImport(
    { ...imported.ctx, clock: () => MORNING },
    { tenantId: imported.tenantId, trigger: 'manual' },
  );
  const yesterday = new Date(MORNING.getTime() - DAY_MS / 2);
  await startImport(
    { ...stale.ctx, clock: () => yesterday },
    { tenantId: stale.tenantId, trigger: 'manual' },
  );
  await endRuns();
  expect(await startDueImports(at(MORNING).services)).toBe(1);
  expect(await runsOf(imported)).toHaveLength(1);
  expect(await runsOf(stale)).toMatchObject([{ trigger: 'manual' }, { trigger: 'schedule' }]);
});

test('a run that still goes on is not joined by another', async () => {
  const tenant = await connect();
  const yesterday = new Date(MORNING.getTime() - DAY_MS / 2);
  await startImport(
    { ...tenant.ctx, clock: () => yesterday },
    { tenantId: tenant.tenantId, trigger: 'manual' },
  );
  expect(await startDueImports(at(MORNING).services)).toBe(0);
});

test.each([
  ['connected', 1],
  ['limited', 1],
  ['could_not_check', 1],
  ['cannot_connect', 1],
  ['verifying', 0],
  ['waiting_for_approval', 0],
  ['activation_required', 0],
  ['disabled', 0],
] as const)('a tenant that is %s: %i import', async (status: TenantStatus, count) => {
  const { tenantId } = await connect();
  await db.database.prisma.tenant.update({ where: { id: tenantId }, data: { status } });
  expect(await startDueImports(at(MORNING).services)).toBe(count);
});

test('a tenant that was connected since waits for the next night: its first import starts by itself', async () => {
  const { tenantId } = await connect();
  await db.database.prisma.tenant.update({ where: { id: tenantId }, data: { boundAt: MORNING } });
  expect(await startDueImports(at(new Date(MORNING.getTime() + DAY_MS / 2)).services)).toBe(0);
  expect(await startDueImports(at(new Date(MORNING.getTime() + DAY_MS)).services)).toBe(1);
});

test('a removed tenant is left alone', async () => {
  const { tenantId } = await connect();
  await db.database.prisma.tenant.update({ where: { id: tenantId }, data: { removedAt: MORNING } });
  expect(await startDueImports(at(MORNING).services)).toBe(0);
});

test('runs that nobody works on are found: never begun, deserted, paused long enough', async () => {
  const runs = new Map<string, string>();
  const leases = {
    'just made': 'lease_until = NULL, created_at = now()',
    'never enqueued': `lease_until = NULL, created_at = now() - interval '6 s'`,
    'worked on': `lease_holder = id, lease_until = now() + interval '5 s'`,
    deserted: `lease_holder = id, lease_until = now() - interval '1 s'`,
    pausing: `lease_until = now() + interval '60 s'`,
    'pause over': `lease_until = now() - interval '1 s'`,
    ended: `status = 'failed', lease_until = now() - interval '1 s'`,
  };
  const now = at(new Date());
  for (const [name, change] of Object.entries(leases)) {
    const { ctx, tenantId } = await connect();
    const started = await startImport(ctx, { tenantId, trigger: 'manual' });
    if (!started.ok) throw new Error(started.problem.code);
    await db.database.pool.query(`UPDATE import_run SET ${change} WHERE id = $1`, [started.value.runId]);
    runs.set(started.value.runId, name);
  }
  expect(await enqueueUnattendedRuns(now.services)).toBe(3);
  const found = now.jobs.enqueued.map(({ payload }) => runs.get((payload as { runId: string }).runId));
  expect(found.toSorted()).toEqual(['deserted', 'never enqueued', 'pause over']);
});
