import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordedWaits } from '#lib/microsoft/testing.ts';
import { GRAPH_APP } from '../../../simulator/testing.ts';
import {
  type GraphRow,
  type ImportBed,
  importNow,
  readGraph,
  runState,
  start,
  startImportBed,
  type TestTenant,
  workOn,
} from './testing.ts';

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed({
    // Waits are the client's business and tested there; here they would only take time.
    ...recordedWaits(new Date()).options,
    patience: {
      interactive: { timeoutMs: 2_000, unavailableMax: 2, throttledMax: 4, waitTotalMs: 600_000 },
      background: { timeoutMs: 2_000, unavailableMax: 2, throttledMax: 4, waitTotalMs: 600_000 },
    },
  });
});
afterAll(() => bed.stop());

const ASKED = ['User.Read.All', 'LicenseAssignment.Read.All', 'Organization.Read.All'];
const ALL = [...ASKED, 'GroupMember.Read.All'];

const read = (directoryId: string, path: string) => readGraph(bed.simulator.url, directoryId, path);

async function stored({ tenantId }: TestTenant, table: string, columns: string): Promise<GraphRow[]> {
  const { rows } = await bed.pool.query(
    `SELECT ${columns} FROM ${table} WHERE tenant_id = $1 ORDER BY 1, 2, 3`,
    [tenantId],
  );
  return rows;
}

const instant = (text: unknown): Date | null => (text === null ? null : new Date(String(text)));
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

const PURCHASE = `id, commerce_subscription_id, sku_id, sku_part_number, status, total_licenses, is_trial,
  owner_tenant_id, created_date_time, next_lifecycle_date_time`;
const toPurchase = (row: GraphRow) => ({
  id: row.id,
  commerce_subscription_id: row.commerceSubscriptionId,
  sku_id: row.skuId,
  sku_part_number: row.skuPartNumber,
  status: row.status,
  total_licenses: row.totalLicenses,
  is_trial: row.isTrial,
  owner_tenant_id: row.ownerTenantId,
  created_date_time: instant(row.createdDateTime),
  next_lifecycle_date_time: instant(row.nextLifecycleDateTime),
});

test('every purchase is kept as Microsoft lists it; unchanged ones are not written, vanished ones go', async () => {
  const directoryId = await bed.createDirectory(200);
  const tenant = await bed.connect(directoryId);
  const first = await importNow(tenant);
  const listed = await read(directoryId, '/directory/subscriptions');
  expect(first).toMatchObject({ status: 'completed', problem: undefined });
  expect(first.phase('directory-subscriptions')).toMatchObject({
    state: 'completed',
    received: listed.length,
    written: listed.length,
    requests: 1,
  });
  const kept = await stored(tenant, 'directory_subscription', PURCHASE);
  expect(kept.sort(byId)).toEqual(listed.map(toPurchase).sort(byId));

  const again = await importNow(tenant);
  expect(again.phase('directory-subscriptions')).toMatchObject({ written: 0, retired: 0, requests: 1 });

  const [gone, changed] = listed.map(({ id }) => id);
  const { control } = bed.simulator;
  await control.changePurchase(directoryId, String(gone), { isGone: true });
  await control.changePurchase(directoryId, String(changed), { values: { status: 'Warning' } });
  const third = await importNow(tenant);
  expect(third.phase('directory-subscriptions')).toMatchObject({ written: 1, retired: 1 });
  const left = (await read(directoryId, '/directory/subscriptions')).map(toPurchase);
  expect((await stored(tenant, 'directory_subscription', PURCHASE)).sort(byId)).toEqual(left.sort(byId));
});

test('without the permission for groups nothing is asked, and the run is complete', async () => {
  const directoryId = await bed.createDirectory(30, ASKED);
  const tenant = await bed.connect(directoryId);
  const run = await importNow(tenant);
  expect(run).toMatchObject({ status: 'completed', problem: undefined });
  expect(run.phase('groups')).toMatchObject({
    state: 'skipped',
    requests: 0,
    problem: { code: 'permission-missing', permission: 'GroupMember.Read.All' },
  });
  const check = { name: 'verify-tenant', payload: expect.objectContaining({ tenantId: tenant.tenantId }) };
  expect(bed.services.jobs).not.toMatchObject({ enqueued: expect.arrayContaining([check]) });
});

