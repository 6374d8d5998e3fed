import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import {
  ARM_IMPERSONATION,
  AZURE_APP,
  CONTOSO,
  delegatedToken,
  FABRIKAM,
  type RunningSimulator,
  startSimulator,
} from '../../../simulator/testing.ts';
import { ALEX, FIONA, OLIVIA, simulatorClients } from '../consent/testing.ts';
import { getDelegation } from '../delegation/queries.ts';
import { delegateAs } from '../delegation/testing.ts';
import { startDueChecks } from '../tenants/check-schedule.ts';
import { getTenant } from '../tenants/queries.ts';
import { auditActions, createTestTenant } from '../tenants/testing.ts';
import { verifyTenant } from '../tenants/verify.ts';
import { createTestMember, type MemberCtx, recordingJobs, testServices } from '../testing.ts';
import { checkBillingAccount } from './check.ts';
import { addEnrollment, removeBillingAccount } from './enrollments.ts';
import { findBillingAccounts } from './find-accounts.ts';
import { migrateEnrollment } from './migrate.ts';
import { getBilling } from './queries.ts';
import { billingSignIn, finishBillingSignIn, startMigration } from './sign-in.ts';

const ENROLLMENT = '1234567';
const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

let db: TestDatabase;
let simulator: RunningSimulator;
let jobs: ReturnType<typeof recordingJobs>;
let ctx: MemberCtx;
let viewer: MemberCtx;
let passedMs: number;
let tenantId: TenantId;
let principalId: string;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator()]);
});
afterAll(() => Promise.all([db.stop(), simulator.stop()]));

beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings({
    servicePrincipalLagMs: 0,
    principalLagMs: 0,
    roleAssignmentLagMs: 0,
    billingRoleLagMs: 0,
  });
  passedMs = 0;
  jobs = recordingJobs();
  const clock = () => new Date(Date.now() + passedMs);
  const services = testServices(db.database, {
    jobs,
    microsoft: simulatorClients(simulator.url, { wait: async () => undefined, clock }),
    clock,
  });
  await db.database.pool.query('DELETE FROM tenant');
  ctx = await createTestMember(services, 'admin');
  viewer = await createTestMember(services, 'viewer', ctx.actor.organizationId);
  ({ objectId: principalId } = await simulator.control.grant(CONTOSO, AZURE_APP.clientId));
  tenantId = await connect(CONTOSO, 'ea');
});

/** A connected Azure account with one subscription of which the portal is Reader. */
async function connect(directoryId: string, agreement: 'ea' | 'mca'): Promise<TenantId> {
  const { subscriptions } = await simulator.control.request<{
    subscriptions: readonly { id: string; tenantId: string }[];
  }>('GET', '/state');
  const subscriptionId = subscriptions.find((each) => each.tenantId === directoryId)?.id ?? '';
  const { objectId } = await simulator.control.grant(directoryId, AZURE_APP.clientId);
  await simulator.control.request('POST', '/role-assignments', {
    scope: `/subscriptions/${subscriptionId}`,
    role: 'Reader',
    principalId: objectId,
  });
  const created = await createTestTenant(ctx, {
    kind: 'azure',
    agreement,
    directoryId,
    servicePrincipalId: objectId,
    boundAt: new Date(ctx.clock().getTime() - DAY_MS),
    azureSubscriptions: {
      create: { subscriptionId, displayName: 'Production', state: 'Enabled', status: 'added' },
    },
  });
  return created.tenantId;
}

const add = (enrollment = ENROLLMENT) => addEnrollment(ctx, { tenantId, enrollment });
const check = (account = ENROLLMENT) => checkBillingAccount(ctx, { tenantId, account });
const personArm = async (mail: string, tenant = CONTOSO) =>
  ctx.microsoft.armAsPerson(
    await delegatedToken(simulator.url, mail, `openid ${ARM_IMPERSONATION}`, { app: AZURE_APP, tenant }),
  );
const noWait = async () => undefined;
const migrate = async (mail = ALEX, account = ENROLLMENT, wait: (ms: number) => Promise<void> = noWait) =>
  migrateEnrollment(ctx, { tenantId, account, arm: await personArm(mail), person: mail }, wait);
