import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  ADATUM,
  ARM_DEFAULT,
  AZURE_APP,
  appToken,
  CONTOSO,
  GRAPH_APP,
  type RunningSimulator,
  startSimulator,
} from './testing.ts';

/*
 * The answers have every member of the documented examples, with values of the same kind.
 */
// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
let graph: string;
let arm: string;
let principalId: string;
let subscriptionId: string;

beforeAll(async () => {
  simulator = await startSimulator({ settings: { roleAssignmentLagMs: 0 } });
  const roles = [
    'User.Read.All',
    'LicenseAssignment.Read.All',
    'Organization.Read.All',
    'Application.Read.All',
  ];
  await simulator.control.grant(CONTOSO, GRAPH_APP.clientId, roles);
  ({ objectId: principalId } = await simulator.control.grant(CONTOSO, AZURE_APP.clientId));
  const state = await simulator.control.request<{ subscriptions: { id: string; displayName: string }[] }>(
    'GET',
    '/state',
  );
  subscriptionId =
    state.subscriptions.find(({ displayName }) => displayName === 'Contoso Development')?.id ?? '';
  await simulator.control.request('POST', '/role-assignments', {
    scope: `/subscriptions/${subscriptionId}`,
    role: 'Owner',
    principalId,
  });
  graph = await appToken(simulator.url, CONTOSO, GRAPH_APP);
  arm = await appToken(simulator.url, CONTOSO, AZURE_APP, ARM_DEFAULT);
});
afterAll(() => simulator.stop());

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));

async function read(path: string, token: string, init: RequestInit = {}): Promise<unknown> {
  const headers = {
    authorization: `Bearer ${token}`,
    consistencylevel: 'eventual',
    'content-type': 'application/json',
  };
  return (await fetch(simulator.url + path, { ...init, headers })).json();
}

const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** Where the answer lacks a documented member or has another kind of value; null may stand for any value. */
function differences(documented: unknown, actual: unknown, path = '$'): string[] {
  if (documented === null || actual === null) return [];
  if (kindOf(documented) !== kindOf(actual))
    return [`${path}: ${kindOf(documented)} became ${kindOf(actual)}`];
  if (Array.isArray(documented) && Array.isArray(actual)) {
    const [example] = documented;
    return example === undefined
      ? []
      : actual.flatMap((row, index) => differences(example, row, `${path}[${index}]`));
  }
  if (typeof documented !== 'object' || typeof actual !== 'object') return [];
  return Object.entries(documented).flatMap(([name, value]) =>
    name in actual
      ? differences(value, (actual as Record<string, unknown>)[name], `${path}.${name}`)
      : [`${path}.${name} is missing`],
  );
}

const GRAPH_READS = [
  [
    'graph-users-list-count',
    "/v1.0/users?$count=true&$top=999&$select=displayName,mail,mailNickname,otherMails,proxyAddresses,userPrincipalName&$filter=userType eq 'Guest'",
  ],
  ['graph-subscribedskus-list', '/v1.0/subscribedSkus'],
  ['graph-directory-subscriptions-list', '/v1.0/directory/subscriptions'],
  ['graph-organization-list', '/v1.0/organization'],
  ['graph-user-manager', '/v1.0/users/olivia.owner@contoso.com/manager'],
  ['graph-users-delta-first-page', '/v1.0/users/delta?$select=displayName,givenName,surname&$filter='],
  ['graph-error-501-property', '/v1.0/users?$select=aboutMe'],
  ['graph-serviceprincipal-list', `/v1.0/servicePrincipals?$filter=appId eq '${GRAPH_APP.clientId}'`],
] as const;

test.each(GRAPH_READS)('%s', async (name, path) => {
  const answer = await read(path, graph);
  // A delta row has only the properties that were ever set.
  const sometimes = name.startsWith('graph-users-delta')
    ? /(givenName|surname|displayName) is missing$/
    : /^$/;
  expect(differences(fixture(name), answer).filter((line) => !sometimes.test(line))).toEqual([]);
});

test('graph-serviceprincipal-approleassignments', async () => {
  const found = (await read(`/v1.0/servicePrincipals(appId='${GRAPH_APP.clientId}')`, graph)) as {
    id: string;
  };
  const answer = await read(`/v1.0/servicePrincipals/${found.id}/appRoleAssignments`, graph);
  expect(differences(fixture('graph-serviceprincipal-approleassignments'), answer)).toEqual([]);
});

test('graph-users-delta-removed', async () => {
  const first = (await read('/v1.0/users/delta?$deltatoken=latest', graph)) as Record<string, string>;
  const { id } = await simulator.control.createUser(CONTOSO, {
    displayName: 'Testuser7',
    givenName: 'Joe',
    surname: 'Doe',
  });
  const { id: gone } = await simulator.control.createUser(CONTOSO);
  await simulator.control.deleteUser(CONTOSO, gone);
  const link = new URL(first['@odata.deltaLink'] ?? '');
  const answer = (await read(link.pathname + link.search, graph)) as { value: Record<string, unknown>[] };
  expect(answer.value.map((row) => row.id)).toEqual([id, gone]);
  const documented = fixture('graph-users-delta-removed') as { value: unknown[] };
  expect(differences({ ...documented, value: [] }, answer)).toEqual([]);
  for (const [index, row] of documented.value.entries())
    expect(differences(row, answer.value[index])).toEqual([]);
});

test('graph-error-429', async () => {
  await simulator.control.grant(ADATUM, GRAPH_APP.clientId);
  const token = await appToken(simulator.url, ADATUM, GRAPH_APP);
  await simulator.control.settings({ quotaScale: 0.001 });
  const first = await read('/v1.0/subscribedSkus', token);
  const refused = await read('/v1.0/subscribedSkus', token);
  await simulator.control.settings({ quotaScale: 1 });
  expect(first).toHaveProperty('value');
  expect(differences(fixture('graph-error-429'), refused)).toEqual([]);
});

const ARM_READS = [
  ['arm-subscriptions-list', '/subscriptions?api-version=2022-12-01'],
  ['arm-tenants-list', '/tenants?api-version=2022-12-01'],
] as const;

test.each(ARM_READS)('%s', async (name, path) => {
  expect(differences(fixture(name), await read(path, arm))).toEqual([]);
});

test('arm-permissions-list, arm-role-definition, arm-role-assignment-create', async () => {
  const scope = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization`;
  const version = '?api-version=2022-04-01';
  expect(
    differences(fixture('arm-permissions-list'), await read(`${scope}/permissions${version}`, arm)),
  ).toEqual([]);
  const reader = `${scope}/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
  expect(differences(fixture('arm-role-definition'), await read(reader + version, arm))).toEqual([]);
  const body = JSON.stringify({
    properties: { roleDefinitionId: reader, principalId, principalType: 'ServicePrincipal' },
  });
  const created = await read(`${scope}/roleAssignments/${crypto.randomUUID()}${version}`, arm, {
    method: 'PUT',
    body,
  });
  expect(differences(fixture('arm-role-assignment-create'), created)).toEqual([]);
});
