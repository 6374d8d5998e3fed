import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DirectoryId, OrganizationId, RunId, TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Services } from '#lib/domain/context.ts';
import { createTestMember, recordingJobs, testServices } from '#lib/domain/testing.ts';
import { beat, endBeat } from '../health/heartbeat.ts';
import { cancelImport } from './cancel.ts';
import { claimRun } from './lease.ts';
import { listImports } from './queries.ts';
import { startImport } from './start.ts';
import { connectTenant, type TestTenant } from './testing.ts';

let db: TestDatabase;
let services: Services;
const jobs = recordingJobs();

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database, { jobs });
});
afterAll(() => db.stop());

const connect = () => connectTenant(services, DirectoryId.parse(randomUUID()), 'office365');

const audited = ({ ctx }: TestTenant) =>
  db.database.prisma.auditEvent.findMany({
    where: { organizationId: ctx.actor.organizationId },
    orderBy: { at: 'asc' },
    select: { action: true, entityId: true, actorName: true },
  });

test('an admin starts an import: a run, its job, an entry in the audit', async () => {
  const tenant = await connect();
  const { ctx, tenantId } = tenant;
  const started = await startImport(ctx, { tenantId, trigger: 'manual' });
  if (!started.ok) throw new Error(started.problem.code);
  const { runId } = started.value;
  const { organizationId } = ctx.actor;
  expect(jobs.enqueued.at(-1)).toEqual({
    name: 'import-tenant',
    payload: { organizationId, tenantId, runId },
  });
  expect(await audited(tenant)).toEqual([
    { action: 'import.start', entityId: runId, actorName: 'Test admin' },
  ]);
  const imports = await listImports(ctx, { tenantId });
  expect(imports).toMatchObject({
    ok: true,
    value: {
      mayStart: true,
      older: undefined,
      current: { runId, status: 'running', progress: { phase: undefined, received: 0 } },
      runs: [{ runId, status: 'running', trigger: 'manual', startedAt: null, durationMs: null }],
    },
  });
});

test('a second one is refused while the first runs, however close they come', async () => {
  const { ctx, tenantId } = await connect();
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, () => startImport(ctx, { tenantId, trigger: 'manual' })),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(outcomes.filter(({ ok }) => !ok)).toEqual(
    Array.from({ length: 4 }, () => ({ ok: false, problem: { code: 'import-running' } })),
  );
});

test('a queue that cannot be reached does not lose the run', async () => {
  const { ctx, tenantId } = await connect();
  const broken = { ...ctx, jobs: { enqueue: () => Promise.reject(new Error('gone')) } };
  expect(await startImport(broken, { tenantId, trigger: 'manual' })).toMatchObject({ ok: true });
  expect(await listImports(ctx, { tenantId })).toMatchObject({ value: { runs: [{ status: 'running' }] } });
});

test('a viewer sees imports, but neither starts nor cancels one', async () => {
  const { ctx, tenantId } = await connect();
  const viewer = await createTestMember(services, 'viewer', OrganizationId.parse(ctx.actor.organizationId));
  const refused = { ok: false, problem: { code: 'forbidden', need: 'admin' } };
  expect(await startImport(viewer, { tenantId, trigger: 'manual' })).toEqual(refused);
  expect(await cancelImport(viewer, { tenantId, runId: RunId.parse(randomUUID()) })).toEqual(refused);
  expect(await listImports(viewer, { tenantId })).toMatchObject({
    ok: true,
    value: { runs: [], mayStart: false },
  });
});

test('for another organization the tenant does not exist, nor does a removed one', async () => {
  const tenant = await connect();
  const { ctx, tenantId } = tenant;
  const started = await startImport(ctx, { tenantId, trigger: 'manual' });
  if (!started.ok) throw new Error(started.problem.code);
  const { runId } = started.value;
  const stranger = await createTestMember(services);
  const unknown = { ok: false, problem: { code: 'not-found' } };
  expect(await startImport(stranger, { tenantId, trigger: 'manual' })).toMatchObject(unknown);
  expect(await cancelImport(stranger, { tenantId, runId })).toMatchObject(unknown);
  expect(await listImports(stranger, { tenantId })).toMatchObject(unknown);
  expect(await startImport(ctx, { tenantId: TenantId.parse(randomUUID()), trigger: 'manual' })).toMatchObject(
    unknown,
  );
  expect(await listImports(ctx, { tenantId })).toMatchObject({ value: { runs: [{ status: 'running' }] } });

  await db.database.prisma.tenant.update({ where: { id: tenantId }, data: { removedAt: new Date() } });
  expect(await startImport(ctx, { tenantId, trigger: 'manual' })).toMatchObject(unknown);
  expect(await listImports(ctx, { tenantId })).toMatchObject(unknown);
});

test('cancelling is audited once, and twice does no harm', async () => {
  const tenant = await connect();
  const { ctx, tenantId } = tenant;
  const started = await startImport(ctx, { tenantId, trigger: 'onboarding' });
  if (!started.ok) throw new Error(started.problem.code);
  const { runId } = started.value;
  expect(await cancelImport(ctx, { tenantId, runId })).toEqual({ ok: true, value: undefined });
  expect(await cancelImport(ctx, { tenantId, runId })).toEqual({ ok: true, value: undefined });
  expect(await audited(tenant)).toMatchObject([{ action: 'import.cancel', entityId: runId }]);
  expect(await listImports(ctx, { tenantId })).toMatchObject({
    value: { current: undefined, runs: [{ status: 'cancelled' }] },
  });
  expect(await startImport(ctx, { tenantId, trigger: 'manual' })).toMatchObject({ ok: true });
});

test('the page is told whether anybody works on a run', async () => {
  const { ctx, tenantId } = await connect();
  const started = await startImport(ctx, { tenantId, trigger: 'manual' });
  if (!started.ok) throw new Error(started.problem.code);
  const { runId } = started.value;
  const attendance = async () => {
    const imports = await listImports(ctx, { tenantId });
    return imports.ok && imports.value.current?.attendance;
  };
  expect(await attendance()).toBe('no-worker');
  const workerId = randomUUID();
  await beat(services, workerId);
  expect(await attendance()).toBe('awaited');
  await claimRun(db.database.pool, { tenantId, runId, holder: randomUUID(), seconds: 60 }, new Date());
  expect(await attendance()).toBe('attended');
  await endBeat(services, workerId);
  expect(await attendance()).toBe('attended');
  await db.database.pool.query('UPDATE import_run SET lease_until = now() WHERE id = $1', [runId]);
  expect(await attendance()).toBe('no-worker');
});
