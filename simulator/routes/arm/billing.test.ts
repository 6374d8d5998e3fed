import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  ARM_DEFAULT,
  AZURE_APP,
  appToken,
  CONTOSO,
  FABRIKAM,
  type RunningSimulator,
  startSimulator,
} from '../../testing.ts';
import { ALEX, armCalls } from './test-calls.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const ROOT = '/providers/Microsoft.Billing/billingAccounts';
const LIST = `${ROOT}?api-version=2020-05-01`;
const ENROLLMENT = '1234567';
const ENROLLMENT_READER = '24f8edb6-1668-4659-b5e2-40bb5f3a7d7e';
const BILLING_READER = '50000000-aaaa-bbbb-cccc-100000000002';
const OLIVIA = 'olivia.owner@contoso.com';
const QUERY = { type: 'Usage', timeframe: 'TheLastMonth', dataset: { granularity: 'None' } };

type Calls = Awaited<ReturnType<typeof armCalls>>;
let simulator: RunningSimulator;
let call: Calls['call'];
let personToken: Calls['personToken'];
let principal: string;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  const calls = await armCalls(simulator);
  ({ call, personToken } = calls);
  principal = await calls.principal();
  await simulator.control.settings({ billingRoleLagMs: 0 });
});

const appAt = (tenant: string) => appToken(simulator.url, tenant, AZURE_APP, ARM_DEFAULT);
const assignmentPath = (account = ENROLLMENT, name: string = crypto.randomUUID()) =>
  `${ROOT}/${account}/billingRoleAssignments/${name}?api-version=2019-10-01-preview`;
const body = (principalId: string, roleId = ENROLLMENT_READER) => ({
  properties: {
    principalId,
    principalTenantId: CONTOSO,
    roleDefinitionId: `${ROOT}/${ENROLLMENT}/billingRoleDefinitions/${roleId}`,
  },
});
const namesSeen = async (token: string): Promise<string[]> => {
  const { json } = await call('GET', LIST, token);
  return json.value.map(({ name }: { name: string }) => name);
};
const query = (account: string, token: string, question: object = QUERY) =>
  call(
    'POST',
    `${ROOT}/${account}/providers/Microsoft.CostManagement/query?api-version=2023-11-01`,
    token,
    question,
  );

test('an Enterprise Administrator gives the role, and the application reads costs with it', async () => {
  const [alex, app] = [await personToken(ALEX), await appAt(CONTOSO)];
  expect(await namesSeen(app)).toEqual([]);
  expect(await query(ENROLLMENT, app)).toMatchObject({
    status: 401,
    json: { error: { code: '401', message: 'No claims present for the caller in the system' } },
  });
  expect((await call('PUT', assignmentPath(), alex, body(principal))).status).toBe(200);
  // Once more, under another name: the same.
  expect((await call('PUT', assignmentPath(), alex, body(principal))).status).toBe(200);
  expect(await namesSeen(app)).toEqual([ENROLLMENT]);
  const costs = await query(ENROLLMENT, app);
  expect(costs.status).toBe(200);
  expect(costs.json.properties.rows[0]).toEqual([expect.any(Number), 'USD']);
});

test('nobody else may give it, whatever they own in Azure', async () => {
  const olivia = await personToken(OLIVIA);
  expect((await call('PUT', assignmentPath(), olivia, body(principal))).status).toBe(403);
  const alex = await personToken(ALEX);
  const elsewhere = await call('PUT', assignmentPath('7654321'), alex, body(principal));
  expect(elsewhere).toMatchObject({ status: 404, json: { code: 'NotFound' } });
});

test('a principal that the directory does not have is refused, as the object id of a registration is', async () => {
  const alex = await personToken(ALEX);
  const refused = await call('PUT', assignmentPath(), alex, body(crypto.randomUUID()));
  expect(refused.status).toBe(400);
  expect(refused.json.error.message).toMatch(/^The provided principal Tenant Id = .* are not valid$/);
  const bare = await call('PUT', assignmentPath(), alex, body(principal).properties.principalId as never);
  expect(bare.status).toBe(400);
  await call('PUT', assignmentPath(), alex, body(principal));
  const second = await call(
    'PUT',
    assignmentPath(),
    alex,
    body(principal, 'da6647fb-7651-49ee-be91-c43c4877f0c4'),
  );
  expect(second.json.error.message).toContain('only one role');
});

test('a role takes effect after the lag of its tenant, and ends with its removal', async () => {
  const [alex, app] = [await personToken(ALEX), await appAt(CONTOSO)];
  await simulator.control.request('POST', `/tenants/${CONTOSO}`, { billingRoleLagMs: 60_000 });
  const name = crypto.randomUUID();
  await call('PUT', assignmentPath(ENROLLMENT, name), alex, body(principal));
  expect(await namesSeen(app)).toEqual([]);
  await simulator.control.request('POST', '/clock', { advanceMs: 60_001 });
  expect(await namesSeen(app)).toEqual([ENROLLMENT]);
  expect((await call('DELETE', assignmentPath(ENROLLMENT, name), alex)).status).toBe(200);
  expect((await call('DELETE', assignmentPath(ENROLLMENT, name), alex)).status).toBe(204);
  expect(await namesSeen(app)).toEqual([]);
});

test('a customer agreement: roles by POST, costs for readers, none yet as an empty answer', async () => {
  const fiona = await personToken('fiona.admin@fabrikam.com', FABRIKAM);
  const { objectId } = await simulator.control.grant(FABRIKAM, AZURE_APP.clientId);
  const app = await appAt(FABRIKAM);
  const [account = ''] = await namesSeen(fiona);
  expect(account).toMatch(/_2019-05-31$/);
  expect((await query(account, app)).code).toBe('RBACAccessDenied');
  const created = await call(
    'POST',
    `${ROOT}/${account}/createBillingRoleAssignment?api-version=2024-04-01`,
    fiona,
    { principalId: objectId, principalTenantId: FABRIKAM, roleDefinitionId: BILLING_READER },
  );
  expect(created.status).toBe(200);
  const listed = await call('GET', `${ROOT}/${account}/billingRoleAssignments?api-version=2024-04-01`, fiona);
  expect(
    listed.json.value.map(
      ({ properties }: { properties: { principalId: string } }) => properties.principalId,
    ),
  ).toContain(objectId);
  expect((await query(account, app)).json.properties.rows).toHaveLength(1);
  await simulator.control.request('POST', `/billing-accounts/${encodeURIComponent(account)}`, {
    hasCosts: false,
  });
  expect((await query(account, app)).json.properties.rows).toEqual([]);
  expect((await query(account, app, { type: 'Usage' })).status).toBe(400);
});

test('pay-as-you-go is listed for its owner and answers no question about costs', async () => {
  const { name } = await simulator.control.request<{ name: string }>('POST', '/billing-accounts', {
    tenantId: CONTOSO,
    agreementType: 'MicrosoftOnlineServicesProgram',
    accountType: 'Individual',
    administrators: [ALEX],
  });
  const alex = await personToken(ALEX);
  expect(await namesSeen(alex)).toEqual([ENROLLMENT, name]);
  expect(await query(name, alex)).toMatchObject({ status: 400, code: 'BadRequest' });
});
