import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FlowId, TenantId } from '#lib/core/ids.ts';
import { fail, ok } from '#lib/core/result.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { ROLE } from '#lib/microsoft/arm/role-assignments.ts';
import type { CallWatch } from '#lib/microsoft/http/watch-calls.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { atMicrosoft, comeBack, simulatorClients, TestBrowser } from '../consent/testing.ts';
import type { Services } from '../context.ts';
import { endDelegation } from '../delegation/end.ts';
import { getDelegation } from '../delegation/queries.ts';
import { auditActions, createTestTenant } from '../tenants/testing.ts';
import { createTestMember, type MemberCtx, recordingJobs, testServices } from '../testing.ts';
import { beginAddition } from './begin.ts';
import { addChosen, retryFailed, signInAgainWith } from './choose.ts';
import type { ChooseSubscriptions } from './model.ts';
import { type AdditionView, getAddition } from './queries.ts';
import {
  assignmentsOf,
  connectDirectory,
  createDirectory,
  signInToAdd,
  type TestDirectory,
  workOff,
} from './testing.ts';

const NO_LAG = { servicePrincipalLagMs: 0, grantLagMs: 0, principalLagMs: 0, roleAssignmentLagMs: 0 };

let db: TestDatabase;
let simulator: RunningSimulator;
let services: Services;
let jobs: ReturnType<typeof recordingJobs>;
let ctx: MemberCtx;
let directory: TestDirectory;
let tenantId: TenantId;

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
  directory = await createDirectory(simulator.control, 3);
  tenantId = await connectDirectory(ctx, directory);
});

const work = () => workOff(services, jobs.enqueued);

async function look(account = directory.admin): Promise<FlowId> {
  const flowId = await signInToAdd(ctx, tenantId, account);
  await work();
  return flowId;
}

async function viewOf(flowId: FlowId): Promise<AdditionView> {
  const view = await getAddition(ctx, flowId);
  if (!view.ok) throw new Error(JSON.stringify(view.problem));
  return view.value;
}

const chosenOf = ({ subscriptions }: AdditionView) =>
  subscriptions.filter(({ isChosen }) => isChosen).map(({ subscriptionId }) => subscriptionId);

const choice = (flowId: FlowId, subscription: string[], more: Partial<ChooseSubscriptions> = {}) => ({
  flowId,
  target: 'subscriptions' as const,
  subscription,
  accessLevel: 'resources' as const,
  ...more,
});

const control = (path: string, body: Record<string, unknown>) =>
  simulator.control.request<{ id: string }>('POST', path, body);

const addToDirectory = (displayName: string, more: object = {}) =>
  control('/subscriptions', { tenantId: directory.directoryId, displayName, ...more });

const addPersona = async (name: string) => {
  const mail = `${name}@${directory.domain}`;
  await control('/personas', { tenantId: directory.directoryId, mail, displayName: name });
  return mail;
};

const addedIds = async () =>
  (
    await services.database.prisma.azureSubscription.findMany({
      where: { tenantId, status: 'added' },
      orderBy: { subscriptionId: 'asc' },
      select: { subscriptionId: true },
    })
  ).map(({ subscriptionId }) => subscriptionId);

test('an owner sees what they own, chooses, and the portal gets its role on exactly that', async () => {
  const flowId = await look();
  const view = await viewOf(flowId);
  expect(view).toMatchObject({ state: 'choosing', isOwn: true, seen: 3, accessLevel: 'resources' });
  expect(chosenOf(view)).toHaveLength(3);
  const [first = '', second = ''] = chosenOf(view);
  expect(await addChosen(ctx, choice(flowId, [first, second], { accessLevel: 'tags_in_out' }))).toEqual({
    ok: true,
    value: undefined,
  });
  expect(await viewOf(flowId)).toMatchObject({ state: 'adding' });
  await work();
  const done = await viewOf(flowId);
  expect(done.state).toBe('ended');
  expect(done.subscriptions.map(({ result, how }) => [result, how])).toEqual([
    ['added', 'given'],
    ['added', 'given'],
    [undefined, undefined],
  ]);
  const given = [first, second].map((id) => `/subscriptions/${id} ${ROLE.tagContributor}`).sort();
  expect(await assignmentsOf(simulator.control, directory.principalId)).toEqual(given);
  expect(await services.database.prisma.roleAssignment.count({ where: { tenantId } })).toBe(2);
  expect(await addedIds()).toEqual([first, second].sort());
  expect(await getDelegation(ctx, flowId)).toMatchObject({ value: { state: 'ended', endedWhy: 'finished' } });
  const audit = await services.database.prisma.auditEvent.findMany({
    where: { organizationId: ctx.actor.organizationId, action: 'azure-subscription.add' },
  });
  expect(audit).toHaveLength(2);
});

