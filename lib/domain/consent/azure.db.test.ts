import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DirectoryId, FlowId, type TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { listRoleAssignments, ROLE } from '#lib/microsoft/arm/role-assignments.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import type { Services } from '../context.ts';
import { endDelegation, endExpiredDelegations } from '../delegation/end.ts';
import { receiptCsv, receiptJson } from '../delegation/receipt-file.ts';
import { getReceipt, listReceipts } from '../delegation/receipts.ts';
import { restartDelegation } from '../delegation/start.ts';
import { useDelegation } from '../delegation/use.ts';
import { endSessions } from '../people/end-sessions.ts';
import { listTenants, type TenantSummary } from '../tenants/queries.ts';
import { auditActions } from '../tenants/testing.ts';
import { verifyTenant } from '../tenants/verify.ts';
import { createTestMember, type MemberCtx, recordingJobs, testServices } from '../testing.ts';
import type { AddAccount, StartedFlow } from './model.ts';
import type { Wait } from './patience.ts';
import { getFlow, listRecentFlows } from './queries.ts';
import { restartFlow, startFlow } from './start-flow.ts';
import {
  ALEX,
  atMicrosoft,
  CONTOSO,
  comeBack,
  expectNothingStored,
  FABRIKAM,
  FIONA,
  OLIVIA,
  simulatorClients,
  TestBrowser,
  UMA,
} from './testing.ts';

const AZURE: AddAccount = {
  kind: 'azure',
  name: 'Contoso Azure',
  tenant: 'contoso.com',
  agreement: 'ea',
  enrollmentNumber: '8608480',
};
const NO_LAG = { servicePrincipalLagMs: 0, grantLagMs: 0, principalLagMs: 0, roleAssignmentLagMs: 0 };

let db: TestDatabase;
let simulator: RunningSimulator;
let services: Services;
let jobs: ReturnType<typeof recordingJobs>;
let ctx: MemberCtx;
let browser: TestBrowser;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator({ settings: NO_LAG })]);
});

afterAll(async () => {
  await Promise.all([db.stop(), simulator.stop()]);
});

beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings(NO_LAG);
  jobs = recordingJobs();
  services = testServices(db.database, { jobs, microsoft: simulatorClients(simulator.url) });
  ctx = await createTestMember(services, 'admin');
  browser = new TestBrowser();
});

const start = async (input = AZURE) => browser.begin(await startFlow(ctx, input));

/** Signs in, comes back, and lets the work after the answer be done, also by a worker. */
async function signIn(started: StartedFlow, account: string, wait?: Wait): Promise<void> {
  const outcome = await comeBack(ctx, browser, await atMicrosoft(started.redirectUrl, account), wait);
  if (outcome.next !== 'flow') throw new Error(`unexpected: ${JSON.stringify(outcome)}`);
  const before = jobs.enqueued.length;
  await outcome.afterwards?.();
  for (const { name, payload } of jobs.enqueued.slice(before))
    if (name === 'verify-tenant') await verifyTenant(ctx, payload as { tenantId: TenantId });
}

const flowOf = async ({ flowId }: StartedFlow) => {
  const flow = await getFlow(ctx, { flowId });
  if (!flow.ok) throw new Error('the flow is gone');
  return flow.value;
};

async function onlyTenant(): Promise<TenantSummary> {
  const list = await listTenants(ctx);
  const [tenant, ...others] = list.ok ? list.value.tenants : [];
  if (!tenant || others.length > 0) throw new Error('expected one tenant');
  return tenant;
}

const receiptOf = async ({ flowId }: StartedFlow) => {
  const receipt = await getReceipt(ctx, flowId);
  if (!receipt.ok) throw new Error(`no receipt: ${receipt.problem.code}`);
  return receipt.value;
};

/** Waits pass in the simulator's time, not in ours. */
const simulatedWait: Wait = async (ms) => {
  await simulator.control.request('POST', '/clock', { advanceMs: ms });
};

