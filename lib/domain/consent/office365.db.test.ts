import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import type { Services } from '../context.ts';
import { getTenant, listTenants } from '../tenants/queries.ts';
import { auditActions } from '../tenants/testing.ts';
import { verifyTenant } from '../tenants/verify.ts';
import { createTestMember, type MemberCtx, recordingJobs, testServices } from '../testing.ts';
import type { AddAccount } from './model.ts';
import { getFlow } from './queries.ts';
import { reconnectTenant, restartFlow, startFlow } from './start-flow.ts';
import {
  ALEX,
  approve,
  atMicrosoft,
  CONTOSO,
  comeBack,
  expectNothingStored,
  FABRIKAM,
  FIONA,
  GRAPH_APP,
  OLIVIA,
  simulatorClients,
  TestBrowser,
  UMA,
} from './testing.ts';

const OFFICE: AddAccount = { kind: 'office365', name: 'Contoso', tenant: 'contoso.com' };
const NO_LAG = { servicePrincipalLagMs: 0, grantLagMs: 0, principalLagMs: 0, roleAssignmentLagMs: 0 };

let db: TestDatabase;
let simulator: RunningSimulator;
let services: Services;
let jobs: ReturnType<typeof recordingJobs>;
let ctx: MemberCtx;
let browser: TestBrowser;
let passedMs = 0;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator({ settings: NO_LAG })]);
});

afterAll(async () => {
  await Promise.all([db.stop(), simulator.stop()]);
});

beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings(NO_LAG);
  passedMs = 0;
  jobs = recordingJobs();
  services = testServices(db.database, {
    jobs,
    microsoft: simulatorClients(simulator.url),
    clock: () => new Date(Date.now() + passedMs),
  });
  ctx = await createTestMember(services, 'admin');
  browser = new TestBrowser();
});

const start = async () => browser.begin(await startFlow(ctx, OFFICE));
const flowOf = async (flowId: Awaited<ReturnType<typeof start>>['flowId']) => {
  const flow = await getFlow(ctx, { flowId });
  if (!flow.ok) throw new Error('the flow is gone');
  return flow.value;
};

/** The whole way, until the tenant is bound. */
async function connect() {
  const started = await start();
  const signIn = await approve(ctx, browser, started);
  await comeBack(ctx, browser, await atMicrosoft(signIn, ALEX));
  const list = await listTenants(ctx);
  const tenant = list.ok ? list.value.tenants[0] : undefined;
  if (!tenant) throw new Error('nothing was bound');
  return { ...started, tenantId: tenant.tenantId };
}

test('an administrator approves and signs in: the tenant is bound, proven and imported', async () => {
  const { flowId, tenantId } = await connect();
  expect(await getTenant(ctx, { tenantId })).toMatchObject({
    value: {
      name: 'Contoso',
      kind: 'office365',
      directoryId: CONTOSO,
      domain: 'contoso.com',
      status: 'verifying',
      boundByPerson: 'Alex Admin (alex.admin@contoso.com)',
    },
  });
  expect(await flowOf(flowId)).toMatchObject({ state: 'succeeded', isLive: true, tenant: { tenantId } });
  const { organizationId } = ctx.actor;
  expect(jobs.enqueued).toEqual([{ name: 'verify-tenant', payload: { organizationId, tenantId } }]);

  expect(await verifyTenant(ctx, { tenantId })).toEqual({ ok: true, value: { status: 'connected' } });
  expect(jobs.enqueued.slice(1)).toMatchObject([{ name: 'import-tenant', payload: { tenantId } }]);
  const { lines, tenant } = await flowOf(flowId);
  expect(tenant).toMatchObject({ status: 'connected' });
  expect(lines.map(({ id, state }) => [id, state])).toEqual([
    ['sign-in', 'ok'],
    ['role', 'ok'],
    ['approval', 'ok'],
    ['token', 'ok'],
    ['licences', 'ok'],
    ['users', 'ok'],
    ['organization', 'ok'],
    ['import', 'checking'],
  ]);
  expect(await auditActions(ctx)).toEqual(['tenant.connect', 'tenant.status']);
  expect(await simulator.control.violations()).toEqual([]);
  expect(await simulator.control.unknownOperations()).toEqual([]);
});