test('what cannot be added says why, and the form cannot ask for it', async () => {
  const mara = await addPersona('mara');
  const scopeOf = ({ id }: { id: string }) => `/subscriptions/${id}`;
  const owned = await addToDirectory('Owned');
  const read = await addToDirectory('Read');
  const denied = await addToDirectory('Denied');
  const disabled = await addToDirectory('Disabled', { state: 'Disabled' });
  for (const subscription of [owned, denied, disabled])
    await control('/role-assignments', { scope: scopeOf(subscription), role: 'Owner', mail: mara });
  await control('/role-assignments', { scope: scopeOf(read), role: 'Reader', mail: mara });
  await control('/deny-assignments', { scope: scopeOf(denied) });
  const already = await addToDirectory('Already');
  await control('/role-assignments', { scope: scopeOf(already), role: 'Owner', mail: mara });
  await services.database.prisma.azureSubscription.create({
    data: { tenantId, subscriptionId: already.id, displayName: 'Already', state: 'Enabled', status: 'added' },
  });

  const flowId = await look(mara);
  const view = await viewOf(flowId);
  expect(
    view.subscriptions.map(({ displayName, obstacle, isAdded, isChosen }) => [
      displayName,
      obstacle?.code ?? isAdded,
      isChosen,
    ]),
  ).toEqual([
    ['Already', true, false],
    ['Denied', 'permission-missing', false],
    ['Disabled', 'azure-subscription-disabled', false],
    ['Owned', false, true],
    ['Read', 'permission-missing', false],
  ]);
  expect(await addChosen(ctx, choice(flowId, [read.id, disabled.id]))).toMatchObject({
    problem: { code: 'invalid-input' },
  });
  await addChosen(ctx, choice(flowId, [owned.id, read.id, denied.id]));
  await work();
  expect(await assignmentsOf(simulator.control, directory.principalId)).toEqual([
    `${scopeOf(owned)} ${ROLE.reader}`,
  ]);
});

test('who owns nothing is told so', async () => {
  const flowId = await look(await addPersona('nobody'));
  expect(await viewOf(flowId)).toMatchObject({ state: 'choosing', seen: 0, subscriptions: [] });
});

test('a management group is added with what is below it; nothing is assigned twice', async () => {
  await control('/management-groups', { tenantId: directory.directoryId, name: `mg-${directory.domain}` });
  const below = await addToDirectory('Below', { managementGroup: `mg-${directory.domain}` });
  const flowId = await look();
  const view = await viewOf(flowId);
  expect(view.groups.map(({ displayName }) => displayName)).toEqual([
    `mg-${directory.domain}`,
    'Tenant Root Group',
  ]);
  const group = view.groups[0]?.name ?? '';
  expect(await addChosen(ctx, choice(flowId, [], { target: 'group', group: 'another' }))).toMatchObject({
    problem: { code: 'invalid-input' },
  });
  await addChosen(ctx, choice(flowId, [], { target: 'group', group }));
  await work();
  const scope = `/providers/microsoft.management/managementgroups/${group}`;
  expect(await assignmentsOf(simulator.control, directory.principalId)).toEqual([`${scope} ${ROLE.reader}`]);
  expect(await addedIds()).toEqual([below.id]);
  expect(await services.database.prisma.managementGroup.findMany({ where: { tenantId } })).toMatchObject([
    { name: group, accessLevel: 'resources' },
  ]);

  // Another one that has come into the group inherits the role: chosen by itself it needs no assignment of its own.
  const later = await addToDirectory('Later', { managementGroup: group });
  const again = await look();
  const seen = (await viewOf(again)).subscriptions.find(({ subscriptionId }) => subscriptionId === later.id);
  expect(seen?.roles).toMatchObject([{ roleDefinitionId: ROLE.reader }]);
  await addChosen(ctx, choice(again, [later.id]));
  await work();
  expect(await assignmentsOf(simulator.control, directory.principalId)).toHaveLength(1);
  expect(await addedIds()).toEqual([below.id, later.id].sort());
});