test('an owner signs in: their subscriptions are added, the others are kept with the reason', async () => {
  const started = await start();
  expect(new URL(started.redirectUrl).searchParams.get('scope')).toBe(
    'https://management.azure.com/user_impersonation openid profile',
  );
  await signIn(started, ALEX);

  const tenant = await onlyTenant();
  expect(tenant).toMatchObject({ name: 'Contoso Azure', kind: 'azure', status: 'connected' });
  const added = tenant.subscriptions.filter(({ status }) => status === 'added');
  const found = tenant.subscriptions.filter(({ status }) => status === 'found');
  expect([added.length, found.length]).toEqual([4, 2]);
  for (const subscription of added) expect(subscription.accessLevel).toBe('resources');
  for (const { problem, accessLevel } of found) {
    expect(problem).toMatchObject({ code: 'permission-missing' });
    expect(accessLevel).toBeUndefined();
  }
  const flow = await flowOf(started);
  expect(flow).toMatchObject({ state: 'succeeded', tenant: { tenantId: tenant.tenantId } });
  expect(flow.lines.map(({ id }) => id.replace(/-[0-9a-f-]{36}$/, ''))).toEqual([
    'sign-in',
    'subscriptions',
    'principal',
    ...added.map(() => 'assign-role'),
    'seen',
    'import',
  ]);
  const actions = await auditActions(ctx);
  expect(actions.toSorted()).toEqual([
    'azure-subscription.add',
    'azure-subscription.add',
    'azure-subscription.add',
    'azure-subscription.add',
    'tenant.connect',
    'tenant.status',
  ]);
  const payload = { tenantId: tenant.tenantId };
  expect(jobs.enqueued).toMatchObject([
    { name: 'verify-tenant', payload },
    { name: 'import-tenant', payload },
  ]);
  for (const { check } of added) {
    expect(check).toMatchObject({ state: 'proven', listed: { state: 'ok' }, read: { state: 'ok' } });
  }
  expect(flow.lines.find(({ id }) => id === 'seen')).toMatchObject({
    state: 'ok',
    detail: expect.stringMatching(/^4 of 4 seen/),
  });
  expect(await simulator.control.unknownOperations()).toEqual([]);
});

test('what was given is Reader, for our service principal, under a derived name', async () => {
  await signIn(await start(), OLIVIA);
  const { tenantId } = await onlyTenant();
  const rows = await db.database.prisma.azureSubscription.findMany({
    where: { tenantId, status: 'added' },
    select: { subscriptionId: true, roleAssignmentName: true },
  });
  expect(rows).toHaveLength(2);
  const { servicePrincipalId } = await db.database.prisma.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { servicePrincipalId: true },
  });
  const arm = services.microsoft.armAsApp(DirectoryId.parse(CONTOSO));
  for (const { subscriptionId, roleAssignmentName } of rows) {
    const given = await listRoleAssignments(arm, subscriptionId, { assignedTo: servicePrincipalId ?? '' });
    expect(given).toMatchObject({
      value: [{ name: roleAssignmentName, principalId: servicePrincipalId, roleDefinitionId: ROLE.reader }],
    });
    expect(await db.database.prisma.roleAssignment.findMany({ where: { tenantId } })).toContainEqual(
      expect.objectContaining({
        roleScope: `/subscriptions/${subscriptionId}`,
        name: roleAssignmentName,
        roleDefinitionId: ROLE.reader,
        principalId: servicePrincipalId,
      }),
    );
  }
});

test('signing in again renews the role of the level that a subscription has, and gives no other', async () => {
  const started = await start();
  await signIn(started, OLIVIA);
  const { tenantId, subscriptions } = await onlyTenant();
  const subscriptionId = subscriptions.find(({ status }) => status === 'added')?.subscriptionId ?? '';
  const where = { tenantId_subscriptionId: { tenantId, subscriptionId } };
  await db.database.prisma.azureSubscription.update({ where, data: { accessLevel: 'tags_in_out' } });
  const scope = `/subscriptions/${subscriptionId}`;
  const { servicePrincipalId } = await db.database.prisma.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { servicePrincipalId: true },
  });
  const principalId = servicePrincipalId ?? '';
  await simulator.control.request('POST', '/role-assignments/remove', { scope, principalId });
  await signIn(browser.begin(await restartFlow(ctx, started)), OLIVIA);
  const arm = services.microsoft.armAsApp(DirectoryId.parse(CONTOSO));
  expect(await listRoleAssignments(arm, subscriptionId, { assignedTo: principalId })).toMatchObject({
    value: [{ roleDefinitionId: ROLE.tagContributor }],
  });
});

