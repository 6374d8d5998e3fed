import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangeId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { assignRole, removeRole } from '#lib/microsoft/arm/role-assignments.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { atMicrosoft, comeBack, simulatorClients, TestBrowser } from '../consent/testing.ts';
import type { Services } from '../context.ts';
import { endDelegation } from '../delegation/end.ts';
import { getDelegation } from '../delegation/queries.ts';
import { delegateAs } from '../delegation/testing.ts';
import type { AccessLevel } from '../tenants/model.ts';
import { createTestMember, type MemberCtx, recordingJobs, testServices } from '../testing.ts';
import { beginChange } from './begin.ts';
import { checkAccessChange } from './check.ts';
import { planAccessChange } from './plan.ts';
import { getAccessChange, listAccessChanges, listOpenChanges } from './queries.ts';
import { runAccessChange } from './run.ts';
import { type AccessBed, createAccessBed } from './testing.ts';

const NO_LAG = { servicePrincipalLagMs: 0, grantLagMs: 0, principalLagMs: 0, roleAssignmentLagMs: 0 };

let db: TestDatabase;
let simulator: RunningSimulator;
let jobs: ReturnType<typeof recordingJobs>;
let services: Services;
let ctx: MemberCtx;
let bed: AccessBed;
let subscriptionId: string;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator({ settings: NO_LAG })]);
});
afterAll(async () => {
  await Promise.all([db.stop(), simulator.stop()]);
});
beforeEach(async () => {
  jobs = recordingJobs();
  services = testServices(db.database, { jobs, microsoft: simulatorClients(simulator.url) });
  ctx = await createTestMember(services, 'admin');
  bed = await createAccessBed(ctx, simulator);
  [subscriptionId = ''] = bed.subscriptionIds;
});

async function plan(level: AccessLevel = 'tags_in_out'): Promise<ChangeId> {
  const planned = await planAccessChange(ctx, {
    tenantId: bed.tenantId,
    subscriptionId: [subscriptionId],
    level,
  });
  if (!planned.ok) throw new Error(JSON.stringify(planned.problem));
  return planned.value.changeId;
}

const reference = (changeId: ChangeId) => ({ tenantId: bed.tenantId, changeId });
const signIn = (changeId: ChangeId) =>
  delegateAs(ctx, { tenantId: bed.tenantId, purpose: 'change-access', subject: { changeId } }, bed.owner);
const asJob = () => ({
  ...services,
  actor: { type: 'job', job: 'change-access', organizationId: ctx.actor.organizationId } as const,
});
const stateOf = async (changeId: ChangeId) => {
  const change = await getAccessChange(ctx, reference(changeId));
  return change.ok ? { pulse: change.value.pulse, state: change.value.items[0]?.state } : change.problem;
};

test('the way through: plan, sign-in, a job, and the rights are given back', async () => {
  const changeId = await plan();
  const begun = await beginChange(ctx, reference(changeId));
  if (!begun.ok || begun.value.next !== 'microsoft') throw new Error('nobody was asked to sign in');
  const browser = new TestBrowser();
  const { redirectUrl, flowId } = browser.begin({ ok: true, value: begun.value.started });
  const outcome = await comeBack(ctx, browser, await atMicrosoft(redirectUrl, bed.owner));
  expect(outcome).toMatchObject({ next: 'delegation', purpose: 'change-access', isActive: true });
  const job = { tenantId: bed.tenantId, changeId, flowId };
  expect(jobs.enqueued).toMatchObject([{ name: 'change-access', payload: job }]);
  expect(await stateOf(changeId)).toEqual({ pulse: 'queued', state: 'planned' });
  expect(await runAccessChange(asJob(), job)).toEqual({ ok: true, value: undefined });
  expect(await stateOf(changeId)).toEqual({ pulse: 'idle', state: 'done' });
  expect(await getDelegation(ctx, flowId)).toMatchObject({ value: { state: 'ended', endedWhy: 'finished' } });
  expect(await beginChange(ctx, reference(changeId))).toMatchObject({ problem: { code: 'not-found' } });
  const calls = await db.database.prisma.delegatedCall.findMany({
    where: { flowId },
    orderBy: { at: 'asc' },
  });
  expect(calls.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'DELETE', 'GET']);
  expect(await listAccessChanges(ctx, bed)).toMatchObject({
    value: [{ changeId, all: 1, done: 1, open: 0 }],
  });
});

test('what failed is tried again without another sign-in, while the first one lasts', async () => {
  const scope = `/subscriptions/${subscriptionId}`;
  await simulator.control.request('POST', '/locks', { scope, level: 'ReadOnly' });
  const changeId = await plan();
  const flowId = await signIn(changeId);
  await runAccessChange(asJob(), { ...reference(changeId), flowId });
  expect(await stateOf(changeId)).toEqual({ pulse: 'idle', state: 'failed' });
  expect((await getDelegation(ctx, flowId)).ok).toBe(true);
  await simulator.control.request('POST', '/obstacles/remove', { scope });
  expect(await beginChange(ctx, reference(changeId))).toEqual({ ok: true, value: { next: 'workers' } });
  await runAccessChange(asJob(), { ...reference(changeId), flowId });
  expect(await stateOf(changeId)).toEqual({ pulse: 'idle', state: 'done' });
});