test('each subscription has its own outcome, and what failed is tried again', async () => {
  const flowId = await look();
  const ids = chosenOf(await viewOf(flowId));
  const [locked = ''] = ids;
  await control('/locks', { scope: `/subscriptions/${locked}`, level: 'ReadOnly' });
  await addChosen(ctx, choice(flowId, ids));
  await work();
  const view = await viewOf(flowId);
  expect(view.subscriptions.map(({ result }) => result).sort()).toEqual(['added', 'added', 'failed']);
  expect(view.subscriptions.find(({ result }) => result === 'failed')?.problem).toMatchObject({
    code: 'request-rejected',
    microsoft: { code: 'ScopeLocked' },
  });
  expect(view.delegation.state).toBe('active');
  await control('/obstacles/remove', { scope: `/subscriptions/${locked}` });
  expect(await retryFailed(ctx, { flowId })).toMatchObject({ ok: true });
  await work();
  expect(await addedIds()).toEqual(ids.toSorted());
  expect(await getDelegation(ctx, flowId)).toMatchObject({ value: { endedWhy: 'finished' } });
});

test('the choice outlives the sign-in, and the next one goes on with it', async () => {
  const flowId = await look();
  const [first = '', second = ''] = chosenOf(await viewOf(flowId));
  await endDelegation(ctx, flowId, 'revoked');
  const wanted = choice(flowId, [second], { accessLevel: 'tags_in' });
  expect(await addChosen(ctx, wanted)).toEqual({ ok: false, problem: { code: 'delegation-ended' } });
  expect(await viewOf(flowId)).toMatchObject({ state: 'choosing', accessLevel: 'tags_in' });
  expect(chosenOf(await viewOf(flowId))).toEqual([second]);

  const browser = new TestBrowser();
  const started = browser.begin(await signInAgainWith(ctx, { ...wanted, subscription: [first] }));
  await comeBack(ctx, browser, await atMicrosoft(started.redirectUrl, directory.admin));
  await work();
  const view = await viewOf(started.flowId);
  expect(view).toMatchObject({ state: 'choosing', accessLevel: 'tags_in' });
  expect(chosenOf(view)).toEqual([first]);
});

test('rights that are revoked during the work leave the rest to the next sign-in', async () => {
  const flowId = await look();
  const ids = chosenOf(await viewOf(flowId));
  await addChosen(ctx, choice(flowId, ids));
  await endDelegation(ctx, flowId, 'revoked');
  await work();
  expect(await viewOf(flowId)).toMatchObject({ state: 'interrupted', problem: { code: 'delegation-ended' } });
  expect(await assignmentsOf(simulator.control, directory.principalId)).toEqual([]);

  const browser = new TestBrowser();
  const started = browser.begin(await signInAgainWith(ctx, choice(flowId, [])));
  await comeBack(ctx, browser, await atMicrosoft(started.redirectUrl, directory.admin));
  await work();
  expect(await viewOf(started.flowId)).toMatchObject({ state: 'ended' });
  expect(await addedIds()).toEqual(ids.toSorted());
});

test('an elevation that is left over is found', async () => {
  const flowId = await look();
  expect(await viewOf(flowId)).not.toHaveProperty('elevation');
  await control('/role-assignments', {
    scope: '/',
    tenantId: directory.directoryId,
    role: 'User Access Administrator',
    mail: directory.admin,
  });
  expect((await viewOf(await look())).elevation).toMatch(/^[0-9a-f-]{36}$/);
});

