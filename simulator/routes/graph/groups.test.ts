import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  appToken,
  CONTOSO,
  FABRIKAM,
  GRAPH_APP,
  type RunningSimulator,
  startSimulator,
} from '../../testing.ts';
import { graphReads, type Row } from './test-reads.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
let reads: ReturnType<typeof graphReads>;

const ALL = ['User.Read.All', 'LicenseAssignment.Read.All', 'Organization.Read.All', 'GroupMember.Read.All'];

beforeAll(async () => {
  simulator = await startSimulator();
  await simulator.control.grant(CONTOSO, GRAPH_APP.clientId, ALL);
  reads = graphReads(simulator.url, await appToken(simulator.url, CONTOSO, GRAPH_APP));
});
afterAll(() => simulator.stop());

const UNITS = {
  Enabled: 'enabled',
  Warning: 'warning',
  Suspended: 'suspended',
  LockedOut: 'lockedOut',
} as const;

test('purchases add up to the units of their product', async () => {
  const purchases = (await reads.read('/directory/subscriptions')).value;
  const skus = (await reads.read('/subscribedSkus')).value;
  for (const sku of skus) {
    const own = purchases.filter(({ skuId }) => skuId === sku.skuId);
    expect(own.map(({ id }) => id)).toEqual(sku.subscriptionIds);
    for (const [status, unit] of Object.entries(UNITS)) {
      const seats = own.filter((row) => row.status === status).map((row) => Number(row.totalLicenses));
      const total = seats.reduce((sum, each) => sum + each, 0);
      expect([sku.skuPartNumber, unit, total]).toEqual([
        sku.skuPartNumber,
        unit,
        (sku.prepaidUnits as Record<string, number>)[unit],
      ]);
    }
  }
  expect(purchases.some(({ isTrial }) => isTrial === true)).toBe(true);
  expect(purchases.some(({ ownerTenantId }) => ownerTenantId !== null)).toBe(true);
  expect(new Set(purchases.map((row) => typeof row.nextLifecycleDateTime))).toEqual(
    new Set(['string', 'object']),
  );
  expect(new Set(purchases.map(({ status }) => status))).toEqual(new Set([...Object.keys(UNITS), 'Deleted']));
  expect((await reads.read('/directory/subscriptions')).value).toEqual(purchases);
});

const states = (row: Row) => row.licenseAssignmentStates as Record<string, string | null>[];

test('groups give the licences that users have by them, and name the members whom they failed', async () => {
  const users = (await reads.drain('/users?$select=id,licenseAssignmentStates&$top=999')).rows;
  const filter = '$filter=assignedLicenses/$count ne 0&$count=true';
  const { rows, pages } = await reads.drain(`/groups?$select=id,assignedLicenses&${filter}&$top=10`, {
    eventual: true,
  });
  expect(pages).toBe(3);
  const givers = new Map(rows.map((row) => [row.id, row.assignedLicenses as { skuId: string }[]]));
  for (const user of users)
    for (const { assignedByGroup, skuId } of states(user).filter((state) => state.assignedByGroup))
      expect(givers.get(String(assignedByGroup))).toEqual([{ skuId, disabledPlans: [] }]);
  const failing = (await reads.read('/groups?$filter=hasMembersWithLicenseErrors eq true&$select=id')).value;
  expect(failing.length).toBeGreaterThan(3);
  for (const { id } of failing) {
    const members = await reads.drain(
      `/groups/${id}/membersWithLicenseErrors?$select=id,licenseAssignmentStates`,
    );
    const expected = users.filter((user) =>
      states(user).some(
        ({ assignedByGroup, state }) =>
          assignedByGroup === id && (state === 'Error' || state === 'ActiveWithError'),
      ),
    );
    expect(members.rows.map((row) => row.id)).toEqual(expected.map((row) => row.id));
    expect(members.rows.map(states)).toEqual(expected.map(states));
  }
});

test('what the control API changes shows at once', async () => {
  const [group] = (await reads.read('/groups?$select=id')).value;
  const { id: member } = await simulator.control.createUser(CONTOSO, {
    licenseAssignmentStates: [
      { skuId: CONTOSO, assignedByGroup: group?.id, state: 'Error', error: 'CountViolation' },
    ],
  });
  const members = async () =>
    (await reads.drain(`/groups/${group?.id}/membersWithLicenseErrors?$select=id`)).rows.map(({ id }) => id);
  expect(await members()).toContain(member);
  await simulator.control.updateUser(CONTOSO, member, { licenseAssignmentStates: [] });
  expect(await members()).not.toContain(member);
  await simulator.control.changeGroup(CONTOSO, String(group?.id), { isGone: true });
  expect(await reads.refusal(`/groups/${group?.id}/membersWithLicenseErrors`)).toMatchObject({ status: 404 });
});

test.each([
  ['/groups?$filter=assignedLicenses/$count ne 0', 'Request_UnsupportedQuery'],
  ["/groups?$filter=department eq 'Sales'", 'Request_UnsupportedQuery'],
  ['/groups?$top=0', 'Request_BadRequest'],
  ['/groups?$skiptoken=abc', 'Request_BadRequest'],
])('%s is refused', async (path, code) => {
  expect(await reads.refusal(path)).toEqual({ status: 400, code });
});

test('the documented example of a filter for errors is refused, as the service does', async () => {
  const path = '/groups?$count=true&$filter=hasMembersWithLicenseErrors eq true&$select=id';
  expect(await reads.refusal(path, { eventual: true })).toEqual({
    status: 400,
    code: 'Request_UnsupportedQuery',
  });
});

test('both need their permissions', async () => {
  await simulator.control.grant(FABRIKAM, GRAPH_APP.clientId, [
    'User.Read.All',
    'LicenseAssignment.Read.All',
  ]);
  const token = await appToken(simulator.url, FABRIKAM, GRAPH_APP);
  for (const path of ['/groups', '/directory/subscriptions', `/groups/${CONTOSO}/membersWithLicenseErrors`])
    expect(await reads.refusal(path, { as: token })).toEqual({
      status: 403,
      code: 'Authorization_RequestDenied',
    });
});