const failingStates = (rows: readonly GraphRow[]) =>
  rows.flatMap(({ id, licenseAssignmentStates }) =>
    (licenseAssignmentStates as Record<string, string>[])
      .filter(({ state }) => state === 'Error' || state === 'ActiveWithError')
      .map(({ skuId, assignedByGroup, state, error }) => ({
        group_id: assignedByGroup,
        user_id: id,
        sku_id: skuId,
        state,
        error,
      })),
  );
const usersOf = (directoryId: string) =>
  read(directoryId, '/users?$select=id,licenseAssignmentStates&$top=999');
const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();
const ERROR = 'group_id, user_id, sku_id, state, error';

test('groups that give licences are kept with the members who did not get theirs', async () => {
  const directoryId = await bed.createDirectory(400, ALL);
  const tenant = await bed.connect(directoryId);
  const first = await importNow(tenant);
  const select = '$select=id,displayName,assignedLicenses,groupTypes';
  const groups = await read(directoryId, `/groups?${select}&$top=999`);
  const licensed = groups.filter(({ assignedLicenses }) => (assignedLicenses as unknown[]).length > 0);
  expect(groups.length).toBeGreaterThan(licensed.length);
  expect(first).toMatchObject({ status: 'completed', problem: undefined });
  expect(first.phase('groups')).toMatchObject({ state: 'completed', received: licensed.length });
  const errors = failingStates(await usersOf(directoryId));
  expect(errors.length).toBeGreaterThan(3);
  expect(sorted(await stored(tenant, 'licence_error', ERROR))).toEqual(sorted(errors));
  const kept = await stored(
    tenant,
    'licensed_group',
    'id, display_name, sku_ids, is_dynamic, members_with_errors',
  );
  expect(kept.sort(byId)).toEqual(
    licensed
      .map(({ id, displayName, assignedLicenses, groupTypes }) => ({
        id,
        display_name: displayName,
        sku_ids: (assignedLicenses as { skuId: string }[]).map(({ skuId }) => skuId),
        is_dynamic: (groupTypes as string[]).includes('DynamicMembership'),
        members_with_errors: errors.filter((error) => error.group_id === id).length,
      }))
      .sort(byId),
  );

  const again = await importNow(tenant);
  expect(again.phase('groups')).toMatchObject({ written: 0, retired: 0 });

  const { control } = bed.simulator;
  const [gone, renamed] = licensed.map(({ id }) => id);
  await control.changeGroup(directoryId, String(gone), { isGone: true });
  await control.changeGroup(directoryId, String(renamed), { values: { displayName: 'Renamed' } });
  const third = await importNow(tenant);
  expect(third.phase('groups')).toMatchObject({ retired: 1, written: 1 });
  const left = errors.filter((error) => error.group_id !== gone);
  expect(sorted(await stored(tenant, 'licence_error', ERROR))).toEqual(sorted(left));
});

test('an error that came or went is noticed although the users were not read', async () => {
  const directoryId = await bed.createDirectory(300, ALL);
  const tenant = await bed.connect(directoryId);
  await importNow(tenant);
  const users = await usersOf(directoryId);
  const [recovering] = failingStates(users);
  const failing = users.find(({ licenseAssignmentStates }) => (licenseAssignmentStates as []).length === 0);
  const groupId = recovering?.group_id;
  const failed = {
    skuId: recovering?.sku_id,
    disabledPlans: [],
    assignedByGroup: groupId,
    state: 'Error',
    error: 'MutuallyExclusiveViolation',
    lastUpdatedDateTime: null,
  };
  const { control } = bed.simulator;
  // The users phase must not see it, as a read of changes would not: so the run begins before, and reads users first.
  const runId = await start(tenant);
  const fault = await control.fault({
    kind: 'error',
    service: 'graph',
    tenantId: directoryId,
    path: '/v1.0/groups',
    status: 503,
  });
  expect(await workOn(tenant, runId)).toBe('waiting');
  await control.request('DELETE', `/faults/${fault.id}`);
  expect((await runState(tenant, runId)).phase('users').state).toBe('completed');
  await control.updateUser(directoryId, String(failing?.id), { licenseAssignmentStates: [failed] });
  await control.updateUser(directoryId, String(recovering?.user_id), { licenseAssignmentStates: [] });
  expect(await workOn(tenant, runId)).toBe('ended');
  const { rows } = await bed.pool.query(
    'SELECT id, license_assignments FROM directory_user WHERE tenant_id = $1 AND id = ANY($2)',
    [tenant.tenantId, [failing?.id, recovering?.user_id]],
  );
  const { lastUpdatedDateTime, ...assignment } = failed;
  expect(rows.sort(byId)).toEqual(
    [
      { id: failing?.id, license_assignments: [assignment] },
      { id: recovering?.user_id, license_assignments: [] },
    ].sort((a, b) => byId({ id: String(a.id) }, { id: String(b.id) })),
  );
  const errors = failingStates(await usersOf(directoryId));
  expect(sorted(await stored(tenant, 'licence_error', ERROR))).toEqual(sorted(errors));
  const next = await importNow(tenant);
  expect(next.phase('users')).toMatchObject({ written: 0 });
  expect(next.phase('groups')).toMatchObject({ written: 0 });
});