test('sixty at once: few calls each, never more than a handful at a time', async () => {
  const { microsoft } = services;
  let [sent, underWay, busiest] = [0, 0, 0];
  const counting = (watch?: CallWatch): CallWatch => ({
    async begin(call) {
      const begun = await watch?.begin(call);
      if (!begun?.ok) return begun ?? fail({ code: 'delegation-ended' });
      sent += 1;
      underWay += 1;
      busiest = Math.max(busiest, underWay);
      return ok(async (outcome) => {
        underWay -= 1;
        await begun.value(outcome);
      });
    },
  });
  const armAsPerson: typeof microsoft.armAsPerson = (token, watch) =>
    microsoft.armAsPerson(token, counting(watch));
  services = { ...services, microsoft: { ...microsoft, armAsPerson } };

  directory = await createDirectory(simulator.control, 60);
  tenantId = await connectDirectory(ctx, directory);
  const flowId = await look();
  const ids = chosenOf(await viewOf(flowId));
  expect(ids).toHaveLength(60);
  // A list of one page, three calls each, and a few for the groups and the root.
  expect(sent).toBeLessThanOrEqual(1 + 3 * 60 + 10);
  expect(busiest).toBeLessThanOrEqual(16);
  [sent, busiest] = [0, 0];
  await addChosen(ctx, choice(flowId, ids));
  await work();
  expect(await addedIds()).toHaveLength(60);
  expect(await assignmentsOf(simulator.control, directory.principalId)).toHaveLength(60);
  expect(sent).toBe(2 * 60);
  expect(busiest).toBeLessThanOrEqual(6);
  expect(await simulator.control.violations()).toEqual([]);
});

test('Office 365 leads to the form for the same directory, unless it is connected', async () => {
  expect(await beginAddition(ctx, { tenantId, kind: 'office365' })).toEqual({
    ok: true,
    value: { next: 'add-account', kind: 'office365', tenant: directory.domain },
  });
  const { tenantId: office } = await createTestTenant(ctx, { directoryId: directory.directoryId });
  expect(await beginAddition(ctx, { tenantId, kind: 'office365' })).toMatchObject({
    problem: { code: 'already-connected', tenantId: office },
  });
  // From there Azure is added to the Azure account.
  expect(await beginAddition(ctx, { tenantId: office, kind: 'azure' })).toMatchObject({
    ok: true,
    value: { next: 'microsoft' },
  });
});

test('viewers, colleagues and strangers add nothing', async () => {
  const flowId = await look();
  const ids = chosenOf(await viewOf(flowId));
  const viewer = await createTestMember(services, 'viewer', ctx.actor.organizationId);
  const colleague = await createTestMember(services, 'admin', ctx.actor.organizationId);
  const stranger = await createTestMember(services, 'owner');
  expect(await beginAddition(viewer, { tenantId, kind: 'azure' })).toMatchObject({
    problem: { code: 'forbidden' },
  });
  expect(await beginAddition(stranger, { tenantId, kind: 'azure' })).toMatchObject({
    problem: { code: 'not-found' },
  });
  expect(await addChosen(viewer, choice(flowId, ids))).toMatchObject({ problem: { code: 'forbidden' } });
  for (const other of [colleague, stranger]) {
    expect(await addChosen(other, choice(flowId, ids))).toMatchObject({ problem: { code: 'not-found' } });
    expect(await retryFailed(other, { flowId })).toMatchObject({ problem: { code: 'not-found' } });
    expect(await signInAgainWith(other, choice(flowId, ids))).toMatchObject({
      problem: { code: 'not-found' },
    });
  }
  expect(await getAddition(colleague, flowId)).toMatchObject({ ok: true, value: { isOwn: false } });
  expect(await getAddition(stranger, flowId)).toMatchObject({ problem: { code: 'not-found' } });
  expect(jobs.enqueued).toEqual([]);
  expect(await auditActions(ctx)).toEqual(['delegation.begin']);
});