test('a role that cannot be renewed leaves an added subscription with its level', async () => {
  const started = await start();
  await signIn(started, OLIVIA);
  const { tenantId, subscriptions } = await onlyTenant();
  const subscriptionId = subscriptions.find(({ status }) => status === 'added')?.subscriptionId ?? '';
  const scope = `/subscriptions/${subscriptionId}`;
  const [assigned] = await db.database.prisma.roleAssignment.findMany({
    where: { tenantId, roleScope: scope },
  });
  await simulator.control.request('POST', '/role-assignments/remove', {
    scope,
    principalId: assigned?.principalId,
  });
  await simulator.control.request('POST', '/policies', { name: 'No roles here', scope });
  const restarted = browser.begin(await restartFlow(ctx, started));
  await signIn(restarted, OLIVIA);
  const { lines } = await flowOf(restarted);
  expect(lines.find(({ id }) => id.endsWith(subscriptionId))).toMatchObject({ state: 'needs-you' });
  const after = (await onlyTenant()).subscriptions.find((one) => one.subscriptionId === subscriptionId);
  expect(after).toMatchObject({ status: 'added', accessLevel: 'resources' });
});

test('Reader that somebody else had given before is not the portal’s to take back', async () => {
  await signIn(await start(), OLIVIA);
  const { tenantId } = await onlyTenant();
  const made = await db.database.prisma.roleAssignment.findMany({ where: { tenantId } });
  const [one] = made;
  if (!one) throw new Error('no role was given');
  await simulator.control.request('POST', '/role-assignments/remove', {
    scope: one.roleScope,
    principalId: one.principalId,
  });
  await simulator.control.request('POST', '/role-assignments', {
    scope: one.roleScope,
    role: 'Reader',
    principalId: one.principalId,
  });
  ctx = await createTestMember(services, 'admin');
  browser = new TestBrowser();
  await signIn(await start(), OLIVIA);
  const own = await db.database.prisma.roleAssignment.findMany({
    where: { tenantId: (await onlyTenant()).tenantId },
  });
  expect(made).toHaveLength(2);
  expect(own.map(({ roleScope }) => roleScope)).toEqual(
    made.map(({ roleScope }) => roleScope).filter((roleScope) => roleScope !== one.roleScope),
  );
});

test('identities that Microsoft has not copied yet are waited for', async () => {
  await simulator.control.settings({ servicePrincipalLagMs: 8_000, principalLagMs: 60_000 });
  const started = await start();
  await signIn(started, ALEX, simulatedWait);
  expect(await onlyTenant()).toMatchObject({ status: 'connected' });
  expect((await flowOf(started)).lines.every(({ state }) => state !== 'needs-you')).toBe(true);
});

test('an identity that is never copied is given up, said, and can be completed later', async () => {
  await simulator.control.settings({ principalLagMs: 60 * 60_000 });
  const started = await start();
  await signIn(started, ALEX, async () => undefined);
  const tenant = await onlyTenant();
  expect(tenant).toMatchObject({ status: 'cannot_connect', problem: { code: 'principal-not-found' } });
  expect(tenant.subscriptions.filter(({ status }) => status === 'failed')).toHaveLength(4);
  expect(await flowOf(started)).toMatchObject({ state: 'failed', problem: { code: 'principal-not-found' } });
  expect(jobs.enqueued).toEqual([]);

  await simulator.control.settings(NO_LAG);
  await signIn(browser.begin(await restartFlow(ctx, started)), ALEX);
  const completed = await onlyTenant();
  expect(completed).toMatchObject({ tenantId: tenant.tenantId, status: 'connected' });
  expect(completed.subscriptions.filter(({ status }) => status === 'added')).toHaveLength(4);
});