const giveRole = (account = ENROLLMENT, role = 'EnrollmentReader') =>
  simulator.control.request('POST', '/billing-roles', { account, role, principalId });
const takeRole = (account = ENROLLMENT) =>
  simulator.control.request('POST', '/billing-roles/remove', { account, principalId });

async function accounts() {
  const billing = await getBilling(ctx, { tenantId });
  if (!billing.ok) throw new Error(billing.problem.code);
  return billing.value.accounts;
}
const account = async (name = ENROLLMENT) => (await accounts()).find((each) => each.name === name);
async function tenantStatus() {
  const tenant = await getTenant(ctx, { tenantId });
  if (!tenant.ok) throw new Error(tenant.problem.code);
  return { status: tenant.value.status, problem: tenant.value.problem?.code };
}

describe('enrollments', () => {
  test('are added once and removed once; each is audited', async () => {
    expect(await add()).toMatchObject({ ok: true });
    expect(await add()).toMatchObject({ ok: true });
    expect(await account()).toMatchObject({ state: 'activation_required', isEnrollment: true });
    expect(await removeBillingAccount(ctx, { tenantId, account: ENROLLMENT })).toMatchObject({ ok: true });
    expect(await accounts()).toEqual([]);
    expect(await removeBillingAccount(ctx, { tenantId, account: ENROLLMENT })).toMatchObject({ ok: true });
    expect(await auditActions(ctx)).toEqual(['billing-account.add', 'billing-account.remove']);
  });

  test('are for admins to change, for viewers to see, and for strangers not there', async () => {
    await add();
    const stranger = await createTestMember(ctx, 'owner');
    for (const [who, code] of [
      [viewer, 'forbidden'],
      [stranger, 'not-found'],
    ] as const) {
      const input = { tenantId, account: ENROLLMENT };
      const arm = await personArm(ALEX);
      expect(await addEnrollment(who, { tenantId, enrollment: '7654321' })).toMatchObject({
        problem: { code },
      });
      expect(await removeBillingAccount(who, input)).toMatchObject({ problem: { code } });
      expect(await checkBillingAccount(who, input)).toMatchObject({ problem: { code } });
      expect(await migrateEnrollment(who, { ...input, arm, person: 'x' })).toMatchObject({
        problem: { code },
      });
      expect(await findBillingAccounts(who, { tenantId, arm, person: 'x' })).toMatchObject({
        problem: { code },
      });
    }
    expect(await getBilling(viewer, { tenantId })).toMatchObject({ value: { mayChange: false } });
    expect(await getBilling(stranger, { tenantId })).toMatchObject({ problem: { code: 'not-found' } });
  });
});

