import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { reconnectTenant, startFlow } from '../consent/start-flow.ts';
import {
  ALEX,
  approve,
  atMicrosoft,
  CONTOSO,
  comeBack,
  simulatorClients,
  TestBrowser,
} from '../consent/testing.ts';
import { runImport } from '../imports/run.ts';
import { startDueImports } from '../imports/schedule.ts';
import { startImport } from '../imports/start.ts';
import { licenseOverview } from '../licensing/queries.ts';
import { startDueChecks } from '../tenants/check-schedule.ts';
import { getTenant, listTenants } from '../tenants/queries.ts';
import { requestVerification } from '../tenants/request-verification.ts';
import { resolveTenant } from '../tenants/resolve.ts';
import { auditActions, createTestTenant } from '../tenants/testing.ts';
import { verifyTenant } from '../tenants/verify.ts';
import { createTestMember, type MemberCtx, recordingJobs, testServices } from '../testing.ts';
import { disableTenant, enableTenant } from './disable-tenant.ts';
import { getRemoval, listRemovals, previewRemoval } from './queries.ts';
import { eraseRemovedTenant, removeTenant } from './remove-tenant.ts';
import { restoreTenant } from './restore-tenant.ts';

const DAY_MS = 86_400_000;
const NO_LAG = { servicePrincipalLagMs: 0, grantLagMs: 0, principalLagMs: 0, roleAssignmentLagMs: 0 };
const NOT_FOUND = { ok: false, problem: { code: 'not-found', entity: 'tenant' } };
const FORBIDDEN = { ok: false, problem: { code: 'forbidden', need: 'admin' } };
const DISABLED = { ok: false, problem: { code: 'tenant-disabled' } };
const DONE = { ok: true, value: undefined };

let db: TestDatabase;
let simulator: RunningSimulator;
let now: Date | undefined;
let jobs: ReturnType<typeof recordingJobs>;
let ctx: MemberCtx;
let tenantId: TenantId;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator({ settings: NO_LAG })]);
});
afterAll(async () => {
  await Promise.all([db.stop(), simulator.stop()]);
});
beforeEach(async () => {
  now = undefined;
  jobs = recordingJobs();
  ctx = await createTestMember(
    testServices(db.database, {
      microsoft: simulatorClients(simulator.url),
      clock: () => now ?? new Date(),
      jobs,
    }),
    'admin',
  );
  ({ tenantId } = await createTestTenant(ctx, { directoryId: CONTOSO }));
});

const remove = (confirmation = 'Contoso') => removeTenant(ctx, { tenantId, confirmation, keep: 'days' });
const row = () => db.database.prisma.tenant.findUniqueOrThrow({ where: { id: tenantId } });
const runs = () =>
  db.database.prisma.importRun.findMany({ where: { tenantId }, orderBy: { createdAt: 'asc' } });
const jobsOf = () => jobs.enqueued.filter(({ payload }) => JSON.stringify(payload).includes(tenantId));

/** The next night, when whatever is due begins. */
async function nextNight() {
  jobs.enqueued.length = 0;
  now = new Date(Date.now() + 2 * DAY_MS);
  await startDueImports(ctx);
  await startDueChecks(ctx);
  return jobsOf();
}

test('a disabled tenant keeps its data, and no job touches it', async () => {
  expect(await startImport(ctx, { tenantId, trigger: 'manual' })).toMatchObject({ ok: true });
  expect(await disableTenant(ctx, { tenantId })).toEqual(DONE);
  expect(await disableTenant(ctx, { tenantId })).toEqual(DONE);
  expect(await row()).toMatchObject({ status: 'disabled', nextCheckAt: null });
  expect(await runs()).toMatchObject([{ status: 'cancelled', leaseHolder: null }]);
  expect(await startImport(ctx, { tenantId, trigger: 'manual' })).toEqual(DISABLED);
  expect(await requestVerification(ctx, { tenantId })).toEqual(DISABLED);
  expect(await reconnectTenant(ctx, { tenantId })).toEqual(DISABLED);
  expect(await verifyTenant(ctx, { tenantId })).toMatchObject({ value: { status: 'disabled' } });
  expect(await nextNight()).toEqual([]);
  expect(await getTenant(ctx, { tenantId })).toMatchObject({
    value: { status: 'disabled', name: 'Contoso' },
  });
  const overview = await licenseOverview(ctx, { includeFree: true });
  expect(overview).toMatchObject({ value: { sources: [{ name: 'Contoso', disabledAt: expect.any(Date) }] } });
  expect(await auditActions(ctx)).toEqual(['import.start', 'tenant.disable']);
});

