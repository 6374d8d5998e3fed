import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangeId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import type { Wait } from '../consent/patience.ts';
import { simulatorClients } from '../consent/testing.ts';
import type { Services } from '../context.ts';
import type { AccessLevel } from '../tenants/model.ts';
import { auditActions } from '../tenants/testing.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import { applyAccessChange } from './apply.ts';
import { planAccessChange, planUndo } from './plan.ts';
import { type AccessBed, createAccessBed } from './testing.ts';

const NO_LAG = { servicePrincipalLagMs: 0, grantLagMs: 0, principalLagMs: 0, roleAssignmentLagMs: 0 };

let db: TestDatabase;
let simulator: RunningSimulator;
let services: Services;
let ctx: MemberCtx;
let bed: AccessBed;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator({ settings: NO_LAG })]);
  services = testServices(db.database, { microsoft: simulatorClients(simulator.url) });
});
afterAll(async () => {
  await Promise.all([db.stop(), simulator.stop()]);
});
beforeEach(async () => {
  await simulator.control.settings(NO_LAG);
  ctx = await createTestMember(services, 'admin');
  bed = await createAccessBed(ctx, simulator, 3);
});

async function plan(level: AccessLevel, subscriptionId = [...bed.subscriptionIds]): Promise<ChangeId> {
  const planned = await planAccessChange(ctx, { tenantId: bed.tenantId, subscriptionId, level });
  if (!planned.ok) throw new Error(JSON.stringify(planned.problem));
  return planned.value.changeId;
}

/** Waits pass in the simulator's time, not in ours. */
const simulatedWait: Wait = async (ms) => {
  await simulator.control.request('POST', '/clock', { advanceMs: ms });
};

const apply = (changeId: ChangeId, wait = simulatedWait) =>
  applyAccessChange(ctx, { tenantId: bed.tenantId, changeId, arm: bed.arm, wait });

const itemsOf = async (changeId: ChangeId) => {
  const items = await db.database.prisma.accessChangeItem.findMany({
    where: { tenantId: bed.tenantId, changeId },
    orderBy: { subscriptionId: 'asc' },
  });
  return items.map(({ subscriptionId, state, step, problem, verifiedAt }) => ({
    subscriptionId,
    state,
    step,
    problem,
    isVerified: verifiedAt !== null,
  }));
};

const all = <T>(read: (subscriptionId: string) => Promise<T>): Promise<T[]> =>
  Promise.all(bed.subscriptionIds.map(read));

const control = (path: string, body: Record<string, unknown>) =>
  simulator.control.request('POST', path, body);
const scopeOf = (index: number) => `/subscriptions/${bed.subscriptionIds[index]}`;

test('up and down again: the roles follow, and the level only after them', async () => {
  const up = await plan('tags_in_out');
  expect(await itemsOf(up)).toMatchObject([{ state: 'planned' }, { state: 'planned' }, { state: 'planned' }]);
  expect(await all(bed.levelOf)).toEqual(['resources', 'resources', 'resources']);
  expect(await apply(up)).toEqual({ ok: true, value: { isComplete: true } });
  expect(await all(bed.rolesOf)).toEqual(Array(3).fill(['Tag Contributor at subscription']));
  expect(await all(bed.levelOf)).toEqual(Array(3).fill('tags_in_out'));
  expect((await itemsOf(up)).every(({ state, isVerified }) => state === 'done' && isVerified)).toBe(true);

  const undo = await planUndo(ctx, { tenantId: bed.tenantId, changeId: up });
  if (!undo.ok) throw new Error('no undo');
  expect(await apply(undo.value.changeId)).toEqual({ ok: true, value: { isComplete: true } });
  expect(await all(bed.rolesOf)).toEqual(Array(3).fill(['Reader at subscription']));
  expect(await all(bed.levelOf)).toEqual(Array(3).fill('resources'));
  expect(await planUndo(ctx, { tenantId: bed.tenantId, changeId: up })).toMatchObject({
    problem: { code: 'not-found' },
  });
  const events = await db.database.prisma.auditEvent.findMany({
    where: { organizationId: ctx.actor.organizationId, entityId: bed.subscriptionIds[0] },
    orderBy: { at: 'asc' },
  });
  expect(events).toMatchObject([
    {
      action: 'azure-subscription.change-access',
      before: { accessLevel: 'resources', roles: ['Reader'] },
      after: { accessLevel: 'tags_in_out', roles: ['Tag Contributor'], requestedBy: 'Test admin' },
    },
    {
      before: { accessLevel: 'tags_in_out', roles: ['Tag Contributor'] },
      after: { accessLevel: 'resources' },
    },
  ]);
  expect(await db.database.prisma.roleAssignment.count({ where: { tenantId: bed.tenantId } })).toBe(3);
  expect(await simulator.control.unknownOperations()).toEqual([]);
});

