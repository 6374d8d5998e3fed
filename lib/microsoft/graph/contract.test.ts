import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { type ScriptedServer, startScriptedServer, TEST_DIRECTORY, testGraph } from '../testing.ts';
import { listDirectorySubscriptions } from './directory-subscriptions.ts';
import { getOrganization } from './organization.ts';
import { findServicePrincipal, listAppRoleAssignments } from './service-principals.ts';
import { listSubscribedSkus } from './subscribed-skus.ts';
import { userPages } from './users.ts';

type Collection = { value: Record<string, unknown>[] };

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const fixture = (name: string): Collection =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));

/** The example with what its author left out of the first row. */
function withMembers(name: string, members: Record<string, unknown>): Collection {
  const { value, ...envelope } = fixture(name);
  return { ...envelope, value: value.map((row) => ({ ...members, ...row })) };
}

async function graphAnswering(body: unknown, status = 200) {
  const server = await startScriptedServer(() => ({ status, body }));
  servers.push(server);
  return testGraph(server.origin);
}

const ID = '7d54cb02-aaa3-4016-9f9c-a4b49422dd9b';

test('purchases as documented', async () => {
  const graph = await graphAnswering(fixture('directory-subscriptions-list'));
  expect(await listDirectorySubscriptions(graph)).toEqual({
    ok: true,
    value: [
      {
        id: '860697e3-b0aa-4196-a6c6-7ec361ed58f7',
        commerceSubscriptionId: 'f9c1ea2d-2c6e-4717-8c3b-7130812d70ba',
        skuId: '0816ccb9-3785-4d19-bf78-6c53e2106509',
        skuPartNumber: 'MyPartNumber',
        status: 'Enabled',
        totalLicenses: 25,
        isTrial: false,
        ownerTenantId: '331af819-4e0b-49f7-a6bf-14e1165ad3a0',
        createdDateTime: '2023-01-01T00:00:00Z',
        nextLifecycleDateTime: '2023-02-01T00:00:00Z',
      },
    ],
  });
});

test('subscribedSkus as documented', async () => {
  const graph = await graphAnswering(fixture('subscribedskus-list'));
  expect(await listSubscribedSkus(graph)).toEqual({
    ok: true,
    value: [
      {
        skuId: 'c7df2760-2c81-4ef7-b578-5b5392b571df',
        skuPartNumber: 'ENTERPRISEPREMIUM',
        capabilityStatus: 'Enabled',
        appliesTo: 'User',
        consumedUnits: 14,
        prepaidUnits: { enabled: 25, warning: 0, suspended: 0, lockedOut: 0 },
        servicePlans: [
          {
            servicePlanId: '8c098270-9dd4-4350-9b30-ba4703f3b36b',
            servicePlanName: 'ADALLOM_S_O365',
            provisioningStatus: 'Success',
            appliesTo: 'User',
          },
        ],
        subscriptionIds: [],
      },
      expect.objectContaining({
        skuPartNumber: 'CRMSTANDARD',
        capabilityStatus: 'Suspended',
        prepaidUnits: { enabled: 0, warning: 0, suspended: 25, lockedOut: 0 },
      }),
    ],
  });
});

test('organization as documented', async () => {
  const graph = await graphAnswering(withMembers('organization-list', { id: TEST_DIRECTORY.toUpperCase() }));
  expect(await getOrganization(graph)).toEqual({
    ok: true,
    value: {
      id: TEST_DIRECTORY,
      displayName: 'Contoso',
      countryLetterCode: 'US',
      tenantType: null,
      verifiedDomains: [],
    },
  });
});

test('service principals and their assignments as documented', async () => {
  const found = await graphAnswering(withMembers('serviceprincipal-list', { id: ID, appId: ID }));
  expect(await findServicePrincipal(found, ID)).toMatchObject({
    ok: true,
    value: { id: ID, displayName: 'amasf', accountEnabled: true, appRoles: [] },
  });
  expect(await findServicePrincipal(await graphAnswering({ value: [] }), ID)).toEqual({
    ok: true,
    value: null,
  });
  const granted = await graphAnswering(fixture('serviceprincipal-approleassignments'));
  expect(await listAppRoleAssignments(granted, ID)).toEqual({
    ok: true,
    value: [
      {
        appRoleId: 'e2a3a72e-5f79-4c64-b1b1-878b674786c9',
        resourceId: 'fea94d6d-b5bf-44d2-a887-4f72a8d74f44',
        resourceDisplayName: 'Microsoft Graph',
        createdDateTime: '2021-02-02T04:22:45.4980259Z',
      },
    ],
  });
});

test.each(['users-list', 'users-list-count'])('users as documented in %s', async (name) => {
  const graph = await graphAnswering(withMembers(name, { id: ID }));
  for await (const page of userPages(graph)) {
    expect(page).toMatchObject({
      ok: true,
      value: { users: [{ id: ID, manager: null, assignedLicenses: [] }] },
    });
  }
});

test('a user with the chain of managers as documented', async () => {
  const row = fixture('user-manager-chain');
  const graph = await graphAnswering({ value: [row] });
  for await (const page of userPages(graph)) {
    expect(page).toMatchObject({ ok: true, value: { users: [{ manager: { id: ID } }] } });
  }
});

test.each([
  [
    'error-501-property',
    501,
    { code: 'request-rejected', microsoft: { code: 'NotImplemented', correlationId: '...' } },
  ],
  [
    'error-generic',
    400,
    { code: 'request-rejected', microsoft: { code: 'invalidRange', correlationId: 'request-id' } },
  ],
  [
    'error-429',
    429,
    {
      code: 'throttled',
      microsoft: {
        code: 'TooManyRequests',
        correlationId: '94fb3b52-452a-4535-a601-69e0a90e3aa2',
        timestamp: '2020-08-18T12:51:51',
      },
    },
  ],
])('%s as documented', async (name, status, problem) => {
  const graph = await graphAnswering(fixture(name), status);
  expect(await listSubscribedSkus(graph, { patience: 'interactive' })).toMatchObject({ ok: false, problem });
});