test('a tenant ID instead of a domain: the domain is the default one of the directory', async () => {
  const started = browser.begin(await startFlow(ctx, { ...OFFICE, tenant: CONTOSO }));
  const signIn = await approve(ctx, browser, started);
  await comeBack(ctx, browser, await atMicrosoft(signIn, ALEX));
  const list = await listTenants(ctx);
  const [tenant] = list.ok ? list.value.tenants : [];
  if (!tenant) throw new Error('nothing was bound');
  expect(tenant.domain).toBeUndefined();
  await verifyTenant(ctx, tenant);
  expect(await getTenant(ctx, tenant)).toMatchObject({ value: { domain: 'contoso.com' } });
});

test('a grant that Microsoft hands over late is waited for, without an error', async () => {
  await simulator.control.settings({ servicePrincipalLagMs: 60_000, grantLagMs: 90_000 });
  const { tenantId, flowId } = await connect();
  const isOver = async () => (await flowOf(flowId)).lines.some(({ state }) => state === 'needs-you');
  for (const status of ['verifying', 'verifying', 'connected']) {
    expect(await verifyTenant(ctx, { tenantId })).toMatchObject({ value: { status } });
    expect(await isOver()).toBe(false);
    await simulator.control.request('POST', '/clock', { advanceMs: 61_000 });
    passedMs += 61_000;
  }
  const checks = jobs.enqueued.filter(({ name }) => name === 'verify-tenant');
  expect(checks).toHaveLength(3);
});

test('a grant that never comes is said after fifteen minutes', async () => {
  const { tenantId } = await connect();
  await simulator.control.revoke({});
  expect(await verifyTenant(ctx, { tenantId })).toMatchObject({ value: { status: 'verifying' } });
  passedMs = 16 * 60_000;
  expect(await verifyTenant(ctx, { tenantId })).toMatchObject({ value: { status: 'cannot_connect' } });
  expect(await getTenant(ctx, { tenantId })).toMatchObject({
    value: { status: 'cannot_connect', problem: { code: 'consent-required' } },
  });
});

test('a part of the grant is limited, and names what is missing', async () => {
  const { tenantId } = await connect();
  await simulator.control.revoke({ appRoles: ['User.Read.All'] });
  expect(await verifyTenant(ctx, { tenantId })).toMatchObject({ value: { status: 'limited' } });
  expect(await getTenant(ctx, { tenantId })).toMatchObject({
    value: {
      problem: { code: 'permission-missing', permission: 'User.Read.All' },
      capabilities: { users: { state: 'missing' }, licences: { state: 'proven' } },
    },
  });
  expect(jobs.enqueued.map(({ name }) => name)).toContain('import-tenant');
});

test('an outage of Microsoft is no verdict on the tenant', async () => {
  const { tenantId } = await connect();
  await simulator.control.fault({ kind: 'error', service: 'login', path: '/token', status: 400, code: 'x' });
  passedMs = 20 * 60_000;
  const verified = await verifyTenant(ctx, { tenantId });
  expect(verified).toMatchObject({ value: { status: 'could_not_check' } });
});

test('declining leaves nothing behind, and one click starts again', async () => {
  const { flowId, redirectUrl } = await start();
  const outcome = await comeBack(ctx, browser, await atMicrosoft(redirectUrl, ALEX, 'cancel'));
  expect(outcome).toEqual({ next: 'flow', flowId });
  expect(await flowOf(flowId)).toMatchObject({
    state: 'failed',
    problem: { code: 'consent-declined', microsoft: { code: 'AADSTS65004' } },
    lines: [{ id: 'approval', state: 'needs-you' }],
  });
  await expectNothingStored(ctx);
  const again = await restartFlow(ctx, { flowId });
  expect(again.ok && new URL(again.value.redirectUrl).pathname).toBe(`/${CONTOSO}/v2.0/adminconsent`);
});