test('where only our own setting changes nobody has to sign in', async () => {
  const [first = ''] = bed.subscriptionIds;
  await apply(await plan('tags_in_out', [first]));
  const before = await all(bed.rolesOf);
  const changeId = await plan('tags_in');
  expect((await itemsOf(changeId)).map(({ state }) => state).toSorted()).toEqual(['done', 'done', 'planned']);
  expect(await all(bed.levelOf)).toEqual(['tags_in_out', 'tags_in', 'tags_in']);
  expect(await all(bed.rolesOf)).toEqual(before);
  expect(await auditActions(ctx)).toEqual(Array(3).fill('azure-subscription.change-access'));
});

test('each obstacle is that subscription’s own, the others go on, and a second try finishes', async () => {
  await control('/locks', { scope: scopeOf(0), level: 'CanNotDelete' });
  await control('/policies', { scope: scopeOf(1), roles: ['Tag Contributor'] });
  const changeId = await plan('tags_in_out');
  expect(await apply(changeId)).toEqual({ ok: true, value: { isComplete: false } });
  expect(await itemsOf(changeId)).toMatchObject([
    { state: 'failed', step: 'remove', problem: { microsoft: { code: 'ScopeLocked', status: 409 } } },
    {
      state: 'failed',
      step: 'add',
      problem: { microsoft: { code: 'RequestDisallowedByPolicy', status: 403 } },
    },
    { state: 'done' },
  ]);
  expect(await all(bed.rolesOf)).toEqual([
    ['Reader at subscription', 'Tag Contributor at subscription'],
    ['Reader at subscription'],
    ['Tag Contributor at subscription'],
  ]);
  expect(await all(bed.levelOf)).toEqual(['resources', 'resources', 'tags_in_out']);

  await control('/obstacles/remove', { scope: scopeOf(0) });
  await control('/obstacles/remove', { scope: scopeOf(1) });
  await control('/deny-assignments', { scope: scopeOf(1) });
  await apply(changeId);
  expect(await itemsOf(changeId)).toMatchObject([
    { state: 'done' },
    {
      state: 'failed',
      problem: { code: 'permission-missing', microsoft: { code: 'DenyAssignmentAuthorizationFailed' } },
    },
    { state: 'done' },
  ]);
  await control('/obstacles/remove', { scope: scopeOf(1) });
  await apply(changeId);
  expect(await all(bed.rolesOf)).toEqual(Array(3).fill(['Tag Contributor at subscription']));
});

test('a change that got stuck with both roles can be taken back instead of finished', async () => {
  const [first = ''] = bed.subscriptionIds;
  await control('/locks', { scope: scopeOf(0), level: 'CanNotDelete' });
  const changeId = await plan('tags_in_out', [first]);
  await apply(changeId);
  expect(await bed.rolesOf(first)).toEqual(['Reader at subscription', 'Tag Contributor at subscription']);
  await control('/obstacles/remove', { scope: scopeOf(0) });
  const undo = await planUndo(ctx, { tenantId: bed.tenantId, changeId });
  if (!undo.ok) throw new Error('no undo');
  expect(await itemsOf(changeId)).toMatchObject([{ state: 'replaced' }]);
  await apply(undo.value.changeId);
  expect(await bed.rolesOf(first)).toEqual(['Reader at subscription']);
  expect(await bed.levelOf(first)).toBe('resources');
});