describe('the migration of an enrollment', () => {
  test('an Enterprise Administrator gives the role, a read of our own proves it', async () => {
    await add();
    expect(await migrate()).toMatchObject({ value: { state: 'connected' } });
    expect(await account()).toMatchObject({
      state: 'connected',
      assignedBy: ALEX,
      assignedAt: expect.any(Date),
      proof: { month: expect.stringMatching(/^\d{4}-\d\d$/), hasCosts: true },
      displayName: 'Contoso Enterprise Agreement',
    });
    const { billingRoleAssignments } = await simulator.control.request<{
      billingRoleAssignments: readonly { principalId: string; roleId: string; account: string }[];
    }>('GET', '/state');
    const ours = () => billingRoleAssignments.filter((each) => each.principalId === principalId);
    expect(ours()).toMatchObject([{ account: ENROLLMENT, roleId: '24f8edb6-1668-4659-b5e2-40bb5f3a7d7e' }]);
    // Once more: nothing new at Microsoft.
    expect(await migrate()).toMatchObject({ value: { state: 'connected' } });
    expect(ours()).toHaveLength(1);
    expect(await auditActions(ctx)).toContain('billing-account.assign-role');
  });

  test('somebody who may not is told which account is needed, and nothing changes', async () => {
    await add();
    expect(await migrate(OLIVIA)).toMatchObject({
      problem: { code: 'billing-administrator-needed', account: ENROLLMENT, person: OLIVIA },
    });
    expect(await account()).toMatchObject({ state: 'activation_required' });
    expect((await account())?.assignedBy).toBeUndefined();
  });

  test('a number that Microsoft does not know', async () => {
    await add('7654321');
    expect(await migrate(ALEX, '7654321')).toMatchObject({
      problem: { code: 'enrollment-unknown', enrollment: '7654321' },
    });
  });

  test('a service principal that Microsoft has not copied yet is waited for', async () => {
    await add();
    await simulator.control.revoke({ tenantId: CONTOSO, servicePrincipal: true });
    // Consent makes a new one, now.
    const arm = await personArm(ALEX);
    await simulator.control.request('POST', `/tenants/${CONTOSO}`, { principalLagMs: 5_000 });
    const wait = async (ms: number) => {
      await simulator.control.request('POST', '/clock', { advanceMs: ms });
    };
    const migrated = await migrateEnrollment(ctx, { tenantId, account: ENROLLMENT, arm, person: ALEX }, wait);
    expect(migrated).toMatchObject({ value: { state: 'connected' } });
  });

  test('a role that is not honoured yet: verifying, then the workers look until it is', async () => {
    await add();
    await simulator.control.request('POST', `/tenants/${CONTOSO}`, { billingRoleLagMs: 2 * MINUTE_MS });
    expect(await migrate()).toMatchObject({ value: { state: 'verifying' } });
    expect(jobs.enqueued.filter(({ name }) => name === 'verify-tenant')).toHaveLength(1);
    await verifyTenant(ctx, { tenantId });
    expect(await account()).toMatchObject({ state: 'verifying' });
    expect(jobs.enqueued.filter(({ name }) => name === 'verify-tenant')).toHaveLength(2);
    await simulator.control.request('POST', '/clock', { advanceMs: 2 * MINUTE_MS });
    await verifyTenant(ctx, { tenantId });
    expect(await account()).toMatchObject({ state: 'connected' });
    expect(await tenantStatus()).toMatchObject({ status: 'connected' });
    expect(jobs.enqueued.filter(({ name }) => name === 'verify-tenant')).toHaveLength(2);
  });

  test('a role that is never honoured cannot connect after a quarter of an hour', async () => {
    await add();
    await simulator.control.request('POST', `/tenants/${CONTOSO}`, { billingRoleLagMs: DAY_MS });
    await migrate();
    passedMs = 16 * MINUTE_MS;
    await verifyTenant(ctx, { tenantId });
    expect(await account()).toMatchObject({
      state: 'cannot_connect',
      problem: { code: 'billing-role-missing' },
    });
    expect(await tenantStatus()).toEqual({
      status: 'ea_api_migration_required',
      problem: 'billing-role-missing',
    });
  });
});

