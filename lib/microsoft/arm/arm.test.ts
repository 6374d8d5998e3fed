import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { CODE_PROBLEMS } from '../http/problems.ts';
import {
  type Answer,
  type Received,
  recordedWaits,
  type ScriptedServer,
  startScriptedServer,
  testArm,
} from '../testing.ts';
import { listAzureSubscriptions } from './azure-subscriptions.ts';
import type { ArmClient } from './client.ts';
import { listPermissions } from './permissions.ts';
import { assignRole, listRoleAssignments, ROLE, removeRole, roleAssignmentName } from './role-assignments.ts';
import { subscriptionScope } from './scope.ts';

const SUBSCRIPTION = '1f2e3d4c-0a1b-4c2d-8e3f-5a6b7c8d9e0f';
const PRINCIPAL = 'ce2ce14e-85d7-4629-bdbc-454d0519d987';
const NAME = '05c5a614-a7d6-4502-b150-c2fb455033ff';
const ROLE_ASSIGNMENTS = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments`;

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(
  answer: Answer | ((request: Received, index: number) => Answer),
): Promise<ScriptedServer> {
  const server = await startScriptedServer(typeof answer === 'function' ? answer : () => answer);
  servers.push(server);
  return server;
}

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));

const refusal = (code: string, message = 'text') => ({ error: { code, message } });

const request = {
  subscriptionId: SUBSCRIPTION,
  principalId: PRINCIPAL,
  roleDefinitionId: ROLE.reader,
  name: NAME,
};

test('subscriptions as documented', async () => {
  const server = await serve({ body: fixture('subscriptions') });
  expect(await listAzureSubscriptions(testArm(server.origin))).toEqual({
    ok: true,
    value: [
      {
        subscriptionId: SUBSCRIPTION,
        displayName: 'Prod EU',
        state: 'Enabled',
        directoryId: '0b8a2f4d-7e0e-4f55-8a53-1a9b7c2d3e4f',
        quotaId: 'EnterpriseAgreement_2014-09-01',
      },
    ],
  });
  expect(server.received).toMatchObject([
    {
      method: 'GET',
      path: '/subscriptions',
      search: 'api-version=2022-12-01',
      headers: { authorization: 'Bearer the-token' },
    },
  ]);
});

test('no access is an empty list, and members that are missing do no harm', async () => {
  const none = await serve({ body: { value: [] } });
  expect(await listAzureSubscriptions(testArm(none.origin))).toEqual({ ok: true, value: [] });
  const bare = await serve({ body: { value: [{ subscriptionId: SUBSCRIPTION, state: 'NewState' }] } });
  expect(await listAzureSubscriptions(testArm(bare.origin))).toEqual({
    ok: true,
    value: [
      {
        subscriptionId: SUBSCRIPTION,
        displayName: SUBSCRIPTION,
        state: 'NewState',
        directoryId: null,
        quotaId: null,
      },
    ],
  });
});

test('all pages are read, from this origin alone', async () => {
  const row = (n: number) => ({
    subscriptionId: SUBSCRIPTION.replace(/.$/, String(n)),
    displayName: `S${n}`,
  });
  const server: ScriptedServer = await serve(({ query }) => {
    const page = Number(query.get('$skiptoken') ?? 0);
    const nextLink = `${server.origin}/subscriptions?api-version=2022-12-01&%24skiptoken=${page + 1}`;
    return { body: { value: [row(page)], ...(page < 2 && { nextLink }) } };
  });
  const listed = await listAzureSubscriptions(testArm(server.origin));
  expect(listed.ok && listed.value.map(({ displayName }) => displayName)).toEqual(['S0', 'S1', 'S2']);

  const other = await serve({ body: { value: [] } });
  const lists = [
    listAzureSubscriptions,
    (arm: ArmClient) => listRoleAssignments(arm, SUBSCRIPTION),
    (arm: ArmClient) => listPermissions(arm, SUBSCRIPTION),
  ];
  for (const list of lists) {
    const leading = await serve({ body: { value: [], nextLink: `${other.origin}/subscriptions` } });
    expect(await list(testArm(leading.origin))).toEqual({
      ok: false,
      problem: { code: 'foreign-link', origin: other.origin },
    });
  }
  expect(other.received).toEqual([]);
});

test('permissions as documented', async () => {
  const server = await serve({ body: fixture('permissions') });
  const listed = await listPermissions(testArm(server.origin), SUBSCRIPTION);
  expect(listed).toMatchObject({ ok: true, value: [{ actions: ['*'] }, { notActions: [] }] });
  expect(server.received[0]).toMatchObject({
    path: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/permissions`,
    search: 'api-version=2022-04-01',
  });
});