test('an owner who lost the right changes nothing', async () => {
  const changeId = await plan('tags_in_out');
  const { roleAssignments } = await simulator.control.request<{
    roleAssignments: { scope: string; principalId: string; principalType: string }[];
  }>('GET', '/state');
  const own = roleAssignments.find(({ scope, principalType }) => {
    return principalType === 'User' && scope.includes(bed.directoryId);
  });
  await control('/role-assignments/remove', { scope: own?.scope, principalId: own?.principalId });
  await control('/role-assignments', { scope: scopeOf(1), role: 'Owner', mail: bed.owner });
  expect(await apply(changeId)).toEqual({ ok: true, value: { isComplete: false } });
  expect(await itemsOf(changeId)).toMatchObject([
    { state: 'failed', problem: { code: 'permission-missing', microsoft: { code: 'AuthorizationFailed' } } },
    { state: 'done' },
    { state: 'failed', problem: { code: 'permission-missing' } },
  ]);
  expect(await all(bed.rolesOf)).toEqual([
    ['Reader at subscription'],
    ['Tag Contributor at subscription'],
    ['Reader at subscription'],
  ]);
});

test('a principal and an assignment that Azure does not show yet are waited for', async () => {
  await control(`/tenants/${bed.directoryId}`, { roleAssignmentListLagMs: 20_000 });
  await control('/clock', { advanceMs: 20_000 });
  const changeId = await plan('tags_in_out');
  await simulator.control.fault({
    kind: 'error',
    service: 'arm',
    tenantId: bed.directoryId,
    method: 'PUT',
    times: 3,
    status: 400,
    code: 'PrincipalNotFound',
  });
  expect(await apply(changeId)).toEqual({ ok: true, value: { isComplete: true } });
  expect(await all(bed.rolesOf)).toEqual(Array(3).fill(['Tag Contributor at subscription']));
});

test('what Azure never shows stays unchanged, with both roles', async () => {
  const [first = ''] = bed.subscriptionIds;
  await control(`/tenants/${bed.directoryId}`, { roleAssignmentListLagMs: 20_000 });
  await control('/clock', { advanceMs: 20_000 });
  const changeId = await plan('tags_in_out', [first]);
  await apply(changeId, async () => undefined);
  expect(await itemsOf(changeId)).toMatchObject([
    { state: 'failed', step: 'confirm', problem: { code: 'role-change-unconfirmed' } },
  ]);
  expect(await bed.rolesOf(first)).toEqual(['Reader at subscription', 'Tag Contributor at subscription']);
  expect(await bed.levelOf(first)).toBe('resources');
});

test('roles that others have granted, inherited or not, are left alone', async () => {
  const [first = '', second = ''] = bed.subscriptionIds;
  const group = `/providers/Microsoft.Management/managementGroups/${bed.directoryId}`;
  await control('/role-assignments/remove', { scope: scopeOf(0), principalId: bed.principalId });
  await control('/role-assignments', { scope: scopeOf(0), role: 'Reader', principalId: bed.principalId });
  await control('/role-assignments', { scope: group, role: 'Reader', principalId: bed.principalId });
  await apply(await plan('tags_in_out', [first, second]));
  expect(await bed.rolesOf(first)).toEqual([
    'Reader at group',
    'Reader at subscription',
    'Tag Contributor at subscription',
  ]);
  expect(await bed.rolesOf(second)).toEqual(['Reader at group', 'Tag Contributor at subscription']);
  await apply(await plan('resources', [first, second]));
  expect(await bed.rolesOf(first)).toEqual(['Reader at group', 'Reader at subscription']);
  expect(await bed.rolesOf(second)).toEqual(['Reader at group']);
  expect(await bed.levelOf(second)).toBe('resources');
});

