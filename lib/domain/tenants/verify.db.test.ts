import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TenantId } from '#lib/core/ids.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { AZURE_APP, CONTOSO, GRAPH_APP, simulatorClients } from '../consent/testing.ts';
import type { Services } from '../context.ts';
import { runImport } from '../imports/run.ts';
import { createTestMember, type MemberCtx, recordingJobs, testServices } from '../testing.ts';
import { CAPABILITIES } from './capabilities.ts';
import { startDueChecks } from './check-schedule.ts';
import { getTenant, type TenantDetails } from './queries.ts';
import { requestVerification } from './request-verification.ts';
import { createTestTenant } from './testing.ts';
import { verifyTenant } from './verify.ts';

const NO_LAG = { servicePrincipalLagMs: 0, grantLagMs: 0, principalLagMs: 0, roleAssignmentLagMs: 0 };
const DAY_MS = 24 * 60 * 60_000;

let db: TestDatabase;
let simulator: RunningSimulator;
let services: Services;
let jobs: ReturnType<typeof recordingJobs>;
let ctx: MemberCtx;
let passedMs: number;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator()]);
});
afterAll(() => Promise.all([db.stop(), simulator.stop()]));

beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings(NO_LAG);
  passedMs = 0;
  jobs = recordingJobs();
  const clock = () => new Date(Date.now() + passedMs);
  services = testServices(db.database, {
    jobs,
    // Repetitions inside of a call are the business of the clients' own tests.
    microsoft: simulatorClients(simulator.url, { wait: async () => undefined, clock }),
    clock,
  });
  await db.database.pool.query('DELETE FROM tenant');
  ctx = await createTestMember(services, 'admin');
});

const create = (given: Partial<Prisma.TenantUncheckedCreateInput> = {}) =>
  createTestTenant(ctx, { directoryId: CONTOSO, status: 'verifying', ...given });

async function read(tenantId: TenantId): Promise<TenantDetails> {
  const tenant = await getTenant(ctx, { tenantId });
  if (!tenant.ok) throw new Error(tenant.problem.code);
  return tenant.value;
}
const capabilityStates = async (tenantId: TenantId) => {
  const { capabilities } = await read(tenantId);
  return CAPABILITIES.map((capability) => capabilities[capability]?.state);
};
const check = (tenantId: TenantId) => verifyTenant(ctx, { tenantId });
/** "Check now", and the worker that does it. */
async function checkNow(tenantId: TenantId) {
  await requestVerification(ctx, { tenantId });
  return check(tenantId);
}
const each = (state: string) => CAPABILITIES.map(() => state);
const enqueued = (name: string) => jobs.enqueued.filter((job) => job.name === name).length;

/** An Office 365 account with all that is asked for, proven. */
async function connect(): Promise<TenantId> {
  await simulator.control.grant(CONTOSO, GRAPH_APP);
  const { tenantId } = await create();
  expect(await check(tenantId)).toMatchObject({ value: { status: 'connected' } });
  expect(await capabilityStates(tenantId)).toEqual(each('proven'));
  return tenantId;
}