test('a role is assigned by name, with the type of the principal', async () => {
  const server = await serve({ status: 201, body: fixture('role-assignment') });
  expect(await assignRole(testArm(server.origin), request)).toEqual({
    ok: true,
    value: { outcome: 'created', isOurs: true },
  });
  expect(server.received).toHaveLength(1);
  expect(server.received[0]).toMatchObject({
    method: 'PUT',
    path: `${ROLE_ASSIGNMENTS}/${NAME}`,
    search: 'api-version=2022-04-01',
    headers: { authorization: 'Bearer the-token' },
  });
  expect(server.received[0]?.headers['content-type']).toContain('application/json');
  expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({
    properties: {
      roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ROLE.reader}`,
      principalId: PRINCIPAL,
      principalType: 'ServicePrincipal',
    },
  });
});

test.each<[string, Answer, boolean]>([
  ['the same name again', { status: 200, body: fixture('role-assignment') }, true],
  ['the same right under another name', { status: 409, body: refusal('RoleAssignmentExists') }, false],
])('%s counts as success', async (_name, answer, isOurs) => {
  const server = await serve(answer);
  expect(await assignRole(testArm(server.origin), request)).toEqual({
    ok: true,
    value: { outcome: 'existed', isOurs },
  });
});

test.each<[string, Answer, string]>([
  ['one that is there', { status: 200, body: fixture('role-assignment') }, 'removed'],
  ['one that is gone already', { status: 204 }, 'was-gone'],
])('%s is removed by its name', async (_name, answer, outcome) => {
  const server = await serve(answer);
  expect(await removeRole(testArm(server.origin), request)).toEqual({ ok: true, value: { outcome } });
  expect(server.received[0]).toMatchObject({
    method: 'DELETE',
    path: `${ROLE_ASSIGNMENTS}/${NAME}`,
    search: 'api-version=2022-04-01',
  });
});

test('a principal that has not arrived is for the caller to try again', async () => {
  const server = await serve({
    status: 400,
    body: refusal('PrincipalNotFound'),
    headers: { 'x-ms-request-id': 'r-1' },
  });
  expect(await assignRole(testArm(server.origin), request)).toMatchObject({
    ok: false,
    problem: {
      code: 'principal-not-found',
      microsoft: { code: 'PrincipalNotFound', correlationId: 'r-1', status: 400 },
    },
  });
  expect(server.received).toHaveLength(1);
});

test('a missing right names the action', async () => {
  const message =
    "The client 'a@b.example' with object id 'x' does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '/subscriptions/y' or the scope is invalid.";
  const server = await serve({ status: 403, body: refusal('AuthorizationFailed', message) });
  expect(await assignRole(testArm(server.origin), request)).toMatchObject({
    ok: false,
    problem: { code: 'permission-missing', permission: 'Microsoft.Authorization/roleAssignments/write' },
  });
});

test.each(CODE_PROBLEMS.filter(([service]) => service === 'arm'))(
  '%s: %s is %s',
  async (_service, code, problem) => {
    for (const body of [refusal(code), { code, message: 'without the wrapper' }]) {
      const server = await serve({ status: 400, body });
      expect(await listAzureSubscriptions(testArm(server.origin))).toMatchObject({
        ok: false,
        problem: { code: problem, microsoft: { code } },
      });
    }
  },
);

test('throttling and outages are repeated within bounds', async () => {
  const { waits, options } = recordedWaits();
  const throttled = await serve((_request, index) =>
    index === 0
      ? { status: 429, headers: { 'retry-after': '3' }, body: refusal('TooManyRequests') }
      : { body: { value: [] } },
  );
  expect(await listRoleAssignments(testArm(throttled.origin, options), SUBSCRIPTION)).toEqual({
    ok: true,
    value: [],
  });
  expect(waits).toEqual([3000]);
  const down = await serve({ status: 500 });
  expect(await listAzureSubscriptions(testArm(down.origin))).toMatchObject({
    ok: false,
    problem: { code: 'upstream-unavailable' },
  });
  expect(down.received).toHaveLength(3);
});

test('a refused person’s token is not renewed', async () => {
  const server = await serve({ status: 401, body: refusal('ExpiredAuthenticationToken') });
  expect(await listAzureSubscriptions(testArm(server.origin))).toMatchObject({
    ok: false,
    problem: { code: 'sign-in-required', microsoft: { code: 'ExpiredAuthenticationToken' } },
  });
  expect(server.received).toHaveLength(1);
});

test('role assignments as documented, the role in either form', async () => {
  const server = await serve({ body: fixture('role-assignments') });
  expect(
    await listRoleAssignments(testArm(server.origin), SUBSCRIPTION, { assignedTo: PRINCIPAL }),
  ).toMatchObject({
    ok: true,
    value: [
      {
        name: NAME,
        principalId: PRINCIPAL,
        roleDefinitionId: ROLE.reader,
        scope: `/subscriptions/${SUBSCRIPTION}`,
      },
      {
        roleDefinitionId: ROLE.tagContributor,
        scope: '/providers/Microsoft.Management/managementGroups/root',
      },
    ],
  });
  expect(server.received[0]?.path).toBe(ROLE_ASSIGNMENTS);
  expect(server.received[0]?.query.get('$filter')).toBe(`atScope() and assignedTo('${PRINCIPAL}')`);
});

test.each([null, [], {}, { value: null }, { value: [5] }, { value: [{ id: 1, actions: 'all' }] }])(
  'the body %j is another shape than documented',
  async (body) => {
    const lists = [
      listAzureSubscriptions,
      (arm: ArmClient) => listPermissions(arm, SUBSCRIPTION),
      (arm: ArmClient) => listRoleAssignments(arm, SUBSCRIPTION),
    ];
    for (const list of lists) {
      const server = await serve({ body });
      expect(await list(testArm(server.origin))).toMatchObject({
        ok: false,
        problem: { code: 'upstream-shape' },
      });
    }
  },
);

test('stopping ends a call with the reason', async () => {
  const stop = new AbortController();
  const server = await serve(() => {
    stop.abort(new Error('the person left'));
    return { fault: 'hang' };
  });
  await expect(listAzureSubscriptions(testArm(server.origin), { signal: stop.signal })).rejects.toThrow(
    'the person left',
  );
});

test('the name of an assignment depends on what it says, not on casing', () => {
  const scope = subscriptionScope(SUBSCRIPTION);
  const name = roleAssignmentName(scope, PRINCIPAL, ROLE.reader);
  expect(name).toBe('9ba4cd84-b0c2-55be-af0c-8ada357bb1ac');
  expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(roleAssignmentName(scope.toUpperCase(), PRINCIPAL.toUpperCase(), ROLE.reader.toUpperCase())).toBe(
    name,
  );
  expect(roleAssignmentName(scope, PRINCIPAL, ROLE.tagContributor)).not.toBe(name);
  expect(roleAssignmentName(scope, SUBSCRIPTION, ROLE.reader)).not.toBe(name);
});