test('a role that another organization relies on, too, is not taken from it', async () => {
  const [first = ''] = bed.subscriptionIds;
  const other = await createTestMember(services, 'admin');
  const { id } = await db.database.prisma.tenant.create({
    data: {
      id: crypto.randomUUID(),
      organizationId: other.actor.organizationId,
      kind: 'azure',
      name: 'The same directory',
      directoryId: bed.directoryId,
      status: 'connected',
      boundByPerson: 'Somebody',
      boundAt: new Date(),
    },
  });
  const own = { tenantId: bed.tenantId, roleScope: scopeOf(0) };
  const given = await db.database.prisma.roleAssignment.findMany({ where: own });
  await db.database.prisma.roleAssignment.createMany({
    data: given.map((role) => ({ ...role, tenantId: id })),
  });
  await apply(await plan('tags_in_out', [first]));
  expect(await bed.rolesOf(first)).toEqual(['Reader at subscription', 'Tag Contributor at subscription']);
});

test('a later plan replaces an earlier one, and waits while a worker is at it', async () => {
  const [first = ''] = bed.subscriptionIds;
  const earlier = await plan('tags_in_out');
  const later = await plan('tags_in', [first]);
  expect((await itemsOf(earlier)).map(({ state }) => state)).toEqual(['replaced', 'planned', 'planned']);
  expect(await itemsOf(later)).toMatchObject([{ state: 'done' }]);
  await apply(earlier);
  expect(await bed.rolesOf(first)).toEqual(['Reader at subscription']);

  const held = await plan('tags_in_out', [first]);
  await db.database.pool.query(
    `UPDATE access_change SET lease_holder = gen_random_uuid(), lease_until = now() + interval '1 hour' WHERE id = $1`,
    [held],
  );
  const running = { ok: false, problem: { code: 'access-change-running' } };
  expect(
    await planAccessChange(ctx, { tenantId: bed.tenantId, subscriptionId: [first], level: 'tags_in' }),
  ).toEqual(running);
  expect(await apply(held)).toEqual(running);
});

test('viewers and strangers change nothing', async () => {
  const { tenantId, subscriptionIds } = bed;
  const wanted = { tenantId, subscriptionId: [...subscriptionIds], level: 'tags_in' as const };
  const viewer = await createTestMember(services, 'viewer', ctx.actor.organizationId);
  const stranger = await createTestMember(services, 'owner');
  expect(await planAccessChange(viewer, wanted)).toMatchObject({ problem: { code: 'forbidden' } });
  expect(await planAccessChange(stranger, wanted)).toMatchObject({ problem: { code: 'not-found' } });
  const changeId = await plan('tags_in_out');
  expect(await planUndo(stranger, { tenantId, changeId })).toMatchObject({ problem: { code: 'not-found' } });
  expect(await applyAccessChange(stranger, { tenantId, changeId, arm: bed.arm })).toMatchObject({
    problem: { code: 'not-found' },
  });
  expect(await planAccessChange(ctx, { ...wanted, subscriptionId: [crypto.randomUUID()] })).toMatchObject({
    problem: { code: 'not-found', entity: 'azure-subscription' },
  });
});

test('where our application has lost its role the plan gives it one, and nothing is applied at once', async () => {
  const [first = ''] = bed.subscriptionIds;
  await control('/role-assignments/remove', { scope: scopeOf(0), principalId: bed.principalId });
  const changeId = await plan('tags_in', [first]);
  expect(await itemsOf(changeId)).toMatchObject([{ state: 'planned' }]);
  await apply(changeId);
  expect(await bed.rolesOf(first)).toEqual(['Reader at subscription']);
  expect(await bed.levelOf(first)).toBe('tags_in');
});