describe('never green by default', () => {
  test('every grant revoked: after one check all are missing, and the tenant cannot connect', async () => {
    const tenantId = await connect();
    await simulator.control.request('POST', '/scenarios/revoke-grants');
    await checkNow(tenantId);
    expect(await capabilityStates(tenantId)).toEqual(each('missing'));
    const tenant = await read(tenantId);
    expect(tenant).toMatchObject({
      status: 'cannot_connect',
      problem: { code: 'consent-required' },
      diagnosis: { cause: 'everything-withdrawn' },
    });
    expect(tenant.diagnosis?.title).toContain(`${CONTOSO}`);
    expect(tenant.diagnosis?.title).toContain(GRAPH_APP);
    expect(tenant.diagnosis?.title).toContain('User.Read.All');
    expect(tenant.capabilities.users).toMatchObject({
      lastProvenAt: expect.any(String),
      proofs: { token: { state: 'missing' }, read: { state: 'not-checked' } },
    });
  });

  test('the application deleted from the tenant: all are missing too, with the code', async () => {
    const tenantId = await connect();
    await simulator.control.revoke({ servicePrincipal: true });
    await checkNow(tenantId);
    expect(await capabilityStates(tenantId)).toEqual(each('missing'));
    expect(await read(tenantId)).toMatchObject({
      status: 'cannot_connect',
      problem: { code: 'consent-required', microsoft: { code: 'AADSTS700016' } },
      diagnosis: { cause: 'service-principal-gone' },
    });
  });

  test('the next import finds it out as well, and has it checked', async () => {
    for (const servicePrincipal of [false, true]) {
      await db.database.pool.query('DELETE FROM tenant');
      const tenantId = await connect();
      const runId = jobs.enqueued.findLast(({ name }) => name === 'import-tenant')?.payload;
      await simulator.control.revoke({ servicePrincipal });
      const before = enqueued('verify-tenant');
      const signal = new AbortController().signal;
      await runImport(ctx, { ...(runId as Parameters<typeof runImport>[1]), signal });
      expect(enqueued('verify-tenant')).toBe(before + 1);
      await check(tenantId);
      expect(await capabilityStates(tenantId)).toEqual(each('missing'));
      expect(await read(tenantId)).toMatchObject({ status: 'cannot_connect' });
    }
  });

  test('the daily check finds it out as well', async () => {
    const tenantId = await connect();
    await simulator.control.revoke({});
    expect(await startDueChecks(services)).toBe(0);
    passedMs = DAY_MS + 1000;
    const before = enqueued('verify-tenant');
    expect(await Promise.all([startDueChecks(services), startDueChecks(services)])).toContain(1);
    expect(enqueued('verify-tenant')).toBe(before + 1);
    await check(tenantId);
    expect(await capabilityStates(tenantId)).toEqual(each('missing'));
    // It has its answer: the next check is tomorrow’s.
    expect(await read(tenantId)).toMatchObject({ status: 'cannot_connect', pulse: 'over' });
    expect(enqueued('verify-tenant')).toBe(before + 1);
  });

  const OUTAGES = [
    ['the login service is down', { kind: 'error', service: 'login', status: 503 }],
    ['the login service breaks off', { kind: 'reset', service: 'login' }],
    ['Graph is down', { kind: 'error', service: 'graph', status: 503 }],
    ['Graph throttles', { kind: 'throttle', service: 'graph', retryAfterSeconds: 600 }],
    ['Graph sends nonsense', { kind: 'truncate', service: 'graph' }],
  ] as const;
  test.each(OUTAGES)('%s: all could not be checked at once, the status follows', async (_, fault) => {
    const tenantId = await connect();
    await simulator.control.fault({ tenantId: CONTOSO, ...fault });
    await checkNow(tenantId);
    expect(await capabilityStates(tenantId)).toEqual(each('could-not-check'));
    // One failed check is a hiccup: the tenant keeps its status, and another check follows.
    expect(await read(tenantId)).toMatchObject({ status: 'connected', pulse: 'followed' });
    await check(tenantId);
    const tenant = await read(tenantId);
    expect(tenant).toMatchObject({ status: 'could_not_check', diagnosis: { cause: 'unreachable' } });
    expect(tenant.capabilities.users?.lastProvenAt).toBeDefined();
    expect(tenant.diagnosis?.reason).toContain('last proven on');

    await simulator.control.clearFaults();
    const imports = enqueued('import-tenant');
    passedMs = 11 * 60_000;
    await check(tenantId);
    expect(await capabilityStates(tenantId)).toEqual(each('proven'));
    expect(await read(tenantId)).toMatchObject({ status: 'connected', pulse: 'over' });
    expect(enqueued('import-tenant')).toBe(imports);
  });

  test('one read that fails leaves its own capability unknown', async () => {
    const tenantId = await connect();
    await simulator.control.fault({ kind: 'error', service: 'graph', path: '/v1.0/users', status: 500 });
    await checkNow(tenantId);
    await check(tenantId);
    expect(await capabilityStates(tenantId)).toEqual(['proven', 'could-not-check', 'proven']);
    expect(await read(tenantId)).toMatchObject({ status: 'limited' });
  });

  test('a grant that Graph does not honour is not called proven, and named after the wait', async () => {
    await simulator.control.grant(CONTOSO, GRAPH_APP);
    const { tenantId } = await create();
    await simulator.control.fault({
      kind: 'error',
      service: 'graph',
      status: 403,
      code: 'Authorization_RequestDenied',
    });
    expect(await check(tenantId)).toMatchObject({ value: { status: 'verifying' } });
    passedMs = 16 * 60_000;
    expect(await check(tenantId)).toMatchObject({ value: { status: 'could_not_check' } });
    expect(await read(tenantId)).toMatchObject({ diagnosis: { cause: 'refused-by-graph' } });
  });

  test('a token of another tenant proves nothing', async () => {
    const { tenantId } = await create({ directoryId: 'f0000000-0000-4000-8000-00000000f001' });
    expect(await check(tenantId)).toMatchObject({ value: { status: 'verifying' } });
    expect(await capabilityStates(tenantId)).toEqual(each('missing'));
  });
});