test('rights that were revoked change nothing, and the next sign-in goes on', async () => {
  const changeId = await plan();
  const flowId = await signIn(changeId);
  await endDelegation(ctx, flowId, 'revoked');
  expect(await runAccessChange(asJob(), { ...reference(changeId), flowId })).toEqual({
    ok: false,
    problem: { code: 'delegation-ended' },
  });
  expect(await stateOf(changeId)).toEqual({ pulse: 'idle', state: 'planned' });
  expect(await beginChange(ctx, reference(changeId))).toMatchObject({ value: { next: 'microsoft' } });
});

test('rights that are revoked in the middle stop before the next call', async () => {
  // Azure does not show the new role, so that the work waits for it with both roles there.
  await simulator.control.request('POST', `/tenants/${bed.directoryId}`, { roleAssignmentListLagMs: 60_000 });
  await simulator.control.request('POST', '/clock', { advanceMs: 60_000 });
  const changeId = await plan();
  const flowId = await signIn(changeId);
  const running = runAccessChange(asJob(), { ...reference(changeId), flowId });
  const added = () => db.database.prisma.accessChangeItem.count({ where: { changeId, step: 'confirm' } });
  await expect.poll(added).toBe(1);
  expect(await stateOf(changeId)).toEqual({ pulse: 'running', state: 'working' });
  await endDelegation(ctx, flowId, 'revoked');
  await running;
  expect(await stateOf(changeId)).toEqual({ pulse: 'idle', state: 'failed' });
  expect(await bed.rolesOf(subscriptionId)).toEqual([
    'Reader at subscription',
    'Tag Contributor at subscription',
  ]);
  expect(await listOpenChanges(ctx, bed)).toMatchObject({
    value: new Map([[subscriptionId, { leftOver: 'both' }]]),
  });
});

test('a sign-in for one change is not good for another', async () => {
  const earlier = await plan();
  const flowId = await signIn(earlier);
  const changeId = await plan();
  expect(await runAccessChange(asJob(), { ...reference(changeId), flowId })).toMatchObject({
    problem: { code: 'not-found' },
  });
  expect(await beginChange(ctx, reference(changeId))).toMatchObject({ value: { next: 'microsoft' } });
  expect(await bed.rolesOf(subscriptionId)).toEqual(['Reader at subscription']);
});

test('who runs the commands instead has it looked at, without lending any rights', async () => {
  const changeId = await plan();
  const change = await getAccessChange(ctx, reference(changeId));
  const { add, remove } = (change.ok && change.value.items[0]?.plan) || {};
  if (!add || !remove) throw new Error('nothing is planned');
  const { principalId } = bed;
  await checkAccessChange(ctx, reference(changeId));
  expect(await stateOf(changeId)).toMatchObject({ state: 'planned' });
  await assignRole(bed.arm, { subscriptionId, principalId, ...add });
  await checkAccessChange(ctx, reference(changeId));
  expect(await listOpenChanges(ctx, bed)).toMatchObject({
    value: new Map([[subscriptionId, { changeId, state: 'planned', leftOver: 'both' }]]),
  });
  for (const { name } of remove) await removeRole(bed.arm, { subscriptionId, name });
  expect(await checkAccessChange(ctx, reference(changeId))).toEqual({ ok: true, value: undefined });
  expect(await stateOf(changeId)).toMatchObject({ state: 'done' });
  expect(await bed.levelOf(subscriptionId)).toBe('tags_in_out');
  const rows = await db.database.prisma.roleAssignment.findMany({ where: { tenantId: bed.tenantId } });
  expect(rows.map(({ name }) => name)).toContain(add.name);
});

test('viewers see, and begin nothing; strangers see nothing', async () => {
  const changeId = await plan();
  const viewer = await createTestMember(services, 'viewer', ctx.actor.organizationId);
  const stranger = await createTestMember(services, 'owner');
  expect(await getAccessChange(viewer, reference(changeId))).toMatchObject({
    value: { mayChange: false, mayUndo: false },
  });
  for (const work of [beginChange, checkAccessChange]) {
    expect(await work(viewer, reference(changeId))).toMatchObject({ problem: { code: 'forbidden' } });
    expect(await work(stranger, reference(changeId))).toMatchObject({ problem: { code: 'not-found' } });
  }
  expect(await getAccessChange(stranger, reference(changeId))).toMatchObject({
    problem: { code: 'not-found' },
  });
  expect(await listOpenChanges(stranger, bed)).toEqual({ ok: true, value: new Map() });
  expect(await listAccessChanges(stranger, bed)).toEqual({ ok: true, value: [] });
});