test('one refused subscription limits the tenant, and signing in again completes it', async () => {
  const started = await start();
  await simulator.control.fault({
    kind: 'error',
    service: 'arm',
    method: 'PUT',
    times: 1,
    status: 403,
    code: 'RequestDisallowedByPolicy',
  });
  await signIn(started, ALEX);
  const tenant = await onlyTenant();
  expect(tenant).toMatchObject({
    status: 'limited',
    problem: { code: 'request-rejected', microsoft: { code: 'RequestDisallowedByPolicy' } },
  });
  expect(tenant.subscriptions.map(({ status }) => status).toSorted()).toEqual([
    'added',
    'added',
    'added',
    'failed',
    'found',
    'found',
  ]);
  const [first] = tenant.subscriptions.filter(({ status }) => status === 'added');
  await signIn(browser.begin(await restartFlow(ctx, started)), ALEX);
  const completed = await onlyTenant();
  expect(completed.status).toBe('connected');
  expect(completed.subscriptions.filter(({ status }) => status === 'added')).toHaveLength(4);
  // What was there stays as it was.
  const kept = completed.subscriptions.find((one) => one.subscriptionId === first?.subscriptionId);
  expect(kept?.addedAt).toEqual(first?.addedAt);
  const adds = (await auditActions(ctx)).filter((action) => action === 'azure-subscription.add');
  expect(adds).toHaveLength(4);
});

test('a disabled subscription is found and not added, and holds nothing up', async () => {
  const owned = async () => (await onlyTenant()).subscriptions.filter(({ status }) => status === 'added');
  await signIn(await start(), ALEX);
  const [first] = await owned();
  await simulator.control.request('POST', `/subscriptions/${first?.subscriptionId}`, { state: 'Disabled' });
  ctx = await createTestMember(services, 'admin');
  browser = new TestBrowser();
  await signIn(await start(), ALEX);
  expect(await onlyTenant()).toMatchObject({ status: 'connected' });
  expect(await owned()).toHaveLength(3);
  const tenant = await onlyTenant();
  const disabled = ({ subscriptionId }: { subscriptionId: string }) =>
    subscriptionId === first?.subscriptionId;
  expect(tenant.subscriptions.find(disabled)).toMatchObject({
    status: 'found',
    problem: { code: 'azure-subscription-disabled', state: 'Disabled' },
  });
});

test('each call with the person’s rights is in the receipt, those before the binding, too', async () => {
  const started = await start();
  await signIn(started, ALEX);
  const { tenantId, subscriptions } = await onlyTenant();
  const { delegation, calls, isComplete } = await receiptOf(started);
  expect(delegation).toMatchObject({
    tenantId,
    purpose: 'onboarding',
    state: 'ended',
    endedWhy: 'finished',
    person: { personId: ctx.actor.personId },
    signedIn: { name: expect.stringContaining(ALEX) },
  });
  const { startedAt = new Date(0), endedAt = new Date(0), expiresAt = new Date(0) } = delegation;
  const instants = [startedAt, ...calls.map(({ at }) => at), endedAt, expiresAt];
  expect(instants).toEqual(instants.toSorted((one, other) => one.getTime() - other.getTime()));
  expect(isComplete).toBe(true);

  // What the simulator has of it: one list, the rights on each one listed, and the assignments that are there now.
  const { servicePrincipalId } = await db.database.prisma.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { servicePrincipalId: true },
  });
  const { roleAssignments } = (await simulator.control.state()) as {
    roleAssignments: readonly { name: string; principalId: string; scope: string }[];
  };
  const ours = roleAssignments.filter(({ principalId }) => principalId === servicePrincipalId);
  expect(ours).toHaveLength(4);
  const { host } = new URL(simulator.url);
  const authorization = 'providers/Microsoft.Authorization';
  expect(calls.map(({ method, target, status }) => `${method} ${target} ${status}`).toSorted()).toEqual(
    [
      `GET ${host}/subscriptions 200`,
      ...subscriptions.map(
        ({ subscriptionId }) =>
          `GET ${host}/subscriptions/${subscriptionId}/${authorization}/permissions 200`,
      ),
      ...ours.map(({ name, scope }) => `PUT ${host}${scope}/${authorization}/roleAssignments/${name} 201`),
    ].toSorted(),
  );
  const changes = calls.flatMap(({ roleChange }) => roleChange ?? []);
  expect(changes.map(({ roleScope }) => roleScope).toSorted()).toEqual(
    ours.map(({ scope }) => scope).toSorted(),
  );
  for (const change of changes) {
    expect(change).toMatchObject({
      change: 'made',
      roleDefinitionId: ROLE.reader,
      principalId: servicePrincipalId,
    });
  }

  const receipt = await receiptOf(started);
  expect(receiptCsv(receipt).trim().split('\r\n')).toHaveLength(1 + calls.length);
  expect(JSON.parse(receiptJson(receipt))).toMatchObject({
    purpose: 'onboarding',
    endedWhy: 'finished',
    roleAssignments: changes.map(({ roleScope }) => ({ change: 'made', roleScope })),
  });
  expect(await listReceipts(ctx, { tenantId })).toMatchObject({
    value: { uses: [{ calls: calls.length, failed: 0, made: 4, removed: 0 }], onboardings: [] },
  });
  expect(await listRecentFlows(ctx)).toMatchObject({ value: [{ flowId: started.flowId }] });
});