test('a part of the permissions is limited, and the part is imported', async () => {
  await simulator.control.grant(CONTOSO, GRAPH_APP, ['LicenseAssignment.Read.All']);
  const { tenantId } = await create();
  expect(await check(tenantId)).toMatchObject({ value: { status: 'limited' } });
  expect(await capabilityStates(tenantId)).toEqual(['proven', 'missing', 'missing']);
  const { diagnosis } = await read(tenantId);
  expect(diagnosis).toMatchObject({ cause: 'partly-granted' });
  expect(diagnosis?.title).toContain('User.Read.All and Organization.Read.All');
  const job = jobs.enqueued.find(({ name }) => name === 'import-tenant');
  const signal = new AbortController().signal;
  await runImport(ctx, { ...(job?.payload as Parameters<typeof runImport>[1]), signal });
  expect(await db.database.prisma.subscribedSku.count({ where: { tenantId } })).toBeGreaterThan(0);
});

test('where the directory’s list can be read it is the third proof, and what nothing needs is named', async () => {
  const roles = ['User.Read.All', 'LicenseAssignment.Read.All', 'Directory.Read.All'];
  await simulator.control.grant(CONTOSO, GRAPH_APP, roles);
  const { tenantId } = await create();
  await check(tenantId);
  const { capabilities, check: latest } = await read(tenantId);
  for (const capability of CAPABILITIES) {
    expect(capabilities[capability]?.proofs).toMatchObject({
      token: { state: 'ok' },
      grant: { state: 'ok' },
      read: { state: 'ok' },
    });
  }
  // It stands in for Organization.Read.All.
  expect(latest?.excess).toEqual([]);
  await simulator.control.grant(CONTOSO, GRAPH_APP, [...roles, 'Organization.Read.All']);
  await check(tenantId);
  expect((await read(tenantId)).check?.excess).toEqual(['Directory.Read.All']);

  await simulator.control.fault({ kind: 'error', service: 'graph', path: '/servicePrincipals', status: 503 });
  await check(tenantId);
  expect(await capabilityStates(tenantId)).toEqual(each('could-not-check'));
});

test('what blocks our application in the tenant is said at once, with who can mend it', async () => {
  const tenantId = await connect();
  await simulator.control.request('POST', '/service-principals', {
    tenantId: CONTOSO,
    clientId: GRAPH_APP,
    enabled: false,
  });
  await checkNow(tenantId);
  expect(await capabilityStates(tenantId)).toEqual(each('could-not-check'));
  expect(await read(tenantId)).toMatchObject({
    status: 'cannot_connect',
    problem: { code: 'application-disabled' },
    pulse: 'over',
  });
});

