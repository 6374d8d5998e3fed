import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CONTOSO, type RunningSimulator, startSimulator } from '../../testing.ts';
import { ALEX, armCalls, VERSION } from './test-calls.ts';

const GROUPS = '/providers/Microsoft.Management/managementGroups';
const MANAGEMENT = 'api-version=2020-05-01';
const OLIVIA = 'olivia.owner@contoso.com';
const ELEVATE = '/providers/Microsoft.Authorization/elevateAccess?api-version=2016-07-01';
const AT_ROOT = `/providers/Microsoft.Authorization/roleAssignments?${VERSION}&$filter=atScope()`;

let simulator: RunningSimulator;
let arm: Awaited<ReturnType<typeof armCalls>>;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  arm = await armCalls(simulator);
});

const namesOf = ({ json }: { json: { value: { properties: { displayName: string } }[] } }): string[] =>
  json.value.map(({ properties }) => properties.displayName).sort();

test('a person sees the groups that a role of theirs reaches, with what lies below them', async () => {
  const [alex, olivia] = [await arm.personToken(ALEX), await arm.personToken(OLIVIA)];
  expect(namesOf(await arm.call('GET', `${GROUPS}?${MANAGEMENT}`, alex))).toEqual(['Contoso Production']);
  expect(namesOf(await arm.call('GET', `${GROUPS}?${MANAGEMENT}`, olivia))).toEqual([]);
  const below = await arm.call('GET', `${GROUPS}/contoso-production/descendants?${MANAGEMENT}`, alex);
  expect(namesOf(below)).toEqual(['Contoso Production EU', 'Contoso Production US']);
  expect(
    await arm.call('GET', `${GROUPS}/contoso-production/descendants?${MANAGEMENT}`, olivia),
  ).toMatchObject({ status: 403, code: 'AuthorizationFailed' });
});

test('a Global Administrator elevates their access, everybody else is refused', async () => {
  const [alex, olivia] = [await arm.personToken(ALEX), await arm.personToken(OLIVIA)];
  expect(await arm.call('POST', ELEVATE, olivia)).toMatchObject({ status: 403 });
  expect((await arm.call('GET', AT_ROOT, alex)).status).toBe(403);
  expect((await arm.call('POST', ELEVATE, alex)).status).toBe(200);
  const { json } = await arm.call('GET', AT_ROOT, alex);
  expect(json.value).toMatchObject([{ properties: { scope: '/' } }]);
  expect(await arm.names(alex)).toHaveLength(6);
  expect(namesOf(await arm.call('GET', `${GROUPS}?${MANAGEMENT}`, alex))).toHaveLength(2);
  const path = `/providers/Microsoft.Authorization/roleAssignments/${json.value[0].name}?${VERSION}`;
  expect((await arm.call('DELETE', path, alex)).status).toBe(200);
  expect(await arm.names(alex)).toHaveLength(6);
  expect((await arm.call('GET', AT_ROOT, alex)).status).toBe(403);
});

test('a subscription inherits from the group that it is moved to', async () => {
  const alex = await arm.personToken(ALEX);
  const created = await simulator.control.request<{ id: string }>('POST', '/subscriptions', {
    tenantId: CONTOSO,
    displayName: 'Contoso New',
  });
  expect(await arm.names(alex)).not.toContain('Contoso New');
  await simulator.control.request('POST', '/management-groups', {
    tenantId: CONTOSO,
    name: 'contoso-lab',
    parent: 'contoso-production',
  });
  await simulator.control.request('POST', `/subscriptions/${created.id}`, { managementGroup: 'contoso-lab' });
  expect(await arm.names(alex)).toContain('Contoso New');
});
