import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrganizationId, type RunId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Services } from '#lib/domain/context.ts';
import { createTestRun, createTestTenant } from '../licensing/testing.ts';
import { listImportNotices } from '../notices/imports.ts';
import { createTestMember, recordingJobs, testServices } from '../testing.ts';
import { DAYS_SHOWN, listImportDays } from './days.ts';
import { getImport, listImports } from './queries.ts';
import { missedPhases, retryImport } from './retry.ts';
import { exportRuns } from './runs-file.ts';

const DAY_MS = 86_400_000;
/** A Saturday. */
const NOW = new Date('2026-11-21T10:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);
const NOT_FOUND = { ok: false, problem: { code: 'not-found' } };

let db: TestDatabase;
let services: Services;
const jobs = recordingJobs();
beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database, { jobs, clock: () => NOW });
});
afterAll(() => db.stop());

test('the history is read page by page, there and back', async () => {
  const ctx = await createTestMember(services, 'viewer');
  const { tenantId } = await createTestTenant(ctx);
  const ids: RunId[] = [];
  for (let day = 0; day < 65; day += 1) {
    // Two of them at the same moment.
    const createdAt = daysAgo(Math.max(1, day));
    ids.push(await createTestRun(ctx, tenantId, { status: 'completed', createdAt }));
  }
  const page = async (edge: { before?: RunId; after?: RunId } = {}) => {
    const listed = await listImports(ctx, { tenantId, ...edge });
    if (!listed.ok) throw new Error(listed.problem.code);
    return listed.value;
  };
  const first = await page();
  expect(first).toMatchObject({ newer: undefined, current: undefined });
  expect(first.runs).toHaveLength(30);
  const second = await page({ before: first.older });
  const third = await page({ before: second.older });
  expect(third).toMatchObject({ older: undefined });
  const all = [...first.runs, ...second.runs, ...third.runs].map(({ runId }) => runId);
  expect(all.toSorted()).toEqual(ids.toSorted());
  expect((await page({ after: third.newer })).runs).toEqual(second.runs);
  expect(await page({ after: second.newer })).toMatchObject({ runs: first.runs, newer: undefined });
});

test('each of the last 400 days says what became of it', async () => {
  const ctx = await createTestMember(services, 'viewer');
  const { tenantId } = await createTestTenant(ctx);
  await ctx.database.prisma.tenant.update({ where: { id: tenantId }, data: { boundAt: daysAgo(10) } });
  const run = (status: 'completed' | 'partial' | 'failed' | 'cancelled', days: number) =>
    createTestRun(ctx, tenantId, { status, createdAt: daysAgo(days) });
  await run('failed', 3);
  const mended = await run('completed', 3 - 0.01);
  await run('failed', 3 - 0.02);
  await run('partial', 2);
  await run('failed', 1);
  await run('cancelled', 1);
  const listed = await listImportDays(ctx, { tenantId });
  if (!listed.ok) throw new Error(listed.problem.code);
  const days = listed.value;
  expect(days.length).toBeGreaterThanOrEqual(DAYS_SHOWN);
  expect(new Date(days[0]?.day ?? '').getUTCDay()).toBe(1);
  expect(days.slice(-5)).toEqual([
    { day: '2026-11-17', state: 'none' },
    { day: '2026-11-18', state: 'completed', runId: mended },
    { day: '2026-11-19', state: 'partial', runId: expect.any(String) },
    { day: '2026-11-20', state: 'failed', runId: expect.any(String) },
    { day: '2026-11-21', state: 'none' },
  ]);
  expect(days.at(-12)).toEqual({ day: '2026-11-10', state: 'before' });
  const stranger = await createTestMember(services);
  expect(await listImportDays(stranger, { tenantId })).toMatchObject(NOT_FOUND);
});