test('an onboarding that fails after the binding has its receipt, and the next one has another', async () => {
  await simulator.control.settings({ principalLagMs: 60 * 60_000 });
  const started = await start();
  await signIn(started, ALEX, async () => undefined);
  const { delegation, calls } = await receiptOf(started);
  expect(delegation).toMatchObject({ state: 'ended', endedWhy: 'finished' });
  expect(calls.filter(({ method }) => method === 'PUT').length).toBeGreaterThan(4);
  for (const { method, problem } of calls) {
    expect(problem?.code).toBe(method === 'PUT' ? 'principal-not-found' : undefined);
  }
  await simulator.control.settings(NO_LAG);
  const again = browser.begin(await restartFlow(ctx, started));
  await signIn(again, ALEX);
  const { tenantId } = await onlyTenant();
  expect(await listReceipts(ctx, { tenantId })).toMatchObject({
    value: {
      uses: [
        { delegation: { flowId: again.flowId }, failed: 0, made: 4 },
        { delegation: { flowId: started.flowId }, failed: calls.length - 7, made: 0 },
      ],
      onboardings: [],
    },
  });
});

test('completing a tenant that nothing can be added to leaves no second receipt', async () => {
  await signIn(await start(), ALEX);
  const { tenantId } = await onlyTenant();
  const [before] = (await db.database.prisma.delegation.findMany({ where: { tenantId } })).map(({ flowId }) =>
    FlowId.parse(flowId),
  );
  if (!before) throw new Error('no receipt');
  const again = browser.begin(await restartFlow(ctx, { flowId: before }));
  await signIn(again, UMA);
  expect(await listReceipts(ctx, { tenantId })).toMatchObject({
    value: { uses: [{ delegation: { flowId: before } }], onboardings: [{ flowId: again.flowId }] },
  });
});

test('the receipt of an onboarding whose process died ends with the token, and lends nothing', async () => {
  const started = await start();
  let isDead = false;
  const dies: Wait = async () => {
    isDead = true;
    await new Promise(() => undefined);
  };
  await simulator.control.settings({ principalLagMs: 60_000 });
  void signIn(started, ALEX, dies);
  await expect.poll(() => isDead).toBe(true);
  const { flowId } = started;
  const ended = { ok: false, problem: { code: 'delegation-ended' } };
  expect(await useDelegation(ctx, flowId, async () => 'used')).toEqual(ended);
  expect(await restartDelegation(ctx, { flowId })).toMatchObject({ problem: { code: 'not-found' } });
  await endSessions(services, ctx.actor.personId);
  const { delegation } = await receiptOf(started);
  expect(delegation.state).toBe('active');
  const { expiresAt } = delegation;
  if (!expiresAt) throw new Error('it has no end');
  await endExpiredDelegations({ ...services, clock: () => expiresAt });
  const left = await receiptOf(started);
  expect(left.delegation).toMatchObject({ state: 'ended', endedWhy: 'expired', endedAt: expiresAt });
  expect(left.calls.length).toBeGreaterThan(7);
});

