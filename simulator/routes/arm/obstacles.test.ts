import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type RunningSimulator, startSimulator } from '../../testing.ts';
import { ALEX, armCalls, assignment, VERSION } from './test-calls.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DEVELOPMENT = 'Contoso Development';
const TAG_CONTRIBUTOR = '4a9ae827-6dc8-4573-8ac7-8239d42aa03f';

let simulator: RunningSimulator;
let calls: Awaited<ReturnType<typeof armCalls>>;
let alex: string;
let principalId: string;
let scope: string;
let path: string;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  calls = await armCalls(simulator);
  alex = await calls.personToken(ALEX);
  principalId = await calls.principal();
  scope = `/subscriptions/${calls.subscriptions[DEVELOPMENT]}`;
  path = calls.assignmentPath(DEVELOPMENT);
});

const put = (role?: string, at = path) => calls.call('PUT', at, alex, assignment(principalId, role));
const remove = () => calls.call('DELETE', path, alex);
const clear = (kind?: string) =>
  simulator.control.request('POST', '/obstacles/remove', { scope, ...(kind && { kind }) });

test('a lock against deletion keeps a role where it is, and lets new ones in', async () => {
  await simulator.control.request('POST', '/locks', { scope, level: 'CanNotDelete' });
  expect(await put()).toMatchObject({ status: 201 });
  const refused = await remove();
  expect(refused).toMatchObject({ status: 409, code: 'ScopeLocked' });
  expect(refused.json.error.message).toContain(
    `cannot perform delete operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
  );
  await clear('policies');
  expect((await remove()).status).toBe(409);
  await clear('locks');
  expect((await remove()).status).toBe(200);
});

test('a read-only lock forbids both, and nothing on other subscriptions', async () => {
  await simulator.control.request('POST', '/locks', { scope, level: 'ReadOnly' });
  expect(await put()).toMatchObject({ status: 409, code: 'ScopeLocked' });
  expect(await remove()).toMatchObject({ status: 409, code: 'ScopeLocked' });
  expect(await put(undefined, calls.assignmentPath('Contoso Production EU'))).toMatchObject({ status: 201 });
});

test('a deny assignment stands above roles, for those it names, and can be listed', async () => {
  const list = async () => {
    const { json } = await calls.call(
      'GET',
      `${calls.authorization(DEVELOPMENT)}/denyAssignments?${VERSION}&$filter=atScope()`,
      alex,
    );
    return json.value;
  };
  expect(await list()).toEqual([]);
  await simulator.control.request('POST', '/deny-assignments', { scope, principalIds: [principalId] });
  expect((await put()).status).toBe(201);
  await clear();
  await simulator.control.request('POST', '/deny-assignments', { scope, name: 'Stack' });
  expect(await list()).toMatchObject([
    {
      properties: {
        denyAssignmentName: 'Stack',
        permissions: [{ actions: ['Microsoft.Authorization/roleAssignments/*'] }],
        principals: [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }],
        excludePrincipals: [],
        scope,
      },
    },
  ]);
  const refused = await remove();
  expect(refused).toMatchObject({ status: 403, code: 'DenyAssignmentAuthorizationFailed' });
  expect(refused.json.error.message).toContain("because of the deny assignment with name 'Stack'");
});

test('a policy forbids the roles it names', async () => {
  await simulator.control.request('POST', '/policies', {
    scope,
    roles: ['Tag Contributor'],
    name: 'No tags',
  });
  const refused = await put(TAG_CONTRIBUTOR);
  expect(refused).toMatchObject({ status: 403, code: 'RequestDisallowedByPolicy' });
  expect(refused.json.error.additionalInfo[0]).toMatchObject({
    type: 'PolicyViolation',
    info: { policyAssignmentName: 'No tags', policyDefinitionEffect: 'deny' },
  });
  expect((await put()).status).toBe(201);
  expect((await remove()).status).toBe(200);
});

test('a list may show a new assignment late', async () => {
  await simulator.control.settings({ roleAssignmentListLagMs: 60_000 });
  await put();
  const count = async () => {
    const filter = encodeURIComponent(`principalId eq '${principalId}'`);
    const list = `${calls.authorization(DEVELOPMENT)}/roleAssignments?${VERSION}&$filter=${filter}`;
    return (await calls.call('GET', list, alex)).json.value.length;
  };
  expect(await count()).toBe(0);
  await simulator.control.request('POST', '/clock', { advanceMs: 60_000 });
  expect(await count()).toBe(1);
});

test('obstacles are at scopes that exist, and of roles that exist', async () => {
  const refused = async (path: string, body: Record<string, unknown>) =>
    expect(simulator.control.request('POST', path, body)).rejects.toThrow(/404/);
  await refused('/locks', { scope: '/subscriptions/none', level: 'ReadOnly' });
  await refused('/deny-assignments', { scope: '/subscriptions/none' });
  await refused('/policies', { scope: '/subscriptions/none' });
  await refused('/policies', { scope, roles: ['No such role'] });
});