test('a run that was begun in the moment of disabling is cancelled by its worker', async () => {
  await disableTenant(ctx, { tenantId });
  const runId = crypto.randomUUID();
  await db.database.prisma.importRun.create({
    data: { tenantId, id: runId, trigger: 'schedule', status: 'running' },
  });
  const signal = new AbortController().signal;
  const outcome = await runImport(ctx, {
    tenantId,
    runId: runId as Parameters<typeof runImport>[1]['runId'],
    signal,
  });
  expect(outcome).toBe('ended');
  expect(await runs()).toMatchObject([{ status: 'cancelled' }]);
});

test('enabled again, its access is checked and an import starts', async () => {
  await disableTenant(ctx, { tenantId });
  expect(await enableTenant(ctx, { tenantId })).toEqual(DONE);
  expect(await row()).toMatchObject({ status: 'verifying' });
  expect(jobsOf().map(({ name }) => name)).toEqual(['verify-tenant', 'import-tenant']);
  expect(await enableTenant(ctx, { tenantId })).toEqual(DONE);
  expect(jobsOf()).toHaveLength(2);
  expect(await auditActions(ctx)).toEqual(['tenant.disable', 'tenant.enable', 'import.start']);
});

test('a check that began before it was disabled changes nothing', async () => {
  const verifying = verifyTenant(ctx, { tenantId });
  await disableTenant(ctx, { tenantId });
  await verifying;
  expect(await row()).toMatchObject({ status: 'disabled' });
});

test('removed: no page and no job knows it, and its run is cancelled', async () => {
  await startImport(ctx, { tenantId, trigger: 'manual' });
  const removed = await remove();
  if (!removed.ok) throw new Error(removed.problem.code);
  expect(await getTenant(ctx, { tenantId })).toEqual(NOT_FOUND);
  expect(await listTenants(ctx)).toMatchObject({ value: { tenants: [] } });
  expect(await licenseOverview(ctx, { includeFree: true })).toMatchObject({ value: { sources: [] } });
  expect(await runs()).toMatchObject([{ status: 'cancelled' }]);
  for (const asked of [
    startImport(ctx, { tenantId, trigger: 'manual' }),
    requestVerification(ctx, { tenantId }),
    verifyTenant(ctx, { tenantId }),
    reconnectTenant(ctx, { tenantId }),
    remove(),
    disableTenant(ctx, { tenantId }),
    enableTenant(ctx, { tenantId }),
    previewRemoval(ctx, { tenantId }),
  ]) {
    expect(await asked).toEqual(NOT_FOUND);
  }
  expect(await nextNight()).toEqual([]);
  const { removalId } = removed.value;
  expect(await getRemoval(ctx, { removalId })).toMatchObject({
    value: { state: 'restorable', name: 'Contoso', removedBy: 'Test admin', left: 1 },
  });
  expect(await auditActions(ctx)).toEqual(['import.start', 'tenant.remove']);
});

test('the name has to be typed', async () => {
  for (const typed of ['', 'contoso', 'Contoso Ltd']) {
    expect(await remove(typed)).toMatchObject({
      problem: { code: 'invalid-input', fields: { confirmation: expect.stringContaining('Contoso') } },
    });
  }
  expect(await row()).toMatchObject({ removedAt: null });
});

test('restored: it is there with its data, its access is checked and an import starts', async () => {
  await db.database.prisma.directoryUser.create({
    data: { tenantId, id: crypto.randomUUID(), contentHash: new Uint8Array([1]), importedAt: new Date() },
  });
  await remove();
  jobs.enqueued.length = 0;
  expect(await restoreTenant(ctx, { tenantId })).toEqual(DONE);
  expect(await getTenant(ctx, { tenantId })).toMatchObject({ value: { status: 'verifying' } });
  expect(await db.database.prisma.directoryUser.count({ where: { tenantId } })).toBe(1);
  expect(jobsOf().map(({ name }) => name)).toEqual(['verify-tenant', 'import-tenant']);
  expect(await restoreTenant(ctx, { tenantId })).toEqual(NOT_FOUND);
  expect(await auditActions(ctx)).toEqual(['tenant.remove', 'tenant.restore', 'import.start']);
  // The check tells the truth: nobody has approved anything there.
  await simulator.control.revoke({ tenantId: CONTOSO });
  await verifyTenant(ctx, { tenantId });
  expect((await row()).status).not.toBe('connected');
});