test('an onboarding that an owner has ended sends nothing more', async () => {
  await simulator.control.settings({ principalLagMs: 60_000 });
  const started = await start();
  const owner = await createTestMember(services, 'owner', ctx.actor.organizationId);
  await signIn(started, ALEX, async () => {
    await endDelegation(owner, started.flowId, 'revoked');
  });
  const { delegation, calls } = await receiptOf(started);
  expect(delegation).toMatchObject({ state: 'ended', endedWhy: 'revoked' });
  expect(calls.filter(({ method }) => method === 'PUT')).toHaveLength(4);
  expect(await flowOf(started)).toMatchObject({ state: 'failed', problem: { code: 'delegation-ended' } });
});

test('somebody who owns nothing binds nothing', async () => {
  const started = await start();
  await signIn(started, UMA);
  expect(await flowOf(started)).toMatchObject({
    state: 'failed',
    problem: { code: 'no-owned-subscriptions' },
  });
  await expectNothingStored(ctx);
});

test('an outage while looking for subscriptions is not held against the person', async () => {
  await simulator.control.fault({ kind: 'error', service: 'arm', path: '/permissions', status: 503 });
  const started = await start();
  await signIn(started, ALEX);
  expect(await flowOf(started)).toMatchObject({ problem: { code: 'upstream-unavailable' } });
  await expectNothingStored(ctx);
});

test('declining and signing in elsewhere leave nothing behind', async () => {
  const declined = await start();
  const address = await atMicrosoft(declined.redirectUrl, ALEX, 'cancel');
  expect(await comeBack(ctx, browser, address)).toEqual({ next: 'flow', flowId: declined.flowId });
  expect(await flowOf(declined)).toMatchObject({ problem: { code: 'consent-declined' } });

  const elsewhere = await start();
  await signIn({ ...elsewhere, redirectUrl: elsewhere.redirectUrl.replace(CONTOSO, FABRIKAM) }, FIONA);
  expect(await flowOf(elsewhere)).toMatchObject({ state: 'failed' });
  await expectNothingStored(ctx);
});

test('a process that dies after the binding leaves a flow that says so, and can be completed', async () => {
  const started = await start();
  let isDead = false;
  const dies: Wait = async () => {
    isDead = true;
    await new Promise(() => undefined);
  };
  await simulator.control.settings({ principalLagMs: 60_000 });
  void signIn(started, ALEX, dies);
  await expect.poll(() => isDead).toBe(true);
  await expect.poll(async () => (await flowOf(started)).tenant?.status).toBe('verifying');
  const later: MemberCtx = { ...ctx, clock: () => new Date(Date.now() + 3 * 60_000) };
  expect(await getFlow(later, started)).toMatchObject({
    value: {
      state: 'failed',
      problem: { code: 'flow-interrupted' },
      tenant: { status: 'could_not_check', problem: { code: 'flow-interrupted' } },
      isLive: false,
    },
  });
  await simulator.control.settings(NO_LAG);
  await signIn(browser.begin(await restartFlow(ctx, started)), ALEX);
  expect(await onlyTenant()).toMatchObject({ status: 'connected' });
});

test('the token of the person is written nowhere', async () => {
  const lines: string[] = [];
  const log = {
    ...services.log,
    info: (message: string, fields = {}) => lines.push(message + JSON.stringify(fields)),
  };
  ctx = { ...ctx, log: { ...log, child: () => ctx.log } };
  await signIn(await start(), ALEX);
  const { rows } = await db.database.pool.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  const dumps = await Promise.all(
    rows.map(({ name }) => db.database.pool.query(`SELECT to_jsonb(t)::text AS row FROM "${name}" t`)),
  );
  const everything = [...lines, ...dumps.flatMap(({ rows }) => rows.map(({ row }) => String(row)))].join(
    '\n',
  );
  // Every token of Microsoft's is a JWT.
  expect(everything).toContain('Contoso Azure');
  expect(everything).not.toMatch(/eyJ[\w-]+\.eyJ/);
});