test('a check that is overtaken keeps nothing, and a removed tenant stays removed', async () => {
  const tenantId = await connect();
  await simulator.control.revoke({});
  await simulator.control.fault({ kind: 'latency', service: 'login', delayMs: 100, times: 1 });
  const overtaken = check(tenantId);
  await requestVerification(ctx, { tenantId });
  await overtaken;
  expect(await read(tenantId)).toMatchObject({ status: 'connected', pulse: 'running' });

  await simulator.control.fault({ kind: 'latency', service: 'login', delayMs: 100, times: 1 });
  const removed = check(tenantId);
  await db.database.prisma.tenant.update({
    where: { id: tenantId },
    data: { status: 'removed', removedAt: new Date() },
  });
  await removed;
  expect(await db.database.prisma.tenant.findUnique({ where: { id: tenantId } })).toMatchObject({
    status: 'removed',
  });
});

test('progress is kept for the person who waits', async () => {
  const tenantId = await connect();
  await requestVerification(ctx, { tenantId });
  await simulator.control.fault({ kind: 'latency', service: 'graph', path: '/users', delayMs: 1500 });
  const running = check(tenantId);
  await expect
    .poll(async () => (await read(tenantId)).check?.progress, { interval: 20, timeout: 20_000 })
    .toMatchObject({ done: 4, all: 5 });
  await running;
  expect((await read(tenantId)).check).not.toHaveProperty('progress');
});

describe('Azure', () => {
  type State = { subscriptions: { id: string; tenantId: string; displayName: string }[] };

  /** An Azure account with three subscriptions on which our application is Reader. */
  async function connectAzure() {
    const { objectId } = await simulator.control.grant(CONTOSO, AZURE_APP, []);
    const { subscriptions } = await simulator.control.request<State>('GET', '/state');
    const own = subscriptions.filter((one) => one.tenantId === CONTOSO).slice(0, 3);
    for (const { id } of own) await assign(id, objectId);
    const { tenantId } = await create({ kind: 'azure' });
    await db.database.prisma.azureSubscription.createMany({
      data: own.map(({ id, displayName }) => ({
        tenantId,
        subscriptionId: id,
        displayName,
        state: 'Enabled',
        status: 'added' as const,
        accessLevel: 'resources' as const,
        addedAt: new Date(),
      })),
    });
    return { tenantId, objectId, ids: own.map(({ id }) => id) };
  }
  const assign = (id: string, principalId: string) =>
    simulator.control.request('POST', '/role-assignments', {
      scope: `/subscriptions/${id}`,
      role: 'Reader',
      principalId,
    });
  const unassign = (principalId: string, id?: string) =>
    simulator.control.request('POST', '/role-assignments/remove', {
      principalId,
      ...(id && { scope: `/subscriptions/${id}` }),
    });
  const states = async (tenantId: TenantId) =>
    (await read(tenantId)).subscriptions.map((subscription) => subscription.check?.state).toSorted();

  test('each added subscription is proven by being listed and readable, and then imported', async () => {
    const { tenantId } = await connectAzure();
    expect(await check(tenantId)).toMatchObject({ value: { status: 'connected' } });
    expect(await states(tenantId)).toEqual(['proven', 'proven', 'proven']);
    expect(enqueued('import-tenant')).toBe(1);
  });

  test('roles that Azure honours late are waited for', async () => {
    const { tenantId, objectId, ids } = await connectAzure();
    await unassign(objectId);
    expect(await check(tenantId)).toMatchObject({ value: { status: 'verifying' } });
    expect(enqueued('import-tenant')).toBe(0);
    await assign(ids[0] ?? '', objectId);
    // The first of several is no reason to speak of a limit yet, but to import what there is.
    expect(await check(tenantId)).toMatchObject({ value: { status: 'verifying' } });
    expect(enqueued('import-tenant')).toBe(1);
    for (const id of ids.slice(1)) await assign(id, objectId);
    passedMs = 61_000;
    expect(await check(tenantId)).toMatchObject({ value: { status: 'connected' } });
  });

  test('one role gone is limited, all gone cannot connect, and both are named', async () => {
    const { tenantId, objectId, ids } = await connectAzure();
    await check(tenantId);
    await unassign(objectId, ids[0]);
    await checkNow(tenantId);
    expect(await states(tenantId)).toEqual(['missing', 'proven', 'proven']);
    expect(await read(tenantId)).toMatchObject({ status: 'limited', diagnosis: { cause: 'azure-roles' } });
    await unassign(objectId);
    await checkNow(tenantId);
    expect(await states(tenantId)).toEqual(['missing', 'missing', 'missing']);
    const { status, diagnosis } = await read(tenantId);
    expect(status).toBe('cannot_connect');
    expect(diagnosis?.title).toMatch(/cannot see any of the 3 subscriptions.*Contoso/);
  });

  test('the application deleted: all are missing', async () => {
    const { tenantId } = await connectAzure();
    await check(tenantId);
    await simulator.control.revoke({ clientId: AZURE_APP, servicePrincipal: true });
    await checkNow(tenantId);
    expect(await states(tenantId)).toEqual(['missing', 'missing', 'missing']);
    expect(await read(tenantId)).toMatchObject({ status: 'cannot_connect' });
  });

  test.each([
    ['the login service', { service: 'login', path: '/token' }],
    ['the list', { service: 'arm', path: '/subscriptions?' }],
    ['the rights', { service: 'arm', path: '/permissions' }],
  ])('%s cannot be asked: all could not be checked', async (_, where) => {
    const { tenantId } = await connectAzure();
    await check(tenantId);
    await simulator.control.fault({ kind: 'error', status: 503, ...where });
    await checkNow(tenantId);
    expect(await states(tenantId)).toEqual(Array.from({ length: 3 }, () => 'could-not-check'));
    expect(await read(tenantId)).toMatchObject({ status: 'connected' });
    await check(tenantId);
    expect(await read(tenantId)).toMatchObject({ status: 'could_not_check' });
  });

  test('what was proven in a series is not asked again in it', async () => {
    const { tenantId, objectId, ids } = await connectAzure();
    await unassign(objectId, ids[0]);
    await check(tenantId);
    await simulator.control.fault({
      kind: 'error',
      service: 'arm',
      path: '/permissions',
      status: 503,
      times: 99,
    });
    await check(tenantId);
    expect(await states(tenantId)).toEqual(['missing', 'proven', 'proven']);
  });
});

