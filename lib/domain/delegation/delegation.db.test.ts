import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DirectoryId, type FlowId, type TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { listAzureSubscriptions } from '#lib/microsoft/arm/azure-subscriptions.ts';
import { assignRole, ROLE, roleAssignmentName } from '#lib/microsoft/arm/role-assignments.ts';
import { AZURE_APP, type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { forgetOldFlows } from '../consent/forget-flows.ts';
import { getFlow } from '../consent/queries.ts';
import {
  ALEX,
  atMicrosoft,
  CONTOSO,
  comeBack,
  FIONA,
  OLIVIA,
  simulatorClients,
  TestBrowser,
} from '../consent/testing.ts';
import { listUnfinishedFlows } from '../consent/unfinished.ts';
import type { Services } from '../context.ts';
import { endSessions } from '../people/end-sessions.ts';
import { auditActions, createTestTenant } from '../tenants/testing.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import { endDelegation, endExpiredDelegations } from './end.ts';
import { currentDelegation, getDelegation } from './queries.ts';
import { restartDelegation, type StartDelegation, startDelegation } from './start.ts';
import { delegateAs } from './testing.ts';
import { useDelegation } from './use.ts';

const HOUR_MS = 60 * 60_000;
const NO_LAG = { servicePrincipalLagMs: 0, grantLagMs: 0, principalLagMs: 0, roleAssignmentLagMs: 0 };
const ENDED = { ok: false, problem: { code: 'delegation-ended' } } as const;

let db: TestDatabase;
let simulator: RunningSimulator;
let services: Services;
let now: Date | undefined;
let ctx: MemberCtx;
let tenantId: TenantId;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator({ settings: NO_LAG })]);
  await simulator.control.grant(CONTOSO, AZURE_APP.clientId);
});

afterAll(async () => {
  await Promise.all([db.stop(), simulator.stop()]);
});

beforeEach(async () => {
  now = undefined;
  services = testServices(db.database, {
    microsoft: simulatorClients(simulator.url),
    clock: () => now ?? new Date(),
  });
  ctx = await createTestMember(services, 'admin');
  tenantId = await connect(ctx);
});

const connect = async (member: MemberCtx, directoryId = CONTOSO) =>
  (await createTestTenant(member, { kind: 'azure', directoryId: DirectoryId.parse(directoryId) })).tenantId;

const input = (): StartDelegation => ({
  tenantId,
  purpose: 'add-subscriptions',
  subject: { level: 'resources' },
});

const tokenOf = async (flowId: FlowId) =>
  (await services.database.prisma.delegation.findUniqueOrThrow({ where: { flowId } })).accessToken;

const callsOf = (flowId: FlowId) =>
  services.database.prisma.delegatedCall.findMany({ where: { flowId }, orderBy: { at: 'asc' } });

test('a person lends their rights for a purpose, and gives them back', async () => {
  const flowId = await delegateAs(ctx, input(), OLIVIA);
  expect(await currentDelegation(ctx, tenantId, 'add-subscriptions')).toMatchObject({
    flowId,
    state: 'active',
    subject: { level: 'resources' },
    signedIn: { name: expect.stringContaining(OLIVIA) },
  });
  expect(await currentDelegation(ctx, tenantId, 'change-access')).toBeUndefined();
  const issued = (await simulator.control.issued(CONTOSO)).map(({ value }) => value);
  const stored = JSON.stringify(await services.database.prisma.delegation.findMany());
  const sealed = Buffer.from((await tokenOf(flowId)) ?? []).toString('latin1');
  expect(issued.length).toBeGreaterThan(0);
  for (const secret of issued) expect(stored + sealed).not.toContain(secret);

  const listed = await useDelegation(ctx, flowId, (arm) => listAzureSubscriptions(arm));
  if (!listed.ok || !listed.value.ok) throw new Error(JSON.stringify(listed));
  expect(listed.value.value.length).toBeGreaterThan(0);
  expect(await endDelegation(ctx, flowId, 'finished')).toEqual({ ok: true, value: undefined });
  expect(await tokenOf(flowId)).toBeNull();
  expect(await useDelegation(ctx, flowId, async () => 'used')).toEqual(ENDED);
  expect(await getDelegation(ctx, flowId)).toMatchObject({
    ok: true,
    value: { state: 'ended', endedWhy: 'finished', signedIn: { name: expect.stringContaining(OLIVIA) } },
  });
  expect(await auditActions(ctx)).toEqual(['delegation.begin', 'delegation.end']);
});