test('viewers may do none of it, and to others it does not exist', async () => {
  const viewer = await createTestMember(ctx, 'viewer', ctx.actor.organizationId);
  const stranger = await createTestMember(ctx, 'owner');
  const input = { tenantId, confirmation: 'Contoso' };
  const everything = (who: MemberCtx) => [
    disableTenant(who, input),
    enableTenant(who, input),
    previewRemoval(who, input),
    removeTenant(who, { ...input, keep: 'days' as const }),
    restoreTenant(who, input),
  ];
  for (const asked of everything(viewer)) expect(await asked).toEqual(FORBIDDEN);
  for (const asked of everything(stranger)) expect(await asked).toEqual(NOT_FOUND);
  expect(await eraseRemovedTenant(stranger, input)).toEqual(NOT_FOUND);
  const removed = await remove();
  if (!removed.ok) throw new Error(removed.problem.code);
  expect(await restoreTenant(stranger, input)).toEqual(NOT_FOUND);
  expect(await eraseRemovedTenant(stranger, input)).toEqual(NOT_FOUND);
  expect(await getRemoval(stranger, removed.value)).toMatchObject({ problem: { code: 'not-found' } });
  expect(await listRemovals(stranger)).toMatchObject({ value: { removals: [] } });
  expect(await getRemoval(viewer, removed.value)).toMatchObject({ ok: true });
  expect(await listRemovals(viewer)).toMatchObject({ value: { mayRestore: false, mayErase: false } });
});

test('the same directory is not connected beside one that can be restored', async () => {
  const account = { kind: 'office365', name: 'Again', tenant: CONTOSO } as const;
  await remove();
  expect(await startFlow(ctx, account)).toMatchObject({
    problem: { code: 'tenant-removed', tenantName: 'Contoso', tenantId, eraseAt: expect.any(String) },
  });
  expect(await resolveTenant(ctx, { tenant: CONTOSO })).toMatchObject({
    value: { connected: [], removed: [{ tenantId, name: 'Contoso', kind: 'office365' }] },
  });
  // The other kind is another connection, and another organization is told nothing.
  expect(await startFlow(ctx, { ...account, kind: 'azure' })).toMatchObject({ ok: true });
  const stranger = await createTestMember(ctx, 'owner');
  expect(await startFlow(stranger, account)).toMatchObject({ ok: true });
  expect(await resolveTenant(stranger, { tenant: CONTOSO })).toMatchObject({ value: { removed: [] } });
  // Once its time is over it is connected anew, whether the workers were there already or not.
  now = new Date(Date.now() + 7 * DAY_MS);
  expect(await startFlow(ctx, account)).toMatchObject({ ok: true });
});

test('who comes back from Microsoft after the removal connects nothing', async () => {
  const browser = new TestBrowser();
  const started = browser.begin(await reconnectTenant(ctx, { tenantId }));
  await remove();
  const signIn = await approve(ctx, browser, started);
  await comeBack(ctx, browser, await atMicrosoft(signIn, ALEX));
  const flow = await db.database.prisma.consentFlow.findUniqueOrThrow({ where: { id: started.flowId } });
  expect(flow).toMatchObject({ status: 'failed', problem: { code: 'tenant-removed' } });
  const { organizationId } = ctx.actor;
  expect(await db.database.prisma.tenant.count({ where: { organizationId } })).toBe(1);
  expect(await restoreTenant(ctx, { tenantId })).toEqual(DONE);
});

test('one that was connected anew in a race is not doubled by restoring', async () => {
  await remove();
  await createTestTenant(ctx, { directoryId: CONTOSO, name: 'New' });
  expect(await restoreTenant(ctx, { tenantId })).toMatchObject({
    problem: { code: 'already-connected', tenantName: 'New' },
  });
});