test.each([
  ['assignedLicenses/$count', 'all groups are read instead'],
  // A second batch, as there are more than twenty.
  ['hasMembersWithLicenseErrors', 'each group is asked'],
])('where the filter %s is refused, %s', async (filter) => {
  const directoryId = await bed.createDirectory(120, ALL);
  const tenant = await bed.connect(directoryId);
  const usual = await importNow(tenant);
  await bed.pool.query('DELETE FROM licensed_group WHERE tenant_id = $1', [tenant.tenantId]);
  await bed.simulator.control.fault({
    kind: 'error',
    service: 'graph',
    tenantId: directoryId,
    path: filter,
    status: 400,
    code: 'Request_UnsupportedQuery',
  });
  const run = await importNow(tenant);
  expect(run).toMatchObject({ status: 'completed' });
  const errors = failingStates(await usersOf(directoryId));
  expect(sorted(await stored(tenant, 'licence_error', ERROR))).toEqual(sorted(errors));
  expect(run.phase('groups').requests - usual.phase('groups').requests).toBe(1);
});

test('a failed read of purchases or groups keeps what is there, and the run is partial', async () => {
  const directoryId = await bed.createDirectory(60, ALL);
  const tenant = await bed.connect(directoryId);
  await importNow(tenant);
  const before = [
    await stored(tenant, 'directory_subscription', PURCHASE),
    await stored(tenant, 'licensed_group', 'id, display_name, imported_at'),
  ];
  for (const path of ['/directory/subscriptions', '/v1.0/groups'])
    await bed.simulator.control.fault({
      kind: 'error',
      service: 'graph',
      tenantId: directoryId,
      path,
      status: 400,
      code: 'BadRequest',
    });
  const run = await importNow(tenant);
  expect(run).toMatchObject({ status: 'partial', problem: { code: 'request-rejected' } });
  expect(run.phase('directory-subscriptions')).toMatchObject({ state: 'failed' });
  expect(run.phase('groups')).toMatchObject({ state: 'failed' });
  expect([
    await stored(tenant, 'directory_subscription', PURCHASE),
    await stored(tenant, 'licensed_group', 'id, display_name, imported_at'),
  ]).toEqual(before);
});

test('a permission that was taken back leaves the groups, and the run complete', async () => {
  const directoryId = await bed.createDirectory(20, ALL);
  const tenant = await bed.connect(directoryId);
  await importNow(tenant);
  await bed.simulator.control.revoke({
    tenantId: directoryId,
    clientId: GRAPH_APP.clientId,
    appRoles: ['GroupMember.Read.All'],
  });
  const run = await importNow(tenant);
  expect(run).toMatchObject({ status: 'completed' });
  expect(run.phase('groups')).toMatchObject({ state: 'skipped' });
});

test('where it is switched off how licences came, nobody is asked and no error is kept', async () => {
  const directoryId = await bed.createDirectory(150, ALL);
  const tenant = await bed.connect(directoryId);
  await importNow(tenant);
  expect((await stored(tenant, 'licence_error', ERROR)).length).toBeGreaterThan(0);
  await bed.db.database.prisma.organization.update({
    where: { id: tenant.ctx.actor.organizationId ?? '' },
    data: { switchedOffFields: ['licenseAssignmentStates'] },
  });
  const run = await importNow(tenant);
  expect(run.phase('groups')).toMatchObject({ state: 'completed', requests: 1 });
  expect(await stored(tenant, 'licence_error', ERROR)).toEqual([]);
  const groups = await stored(tenant, 'licensed_group', 'id, members_with_errors, sku_ids');
  expect(new Set(groups.map((group) => group.members_with_errors))).toEqual(new Set([null]));
});