test('a series that its worker left is found and taken up, by one of many', async () => {
  const { tenantId } = await create();
  await simulator.control.settings({ grantLagMs: DAY_MS });
  await simulator.control.grant(CONTOSO, GRAPH_APP, []);
  await check(tenantId);
  expect(await read(tenantId)).toMatchObject({ pulse: 'followed' });
  passedMs = 3 * 60_000;
  expect(await read(tenantId)).toMatchObject({ pulse: 'silent' });
  const taken = await Promise.all([startDueChecks(services), startDueChecks(services)]);
  expect(taken.toSorted()).toEqual([0, 1]);
});

test('where no worker comes at all, it ends after a quarter of an hour, and says whose turn it is', async () => {
  await simulator.control.grant(CONTOSO, GRAPH_APP, []);
  const { tenantId } = await create();
  await check(tenantId);
  passedMs = 14 * 60_000;
  expect(await read(tenantId)).toMatchObject({ status: 'verifying' });
  passedMs = 18 * 60_000;
  expect(await read(tenantId)).toMatchObject({
    status: 'could_not_check',
    diagnosis: { cause: 'not-checked', who: 'The operator of this portal' },
  });
});

test('only tenants that are in use are checked, and only by those who may', async () => {
  const { tenantId } = await create({ status: 'disabled' });
  expect(await check(tenantId)).toEqual({ ok: true, value: { status: 'disabled' } });
  const viewer = await createTestMember(services, 'viewer', ctx.actor.organizationId);
  expect(await verifyTenant(viewer, { tenantId })).toMatchObject({ problem: { code: 'forbidden' } });
  const stranger = await createTestMember(services, 'owner');
  expect(await verifyTenant(stranger, { tenantId })).toMatchObject({ problem: { code: 'not-found' } });
});