test('each call is in the receipt, whether it succeeds or fails, with the role it has given', async () => {
  const flowId = await delegateAs(ctx, input(), OLIVIA);
  const { objectId: principalId } = await simulator.control.grant(CONTOSO, AZURE_APP.clientId);
  const seen = await useDelegation(ctx, flowId, (arm) => listAzureSubscriptions(arm));
  const subscription = seen.ok && seen.value.ok && seen.value.value.find(({ state }) => state === 'Enabled');
  if (!subscription) throw new Error('Olivia sees no subscription');
  const { subscriptionId } = subscription;
  const name = roleAssignmentName(`/subscriptions/${subscriptionId}`, principalId, ROLE.reader);
  const grant = { subscriptionId, principalId, roleDefinitionId: ROLE.reader, name };
  await useDelegation(ctx, flowId, async (arm) => {
    await assignRole(arm, grant);
    await assignRole(arm, { ...grant, subscriptionId: '00000000-0000-4000-8000-00000000dead' });
  });
  const [, made, refused] = await callsOf(flowId);
  const { host } = new URL(simulator.url);
  expect(made).toMatchObject({
    method: 'PUT',
    target: `${host}/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    status: 201,
    requestId: expect.any(String),
    problem: null,
    roleChange: {
      change: 'made',
      roleScope: `/subscriptions/${subscriptionId}`,
      name,
      roleDefinitionId: ROLE.reader,
      principalId,
    },
  });
  expect(refused).toMatchObject({ method: 'PUT', problem: { code: expect.any(String) }, roleChange: null });
  expect(refused?.status).toBeGreaterThanOrEqual(400);
});

test('from the end on no call goes out, also not from work that has the token in hand', async () => {
  const flowId = await delegateAs(ctx, input(), OLIVIA);
  const results = await useDelegation(ctx, flowId, async (arm) => {
    const before = await listAzureSubscriptions(arm);
    await endDelegation(ctx, flowId, 'revoked');
    return [before.ok, await listAzureSubscriptions(arm)];
  });
  expect(results).toEqual({ ok: true, value: [true, ENDED] });
  expect(await callsOf(flowId)).toHaveLength(1);
});

test('it ends with the hour, by the clock and by the sweep', async () => {
  const flowId = await delegateAs(ctx, input(), OLIVIA);
  now = new Date(Date.now() + HOUR_MS + 1000);
  expect(await useDelegation(ctx, flowId, async () => 'used')).toEqual(ENDED);
  expect(await getDelegation(ctx, flowId)).toMatchObject({ value: { state: 'ended', endedWhy: 'expired' } });
  expect(await currentDelegation(ctx, tenantId, 'add-subscriptions')).toBeUndefined();
  expect(await tokenOf(flowId)).not.toBeNull();
  expect(await endExpiredDelegations(services)).toBeGreaterThanOrEqual(1);
  expect(await tokenOf(flowId)).toBeNull();
});

test('signing out ends it', async () => {
  const flowId = await delegateAs(ctx, input(), OLIVIA);
  await endSessions(services, ctx.actor.personId);
  expect(await tokenOf(flowId)).toBeNull();
  expect(await getDelegation(ctx, flowId)).toMatchObject({ value: { endedWhy: 'signed-out' } });
});

test('a later sign-in for the same purpose replaces it, one for another purpose does not', async () => {
  const first = await delegateAs(ctx, input(), OLIVIA);
  const other = await delegateAs(ctx, { ...input(), purpose: 'change-access' }, OLIVIA);
  const second = await delegateAs(ctx, input(), OLIVIA);
  expect(await getDelegation(ctx, first)).toMatchObject({ value: { endedWhy: 'replaced' } });
  expect(await currentDelegation(ctx, tenantId, 'add-subscriptions')).toMatchObject({ flowId: second });
  expect(await currentDelegation(ctx, tenantId, 'change-access')).toMatchObject({ flowId: other });
});

test('a job uses it for its person, as long as that one is an admin', async () => {
  const flowId = await delegateAs(ctx, input(), OLIVIA);
  const { organizationId, personId } = ctx.actor;
  const job = { ...services, actor: { type: 'job', job: 'test', organizationId } } as const;
  expect(await useDelegation(job, flowId, async () => 'used')).toEqual({ ok: true, value: 'used' });
  await services.database.prisma.member.update({
    where: { organizationId_personId: { organizationId, personId } },
    data: { portalRole: 'viewer' },
  });
  expect(await useDelegation(job, flowId, async () => 'used')).toMatchObject({
    problem: { code: 'forbidden' },
  });
});

test('nobody else uses it; an owner may end it', async () => {
  const flowId = await delegateAs(ctx, input(), OLIVIA);
  const colleague = await createTestMember(services, 'admin', ctx.actor.organizationId);
  const owner = await createTestMember(services, 'owner', ctx.actor.organizationId);
  const viewer = await createTestMember(services, 'viewer', ctx.actor.organizationId);
  const stranger = await createTestMember(services, 'owner');
  const strangersJob = {
    ...services,
    actor: { type: 'job', job: 'test', organizationId: stranger.actor.organizationId },
  } as const;
  for (const other of [colleague, owner, stranger, strangersJob]) {
    expect(await useDelegation(other, flowId, async () => 'used')).toMatchObject({
      problem: { code: 'not-found' },
    });
  }
  expect(await useDelegation(viewer, flowId, async () => 'used')).toMatchObject({
    problem: { code: 'forbidden' },
  });
  expect(await currentDelegation(colleague, tenantId, 'add-subscriptions')).toBeUndefined();
  expect(await endDelegation(colleague, flowId, 'revoked')).toMatchObject({ problem: { code: 'forbidden' } });
  expect(await endDelegation(stranger, flowId, 'revoked')).toMatchObject({ problem: { code: 'not-found' } });
  expect(await getDelegation(stranger, flowId)).toMatchObject({ problem: { code: 'not-found' } });
  expect(await tokenOf(flowId)).not.toBeNull();
  expect(await endDelegation(owner, flowId, 'revoked')).toMatchObject({ ok: true });
  expect(await tokenOf(flowId)).toBeNull();
});

test('a token that is copied to another record does not decrypt', async () => {
  const mine = await delegateAs(ctx, input(), OLIVIA);
  const stranger = await createTestMember(services, 'owner');
  const theirTenant = await connect(stranger);
  const theirs = await delegateAs(stranger, { ...input(), tenantId: theirTenant }, ALEX);
  const accessToken = await tokenOf(mine);
  await services.database.prisma.delegation.update({ where: { flowId: theirs }, data: { accessToken } });
  await expect(useDelegation(stranger, theirs, async () => 'used')).rejects.toThrow();
});

test('viewers, strangers and Office 365 accounts begin nothing', async () => {
  const viewer = await createTestMember(services, 'viewer', ctx.actor.organizationId);
  const stranger = await createTestMember(services, 'owner');
  expect(await startDelegation(viewer, input())).toMatchObject({ problem: { code: 'forbidden' } });
  expect(await startDelegation(stranger, input())).toMatchObject({ problem: { code: 'not-found' } });
  const office = await createTestTenant(ctx, { directoryId: CONTOSO });
  expect(await startDelegation(ctx, { ...input(), tenantId: office.tenantId })).toMatchObject({
    problem: { code: 'not-found' },
  });
});

test.each([
  ['declined', 'cancel', OLIVIA, 'consent-declined'],
  ['of a directory that the account is not in', 'accept', FIONA, 'wrong-account'],
] as const)('a sign-in that is %s lends nothing', async (_what, consent, account, code) => {
  await simulator.control.revoke({ tenantId: CONTOSO });
  const browser = new TestBrowser();
  const started = browser.begin(await startDelegation(ctx, input()));
  const address = await atMicrosoft(started.redirectUrl, account, consent).catch(() => undefined);
  await simulator.control.grant(CONTOSO, AZURE_APP.clientId);
  // Microsoft keeps a wrong account on its own page.
  if (!address) return expect(code).toBe('wrong-account');
  expect(await comeBack(ctx, browser, address)).toMatchObject({ next: 'delegation', isActive: false });
  expect(await getDelegation(ctx, started.flowId)).toMatchObject({
    value: { state: 'failed', problem: { code } },
  });
  const again = await restartDelegation(ctx, { flowId: started.flowId });
  expect(again).toMatchObject({ ok: true });
});

test('an answer counts once, in its browser, for ten minutes', async () => {
  const browser = new TestBrowser();
  const started = browser.begin(await startDelegation(ctx, input()));
  const address = await atMicrosoft(started.redirectUrl, OLIVIA);
  expect(await comeBack(ctx, new TestBrowser(), address)).toMatchObject({
    next: 'nowhere',
    problem: { code: 'state-foreign' },
  });
  expect(await comeBack(ctx, browser, address)).toMatchObject({ isActive: true });
  expect(await comeBack(ctx, browser, address)).toMatchObject({
    isActive: true,
    notice: { code: 'state-used' },
  });

  const late = browser.begin(await startDelegation(ctx, input()));
  const lateAddress = await atMicrosoft(late.redirectUrl, OLIVIA);
  now = new Date(Date.now() + 11 * 60_000);
  expect(await comeBack(ctx, browser, lateAddress)).toMatchObject({
    next: 'delegation',
    isActive: false,
    notice: { code: 'state-expired' },
  });
});

test('it is no attempt to connect a tenant, and one that nobody came back from is forgotten', async () => {
  const flowId = await delegateAs(ctx, input(), OLIVIA);
  const started = await startDelegation(ctx, input());
  if (!started.ok) throw new Error('not started');
  expect(await listUnfinishedFlows(ctx)).toEqual({ ok: true, value: [] });
  expect(await getFlow(ctx, { flowId })).toMatchObject({ problem: { code: 'not-found' } });
  now = new Date(Date.now() + 31 * 24 * HOUR_MS);
  await forgetOldFlows(services);
  expect(await getDelegation(ctx, started.value.flowId)).toMatchObject({ problem: { code: 'not-found' } });
  expect(await getDelegation(ctx, flowId)).toMatchObject({ value: { state: 'ended' } });
});

test('a tenant that is removed lends nothing more', async () => {
  const flowId = await delegateAs(ctx, input(), OLIVIA);
  await services.database.prisma.tenant.update({ where: { id: tenantId }, data: { removedAt: new Date() } });
  expect(await useDelegation(ctx, flowId, async () => 'used')).toMatchObject({
    problem: { code: 'not-found' },
  });
});
