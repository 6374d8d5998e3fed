import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ARM_DEFAULT,
  AZURE_APP,
  appToken,
  CONTOSO,
  type RunningSimulator,
  startSimulator,
} from '../../testing.ts';
import { ALEX, armCalls, assignment, OWNER, READER, VERSION } from './test-calls.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

type Calls = Awaited<ReturnType<typeof armCalls>>;

let simulator: RunningSimulator;
let subscriptions: Calls['subscriptions'];
let personToken: Calls['personToken'];
let call: Calls['call'];
let names: Calls['names'];
let authorization: Calls['authorization'];
let assignmentPath: Calls['assignmentPath'];
let principal: Calls['principal'];

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  ({ subscriptions, personToken, call, names, authorization, assignmentPath, principal } =
    await armCalls(simulator));
});

describe('role assignments', () => {
  test('are listed at the scope, with inherited ones, for one principal', async () => {
    const alex = await personToken(ALEX);
    const list = async (filter: string) => {
      const path = `${authorization('Contoso Production EU')}/roleAssignments?${VERSION}&$filter=${encodeURIComponent(filter)}`;
      const { json, status } = await call('GET', path, alex);
      return status === 200
        ? json.value.map((each: { properties: { scope: string } }) => each.properties.scope.split('/')[1])
        : json.error.code;
    };
    const me = JSON.parse(Buffer.from(alex.split('.')[1] ?? '', 'base64url').toString()).oid;
    expect(await list('atScope()')).toEqual(['providers', 'subscriptions']);
    expect(await list(`atScope() and assignedTo('${me}')`)).toEqual(['providers']);
    expect(await list(`principalId eq '${me}'`)).toEqual(['providers']);
    expect(await list('nonsense()')).toBe('UnsupportedQuery');
  });

  test('are created, repeated, refused under another name, changed never, deleted once', async () => {
    const alex = await personToken(ALEX);
    const principalId = await principal();
    const name = crypto.randomUUID();
    const path = assignmentPath('Contoso Development', name);
    const created = await call('PUT', path, alex, assignment(principalId));
    expect(created).toMatchObject({
      status: 201,
      json: {
        name,
        type: 'Microsoft.Authorization/roleAssignments',
        properties: { principalId, principalType: 'ServicePrincipal' },
      },
    });
    expect((await call('PUT', path, alex, assignment(principalId))).status).toBe(200);
    const again = await call('PUT', assignmentPath('Contoso Development'), alex, assignment(principalId));
    expect(again).toMatchObject({ status: 409, code: 'RoleAssignmentExists' });
    expect(again.json.error.message).toContain(name.replaceAll('-', ''));
    expect(await call('PUT', path, alex, assignment(principalId, OWNER))).toMatchObject({
      status: 400,
      code: 'RoleAssignmentUpdateNotPermitted',
    });
    expect((await call('GET', path, alex)).json.properties.roleDefinitionId).toContain(READER);
    expect(await call('DELETE', path, alex)).toMatchObject({ status: 200, json: { name } });
    expect((await call('DELETE', path, alex)).status).toBe(204);
    expect(await call('GET', path, alex)).toMatchObject({ status: 404 });
  });

  test('are written only by those who may, and not on a disabled subscription', async () => {
    const principalId = await principal();
    const alex = await personToken(ALEX);
    for (const subscription of ['Contoso Finance', 'Contoso Archive (disabled)'])
      expect(await call('PUT', assignmentPath(subscription), alex, assignment(principalId))).toMatchObject({
        status: 403,
        code: 'AuthorizationFailed',
      });
    await simulator.control.request('POST', '/role-assignments', {
      scope: `/subscriptions/${subscriptions['Contoso Finance']}`,
      role: 'User Access Administrator',
      mail: ALEX,
    });
    expect((await call('PUT', assignmentPath('Contoso Finance'), alex, assignment(principalId))).status).toBe(
      201,
    );
    await simulator.control.request('POST', `/subscriptions/${subscriptions['Contoso Development']}`, {
      state: 'Disabled',
    });
    expect(
      await call('PUT', assignmentPath('Contoso Development'), alex, assignment(principalId)),
    ).toMatchObject({ status: 409, code: 'ReadOnlyDisabledSubscription' });
    const app = await appToken(simulator.url, CONTOSO, AZURE_APP, ARM_DEFAULT);
    expect(
      (await call('PUT', assignmentPath('Contoso Data, "Lab" & Söhne'), app, assignment(principalId, OWNER)))
        .status,
    ).toBe(403);
  });

  test('name a principal that the directory knows everywhere by now', async () => {
    await simulator.control.settings({ principalLagMs: 5000, principalLagWithoutTypeMs: 60_000 });
    const alex = await personToken(ALEX);
    const state = await simulator.control.request<{ servicePrincipals: { objectId: string }[] }>(
      'GET',
      '/state',
    );
    const principalId = state.servicePrincipals[0]?.objectId ?? '';
    const put = (body: object) => call('PUT', assignmentPath('Contoso Development'), alex, body);
    expect(await put(assignment(principalId))).toMatchObject({ status: 400, code: 'PrincipalNotFound' });
    await simulator.control.request('POST', '/clock', { advanceMs: 6000 });
    expect(await put(assignment(principalId, READER, {}))).toMatchObject({
      status: 400,
      code: 'PrincipalNotFound',
    });
    expect(await put(assignment(crypto.randomUUID()))).toMatchObject({
      status: 400,
      code: 'PrincipalNotFound',
    });
    expect(await put(assignment(AZURE_APP.clientId))).toMatchObject({
      status: 400,
      code: 'PrincipalNotFound',
    });
    expect(await put(assignment(principalId, READER, { principalType: 'User' }))).toMatchObject({
      status: 400,
      code: 'UnmatchedPrincipalType',
    });
    expect((await put(assignment(principalId))).status).toBe(201);
  });

  test('take effect after a moment', async () => {
    await simulator.control.settings({ roleAssignmentLagMs: 5000 });
    const principalId = await principal();
    await call(
      'PUT',
      assignmentPath('Contoso Development'),
      await personToken(ALEX),
      assignment(principalId),
    );
    const app = await appToken(simulator.url, CONTOSO, AZURE_APP, ARM_DEFAULT);
    expect(await names(app)).toEqual([]);
    await simulator.control.request('POST', '/clock', { advanceMs: 6000 });
    expect(await names(app)).toEqual(['Contoso Development']);
  });

  test('with bad bodies, names and roles are refused; the last owner stays', async () => {
    const alex = await personToken(ALEX);
    const principalId = await principal();
    expect(await call('PUT', assignmentPath('Contoso Development'), alex, {})).toMatchObject({
      status: 400,
      code: 'InvalidRequestContent',
    });
    expect(
      await call('PUT', assignmentPath('Contoso Development', 'name'), alex, assignment(principalId)),
    ).toMatchObject({ status: 400, code: 'InvalidRoleAssignmentId' });
    expect(
      await call(
        'PUT',
        assignmentPath('Contoso Development'),
        alex,
        assignment(principalId, crypto.randomUUID()),
      ),
    ).toMatchObject({ code: 'RoleDefinitionDoesNotExist' });
    const { json } = await call(
      'GET',
      `${authorization('Contoso Development')}/roleAssignments?${VERSION}&$filter=atScope()`,
      alex,
    );
    expect(
      await call('DELETE', assignmentPath('Contoso Development', json.value[0].name), alex),
    ).toMatchObject({ status: 400, code: 'CannotDeleteLastRbacAdminAssignment' });
  });

  test('roles are found by name', async () => {
    const alex = await personToken(ALEX);
    const { json } = await call(
      'GET',
      `${authorization('Contoso Development')}/roleDefinitions?${VERSION}&$filter=roleName eq 'Reader'`,
      alex,
    );
    expect(json.value.map(({ name }: { name: string }) => name)).toEqual([READER]);
  });
});