test('what failed is tried again, and nothing else', async () => {
  const ctx = await createTestMember(services, 'admin');
  const { tenantId } = await createTestTenant(ctx);
  const runId = await createTestRun(
    ctx,
    tenantId,
    { status: 'partial', createdAt: daysAgo(1) },
    { skus: { state: 'completed' }, organization: { state: 'completed' }, users: { state: 'partial' } },
  );
  const viewer = await createTestMember(services, 'viewer', OrganizationId.parse(ctx.actor.organizationId));
  expect(await retryImport(viewer, { tenantId, runId })).toMatchObject({ problem: { code: 'forbidden' } });
  const stranger = await createTestMember(services);
  expect(await retryImport(stranger, { tenantId, runId })).toMatchObject(NOT_FOUND);
  expect(await getImport(stranger, { tenantId, runId })).toMatchObject(NOT_FOUND);

  const found = await getImport(viewer, { tenantId, runId });
  expect(found).toMatchObject({ value: { isNewest: true, mayStart: false } });
  const missed = found.ok ? missedPhases(found.value.run) : [];
  expect(missed).toContain('users');
  expect(missed).not.toContain('skus');
  const retried = await retryImport(ctx, { tenantId, runId });
  if (!retried.ok) throw new Error(retried.problem.code);
  const again = await getImport(ctx, { tenantId, runId: retried.value.runId });
  expect(again).toMatchObject({ value: { isNewest: true, run: { trigger: 'manual', status: 'running' } } });
  expect(again.ok && again.value.run.phases.map(({ phase }) => phase)).toEqual(missed);
  expect(jobs.enqueued.at(-1)).toMatchObject({ payload: { runId: retried.value.runId } });
  const [entry] = await ctx.database.prisma.auditEvent.findMany({
    where: { organizationId: ctx.actor.organizationId, action: 'import.start' },
  });
  expect(entry).toMatchObject({ entityId: retried.value.runId, after: { tenantId, only: missed } });
  expect(await retryImport(ctx, { tenantId, runId })).toMatchObject({ problem: { code: 'import-running' } });
  expect(await retryImport(ctx, { tenantId, runId: retried.value.runId })).toMatchObject({
    problem: { code: 'invalid-input' },
  });
});

test('the file has a row for each run, newest first', async () => {
  const ctx = await createTestMember(services, 'viewer');
  const { tenantId } = await createTestTenant(ctx);
  await createTestRun(ctx, tenantId, { status: 'failed', createdAt: daysAgo(2) });
  await createTestRun(
    ctx,
    tenantId,
    { status: 'completed', createdAt: daysAgo(1) },
    {
      users: { received: 5, expected: 5, requests: 3, throttled: 1, method: 'incremental' },
      skus: { requests: 1 },
    },
  );
  const file = await exportRuns(ctx, { tenantId });
  if (!file.ok) throw new Error(file.problem.code);
  let text = '';
  for await (const chunk of file.value.chunks) text += chunk;
  expect(parse(text, { columns: true })).toMatchObject([
    {
      Status: 'completed',
      Phase: 'users',
      Method: 'incremental',
      Received: '5',
      Requests: '4',
      Throttled: '1',
    },
    { Status: 'failed', Requests: '0' },
  ]);
  const stranger = await createTestMember(services);
  expect(await exportRuns(stranger, { tenantId })).toMatchObject(NOT_FOUND);
});

test('people are told of a tenant that failed twice running, and of old data, and not of others', async () => {
  const ctx = await createTestMember(services, 'viewer');
  const tenant = async (name: string) => (await createTestTenant(ctx, { name })).tenantId;
  const fresh = (tenantId: string, phase: string, days: number) =>
    ctx.database.prisma.importFreshness.create({
      data: { tenantId, phase, runId: tenantId, freshAt: daysAgo(days), method: 'full' },
    });
  const notices = async () => {
    const listed = await listImportNotices(ctx);
    if (!listed.ok) throw new Error(listed.problem.code);
    return listed.value;
  };
  await tenant('Never imported');
  const once = await tenant('Failed once');
  await createTestRun(ctx, once, { status: 'completed', createdAt: daysAgo(2) });
  await createTestRun(ctx, once, { status: 'failed', createdAt: daysAgo(1) });
  await fresh(once, 'users', 1);
  expect(await notices()).toEqual([]);

  const twice = await tenant('Failed twice');
  await createTestRun(ctx, twice, { status: 'failed', createdAt: daysAgo(5) });
  await createTestRun(ctx, twice, { status: 'partial', createdAt: daysAgo(4) });
  await createTestRun(ctx, twice, { status: 'failed', createdAt: daysAgo(3) });
  await createTestRun(ctx, twice, { status: 'cancelled', createdAt: daysAgo(2) });
  const last = await createTestRun(ctx, twice, { status: 'failed', createdAt: daysAgo(1) });
  const stale = await tenant('Old');
  await fresh(stale, 'skus', 0.5);
  await fresh(stale, 'users', 1.6);
  await fresh(stale, 'a part of a later version', 9);
  expect(await notices()).toEqual([
    {
      tenantId: twice,
      tenantName: 'Failed twice',
      failed: { times: 2, since: daysAgo(3) },
      stale: undefined,
      lastRun: { runId: last, problem: undefined },
    },
    {
      tenantId: stale,
      tenantName: 'Old',
      failed: undefined,
      stale: { phase: 'users', freshAt: daysAgo(1.6) },
      lastRun: undefined,
    },
  ]);
  expect(await listImportNotices(ctx, { tenantId: stale })).toMatchObject({ value: [{ tenantName: 'Old' }] });
  await ctx.database.prisma.tenant.updateMany({
    where: { id: { in: [twice, stale] } },
    data: { status: 'disabled' },
  });
  expect(await notices()).toEqual([]);
  expect(await listImportNotices(await createTestMember(services))).toEqual({ ok: true, value: [] });
});