test('who leaves the sign-in after the approval is asked for the sign-in alone', async () => {
  const started = await start();
  const signIn = new URL(await approve(ctx, browser, started));
  const back = new URL(signIn.searchParams.get('redirect_uri') ?? '');
  back.search = `${new URLSearchParams({
    error: 'access_denied',
    error_description: 'AADSTS65004: User declined to consent to access the app.',
    state: signIn.searchParams.get('state') ?? '',
  })}`;
  await comeBack(ctx, browser, back);
  expect(await flowOf(started.flowId)).toMatchObject({
    state: 'failed',
    problem: { code: 'sign-in-cancelled', microsoft: { code: 'AADSTS65004' } },
    lines: [
      { id: 'sign-in', state: 'needs-you' },
      { id: 'approval', state: 'ok' },
    ],
  });
  await expectNothingStored(ctx);
  const again = browser.begin(await restartFlow(ctx, started));
  expect(new URL(again.redirectUrl).pathname).toBe(`/${CONTOSO}/oauth2/v2.0/authorize`);
  expect(await flowOf(again.flowId)).toMatchObject({ state: 'redirected' });
  await comeBack(ctx, browser, await atMicrosoft(again.redirectUrl, ALEX));
  expect(await flowOf(again.flowId)).toMatchObject({ state: 'succeeded', tenant: { name: 'Contoso' } });
});

test('an approval that Microsoft does not know is asked for again', async () => {
  const started = await start();
  const signIn = new URL(await approve(ctx, browser, started));
  const back = new URL(signIn.searchParams.get('redirect_uri') ?? '');
  back.search = `${new URLSearchParams({
    error: 'consent_required',
    error_description: 'AADSTS65001: Not consented.',
    state: signIn.searchParams.get('state') ?? '',
  })}`;
  await comeBack(ctx, browser, back);
  const again = browser.begin(await restartFlow(ctx, started));
  expect(new URL(again.redirectUrl).pathname).toBe(`/${CONTOSO}/v2.0/adminconsent`);
});

test('an approval is worth nothing without an entitled sign-in', async () => {
  for (const account of [UMA, OLIVIA, 'gus.guest@fabrikam.com']) {
    const started = await start();
    const signIn = await approve(ctx, browser, started);
    const outcome = await comeBack(ctx, browser, await atMicrosoft(signIn, account));
    expect(outcome).toEqual({ next: 'flow', flowId: started.flowId });
    expect(await flowOf(started.flowId)).toMatchObject({
      state: 'failed',
      problem: { code: 'directory-role-missing' },
    });
    await expectNothingStored(ctx);
  }
});

test('without the claim that names roles nothing is bound, and the operator is told', async () => {
  await simulator.control.request('POST', `/registrations/${GRAPH_APP}`, { directoryRoleClaims: false });
  const started = await start();
  await comeBack(ctx, browser, await atMicrosoft(await approve(ctx, browser, started), ALEX));
  expect(await flowOf(started.flowId)).toMatchObject({
    problem: { code: 'directory-role-unknown', person: 'Alex Admin (alex.admin@contoso.com)' },
  });
  await expectNothingStored(ctx);
});

test('an approval of another tenant is named as such', async () => {
  const started = await start();
  const elsewhere = started.redirectUrl.replace(CONTOSO, FABRIKAM);
  const outcome = await comeBack(ctx, browser, await atMicrosoft(elsewhere, FIONA));
  expect(outcome).toEqual({ next: 'flow', flowId: started.flowId });
  expect(await flowOf(started.flowId)).toMatchObject({
    problem: { code: 'wrong-tenant', expected: CONTOSO, actual: FABRIKAM },
  });
  await expectNothingStored(ctx);
});

test('a sign-in in another tenant binds neither of the two', async () => {
  const started = await start();
  const signIn = (await approve(ctx, browser, started)).replace(CONTOSO, FABRIKAM);
  await comeBack(ctx, browser, await atMicrosoft(signIn, FIONA));
  expect(await flowOf(started.flowId)).toMatchObject({ state: 'failed' });
  await expectNothingStored(ctx);
});

test('a forged return from the admin consent page leads to a sign-in, and proves nothing', async () => {
  // Somebody else's organization has this tenant's approval already, so an app-only token would work.
  await simulator.control.grant(CONTOSO, GRAPH_APP);
  const started = await start();
  const state = new URL(started.redirectUrl).searchParams.get('state') ?? '';
  const forged = new URL('http://localhost:3000/api/consent/admin-callback');
  forged.search = new URLSearchParams({ admin_consent: 'True', tenant: CONTOSO, state }).toString();
  const outcome = await comeBack(ctx, browser, forged);
  if (outcome.next !== 'microsoft') throw new Error('expected a sign-in');
  await expectNothingStored(ctx);
  await comeBack(ctx, browser, await atMicrosoft(outcome.url, UMA));
  expect(await flowOf(started.flowId)).toMatchObject({ problem: { code: 'directory-role-missing' } });
  await expectNothingStored(ctx);
});