describe('Check, after the role was given elsewhere', () => {
  test('from missing to connected; the tenant says so too', async () => {
    await add();
    expect(await check()).toMatchObject({ value: { state: 'cannot_connect' } });
    expect(await account()).toMatchObject({
      problem: { code: 'billing-role-missing', account: ENROLLMENT, role: 'EnrollmentReader' },
    });
    expect(await tenantStatus()).toEqual({
      status: 'ea_api_migration_required',
      problem: 'billing-role-missing',
    });
    await giveRole();
    expect(await check()).toMatchObject({ value: { state: 'connected' } });
    expect((await account())?.problem).toBeUndefined();
    expect(await tenantStatus()).toEqual({ status: 'connected', problem: undefined });
  });

  test('removing the enrollment takes the word back as well', async () => {
    await add();
    await check();
    await removeBillingAccount(ctx, { tenantId, account: ENROLLMENT });
    expect(await tenantStatus()).toMatchObject({ status: 'connected' });
  });

  test('the commands are those of this tenant', async () => {
    await add();
    const commands = (await account())?.commands;
    expect(commands?.azureCli).toContain(`--tenant ${CONTOSO}`);
    expect(commands?.azureCli).toContain(principalId);
    expect(commands?.azureCli).toContain(`${simulator.url}/providers/Microsoft.Billing`);
    expect(commands?.rest).toContain(`billingAccounts/${ENROLLMENT}/`);
  });

  const OUTAGES = [
    ['throttling', { kind: 'throttle', service: 'arm', path: 'costmanagement', retryAfterSeconds: 600 }],
    ['an outage', { kind: 'error', service: 'arm', status: 503, path: 'microsoft.billing' }],
    ['an outage of costs', { kind: 'error', service: 'arm', status: 500, path: 'costmanagement' }],
    ['a broken answer', { kind: 'truncate', service: 'arm', path: 'microsoft.billing' }],
    ['a login service that is down', { kind: 'error', service: 'login', status: 503 }],
  ] as const;
  test.each(OUTAGES)(
    '%s: could not check, whatever was known, and never cannot connect',
    async (_, fault) => {
      await add();
      await check();
      expect(await tenantStatus()).toMatchObject({ status: 'ea_api_migration_required' });
      // A token from before is still good; a fresh one is what an outage of the login service refuses.
      ctx = { ...ctx, microsoft: simulatorClients(simulator.url, { wait: noWait }) };
      const { id } = await simulator.control.fault({ ...fault, tenantId: CONTOSO });
      expect(await check()).toMatchObject({ value: { state: 'could_not_check' } });
      // What was proven before is not taken back by it.
      expect(await tenantStatus()).toMatchObject({ status: 'ea_api_migration_required' });
      await simulator.control.request('DELETE', `/faults/${id}`);
      await giveRole();
      // Which need not wait until the time is over that Microsoft asked for.
      ctx = { ...ctx, microsoft: simulatorClients(simulator.url, { wait: noWait }) };
      expect(await check()).toMatchObject({ value: { state: 'connected' } });
      expect(await tenantStatus()).toMatchObject({ status: 'connected' });
    },
  );

  test('without our application in the tenant it has to be activated', async () => {
    await add();
    await simulator.control.revoke({ tenantId: CONTOSO, servicePrincipal: true });
    expect(await check()).toMatchObject({ value: { state: 'activation_required' } });
    expect(await account()).toMatchObject({ problem: { code: 'consent-required' } });
  });
});

describe('the daily check', () => {
  test('finds a role that was taken away, and the tenant says so until it is back', async () => {
    await add();
    await migrate();
    await verifyTenant(ctx, { tenantId });
    await takeRole();
    passedMs = DAY_MS + MINUTE_MS;
    expect(await startDueChecks(ctx)).toBe(1);
    await verifyTenant(ctx, { tenantId });
    expect(await account()).toMatchObject({ state: 'cannot_connect' });
    expect(await tenantStatus()).toEqual({
      status: 'ea_api_migration_required',
      problem: 'billing-role-missing',
    });
    await giveRole();
    passedMs *= 2;
    await verifyTenant(ctx, { tenantId });
    expect(await tenantStatus()).toEqual({ status: 'connected', problem: undefined });
  });

  test('an enrollment that nobody has activated is no failure of the tenant', async () => {
    await add();
    await verifyTenant(ctx, { tenantId });
    expect(await account()).toMatchObject({ state: 'activation_required' });
    expect(await tenantStatus()).toMatchObject({ status: 'connected' });
  });

  test('an enrollment of which an access token is kept needs the migration, activated or not', async () => {
    await add();
    await ctx.database.prisma.accessToken.create({
      data: {
        id: randomUUID(),
        tenantId,
        enrollmentNumber: ENROLLMENT,
        lastFour: 'abcd',
        addedBy: 'Alex',
        addedAt: ctx.clock(),
        state: 'could_not_check',
        checkedAt: ctx.clock(),
        nextCheckAt: ctx.clock(),
      },
    });
    await verifyTenant(ctx, { tenantId });
    expect(await account()).toMatchObject({ state: 'activation_required' });
    expect(await tenantStatus()).toMatchObject({ status: 'ea_api_migration_required' });
    await migrate();
    expect(await tenantStatus()).toMatchObject({ status: 'connected' });
  });

  test('a graver status stays: without its subscriptions the tenant cannot connect', async () => {
    await add();
    await check();
    await simulator.control.request('POST', '/role-assignments/remove', { principalId });
    passedMs = DAY_MS + MINUTE_MS;
    await verifyTenant(ctx, { tenantId });
    expect(await tenantStatus()).toMatchObject({ status: 'cannot_connect' });
    expect(await account()).toMatchObject({ state: 'cannot_connect' });
  });

  test('asks for each account once in a series, and for at most twenty of many', async () => {
    for (let index = 0; index < 30; index += 1) await add(String(2_000_000 + index));
    await verifyTenant(ctx, { tenantId });
    const checked = async () => (await accounts()).filter(({ checkedAt }) => checkedAt).length;
    expect(await checked()).toBe(20);
    passedMs = DAY_MS + MINUTE_MS;
    await verifyTenant(ctx, { tenantId });
    expect(await checked()).toBe(30);
  });

  test('an outage while a migration is needed leaves the status as it was', async () => {
    await add();
    await check();
    passedMs = DAY_MS + MINUTE_MS;
    await simulator.control.fault({
      kind: 'error',
      service: 'arm',
      status: 503,
      path: 'costmanagement',
      tenantId: CONTOSO,
    });
    await verifyTenant(ctx, { tenantId });
    expect(await account()).toMatchObject({ state: 'could_not_check' });
    expect(await tenantStatus()).toMatchObject({ status: 'ea_api_migration_required' });
  });
});

describe('billing accounts of a customer agreement', () => {
  beforeEach(async () => {
    tenantId = await connect(FABRIKAM, 'mca');
    ({ objectId: principalId } = await simulator.control.grant(FABRIKAM, AZURE_APP.clientId));
  });
  const find = async () =>
    findBillingAccounts(ctx, { tenantId, arm: await personArm(FIONA, FABRIKAM), person: FIONA });

  test('are listed with their types, and the role is looked for', async () => {
    expect(await find()).toMatchObject({ value: { found: 1, isCut: false } });
    const [found] = await accounts();
    expect(found).toMatchObject({
      agreementType: 'MicrosoftCustomerAgreement',
      accountType: 'Business',
      role: 'Billing account reader',
      isSupported: true,
      state: 'activation_required',
    });
    expect(found?.commands?.rest).toContain('createBillingRoleAssignment');
    const name = found?.name ?? '';
    expect(await check(name)).toMatchObject({ value: { state: 'cannot_connect' } });
    // A customer agreement has no EA API to migrate from.
    expect(await tenantStatus()).toMatchObject({ status: 'connected' });
    await giveRole(name, 'Billing account reader');
    expect(await check(name)).toMatchObject({ value: { state: 'connected' } });
    // Once more: the same account, nothing lost.
    await find();
    expect(await accounts()).toMatchObject([{ name, state: 'connected' }]);
  });

  test('wait for their first data for a day', async () => {
    await find();
    const name = (await accounts())[0]?.name ?? '';
    await giveRole(name, 'Billing account reader');
    const path = `/billing-accounts/${encodeURIComponent(name)}`;
    await simulator.control.request('POST', path, { hasCosts: false });
    expect(await check(name)).toMatchObject({ value: { state: 'waiting_for_data' } });
    passedMs = DAY_MS + MINUTE_MS;
    await verifyTenant(ctx, { tenantId });
    expect(await account(name)).toMatchObject({ state: 'connected', proof: { hasCosts: false } });
  });

  test.each([
    [{ agreementType: 'MicrosoftCustomerAgreement', billingRelationshipTypes: ['CSPCustomer'] }, 'partner'],
    [{ agreementType: 'MicrosoftPartnerAgreement', accountType: 'Partner' }, 'partner'],
    [{ agreementType: 'MicrosoftOnlineServicesProgram', accountType: 'Individual' }, 'personal'],
    [{ agreementType: 'Other' }, 'agreement'],
  ])('%j is unsupported, which is no question of rights', async (kind, why) => {
    const { name } = await simulator.control.request<{ name: string }>('POST', '/billing-accounts', {
      ...kind,
      tenantId: FABRIKAM,
      administrators: [FIONA],
    });
    await find();
    const found = await account(name);
    expect(found).toMatchObject({ state: 'unsupported', problem: { code: 'billing-unsupported', why } });
    expect(found?.commands).toBeUndefined();
    expect(await check(name)).toMatchObject({ value: { state: 'unsupported' } });
  });

  test('of somebody who sees none is an empty list; a list that fails is a problem, and nothing changes', async () => {
    const uma = await personArm('gus.guest@fabrikam.com', FABRIKAM);
    const input = { tenantId, arm: uma, person: 'Gus' };
    expect(await findBillingAccounts(ctx, input)).toMatchObject({ value: { found: 0 } });
    await simulator.control.fault({ kind: 'error', status: 503, service: 'arm', tenantId: FABRIKAM });
    expect(await findBillingAccounts(ctx, input)).toMatchObject({
      problem: { code: 'upstream-unavailable' },
    });
    expect(await accounts()).toEqual([]);
  });
});