test('a sign-in that Microsoft refuses is told with its code', async () => {
  await simulator.control.request('POST', '/sign-in-policies', { tenantId: CONTOSO, answer: 'redirect' });
  const started = await start();
  const state = await approve(ctx, browser, started).catch(() => undefined);
  if (state) await comeBack(ctx, browser, await atMicrosoft(state, ALEX));
  expect(await flowOf(started.flowId)).toMatchObject({
    problem: { code: 'blocked-by-policy', microsoft: { code: 'AADSTS53003' } },
  });
  await expectNothingStored(ctx);
});

test('a directory that is connected is not added twice, also not at the same moment', async () => {
  const [first, second] = [await start(), await start()];
  const back = await Promise.all(
    [first, second].map(async (started) => atMicrosoft(await approve(ctx, browser, started), ALEX)),
  );
  await Promise.all(back.map((address) => comeBack(ctx, browser, address)));
  const flows = [await flowOf(first.flowId), await flowOf(second.flowId)];
  expect(flows.map(({ state }) => state).toSorted()).toEqual(['failed', 'succeeded']);
  const list = await listTenants(ctx);
  const [tenant, ...others] = list.ok ? list.value.tenants : [];
  expect(others).toEqual([]);
  const already = { code: 'already-connected', tenantId: tenant?.tenantId, tenantName: 'Contoso' };
  expect(flows.find(({ state }) => state === 'failed')?.problem).toEqual(already);
  expect(await startFlow(ctx, OFFICE)).toEqual({ ok: false, problem: already });
});

test('what another organization has connected is neither told nor in the way', async () => {
  await connect();
  ctx = await createTestMember(services, 'admin');
  browser = new TestBrowser();
  const { tenantId } = await connect();
  expect(await getTenant(ctx, { tenantId })).toMatchObject({ value: { status: 'verifying' } });
});

test('a tenant is connected anew: bound again, not added again', async () => {
  const { tenantId, flowId } = await connect();
  const started = browser.begin(await reconnectTenant(ctx, { tenantId }));
  expect(await flowOf(started.flowId)).not.toHaveProperty('tenant');
  await comeBack(ctx, browser, await atMicrosoft(await approve(ctx, browser, started), ALEX));
  expect(await flowOf(started.flowId)).toMatchObject({ state: 'succeeded', tenant: { tenantId } });
  expect(await auditActions(ctx)).toEqual(['tenant.connect', 'tenant.reconnect']);
  const again = await restartFlow(ctx, { flowId });
  expect(again.ok).toBe(true);
});

test('an unknown domain is named, and nothing is started', async () => {
  const outcome = await startFlow(ctx, { ...OFFICE, tenant: 'nobody.example' });
  expect(outcome).toMatchObject({
    ok: false,
    problem: { code: 'tenant-unknown', input: 'nobody.example' },
  });
  expect(await db.database.prisma.consentFlow.count({ where: { personId: ctx.actor.personId } })).toBe(0);
});

test('a viewer can neither start nor finish, and sees flows of their organization only', async () => {
  const { flowId, redirectUrl } = await start();
  const viewer = await createTestMember(services, 'viewer', ctx.actor.organizationId);
  const forbidden = { ok: false, problem: { code: 'forbidden', need: 'admin' } };
  expect(await startFlow(viewer, OFFICE)).toEqual(forbidden);
  expect(await restartFlow(viewer, { flowId })).toEqual(forbidden);
  const address = await atMicrosoft(redirectUrl, ALEX);
  expect(await comeBack(viewer, browser, address)).toEqual({
    next: 'nowhere',
    problem: { code: 'forbidden', need: 'admin' },
  });
  expect(await getFlow(viewer, { flowId })).toMatchObject({ value: { mayConnect: false } });

  const stranger = await createTestMember(services, 'owner');
  const notFound = { ok: false, problem: { code: 'not-found', entity: 'flow' } };
  expect(await getFlow(stranger, { flowId })).toEqual(notFound);
  expect(await restartFlow(stranger, { flowId })).toEqual(notFound);
  await expectNothingStored(ctx);
});