describe('a sign-in', () => {
  const signIn = (mail: string, purpose: 'enrollment-role' | 'billing-accounts', subject: object) =>
    delegateAs(ctx, { tenantId, purpose, subject }, mail);

  test('for a migration does it once, with a receipt, and is over', async () => {
    await add();
    const flowId = await signIn(ALEX, 'enrollment-role', { account: ENROLLMENT });
    expect(await billingSignIn(ctx, { tenantId, flowId })).toMatchObject({
      account: ENROLLMENT,
      isActive: true,
    });
    expect(await finishBillingSignIn(ctx, { tenantId, flowId }, noWait)).toMatchObject({ ok: true });
    expect(await account()).toMatchObject({
      state: 'connected',
      assignedBy: expect.stringContaining('Alex'),
    });
    expect(await getDelegation(ctx, flowId)).toMatchObject({
      value: { state: 'ended', endedWhy: 'finished' },
    });
    expect(await billingSignIn(ctx, { tenantId, flowId })).toMatchObject({ isActive: false });
    const calls = await ctx.database.prisma.delegatedCall.findMany({ where: { flowId } });
    expect(calls.map(({ method }) => method).sort()).toEqual(['GET', 'PUT']);
    expect(await finishBillingSignIn(ctx, { tenantId, flowId }, noWait)).toMatchObject({
      problem: { code: 'delegation-ended' },
    });
  });

  test('of the wrong person is over as well', async () => {
    await add();
    const flowId = await signIn(OLIVIA, 'enrollment-role', { account: ENROLLMENT });
    expect(await finishBillingSignIn(ctx, { tenantId, flowId }, noWait)).toMatchObject({
      problem: { code: 'billing-administrator-needed', person: expect.stringContaining('Olivia') },
    });
    expect(await getDelegation(ctx, flowId)).toMatchObject({ value: { state: 'ended' } });
  });

  test('for the list of accounts', async () => {
    const flowId = await signIn(ALEX, 'billing-accounts', {});
    expect(await finishBillingSignIn(ctx, { tenantId, flowId }, noWait)).toMatchObject({ ok: true });
    expect(await account()).toMatchObject({
      state: 'activation_required',
      accountType: 'EnterpriseAgreement',
    });
  });

  test('is of no use to colleagues, for another tenant, or for another purpose', async () => {
    await add();
    const colleague = await createTestMember(ctx, 'owner', ctx.actor.organizationId);
    const flowId = await signIn(ALEX, 'enrollment-role', { account: ENROLLMENT });
    const other = await delegateAs(ctx, { tenantId, purpose: 'change-access', subject: {} }, ALEX);
    const notFound = { problem: { code: 'not-found' } };
    expect(await finishBillingSignIn(colleague, { tenantId, flowId })).toMatchObject(notFound);
    expect(await billingSignIn(colleague, { tenantId, flowId })).toBeUndefined();
    expect(await finishBillingSignIn(ctx, { tenantId, flowId: other })).toMatchObject(notFound);
    const elsewhere = await connect(FABRIKAM, 'mca');
    expect(await finishBillingSignIn(ctx, { tenantId: elsewhere, flowId })).toMatchObject(notFound);
    expect(await startMigration(ctx, { tenantId, account: '999999' })).toMatchObject(notFound);
    expect(await billingSignIn(ctx, { tenantId, flowId })).toMatchObject({ isActive: true });
  });
});
