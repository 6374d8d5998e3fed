import { afterAll, beforeAll, expect, test } from 'vitest';
import { DirectoryId } from '#lib/core/ids.ts';
import { CONTOSO, GRAPH_APP } from '../../../simulator/testing.ts';
import { readStored, readTruth } from './test-truth.ts';
import {
  graphUserIds,
  type ImportBed,
  importNow,
  presentUserIds,
  readGraph,
  startImportBed,
} from './testing.ts';

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed();
});
afterAll(() => bed.stop());

test('a first import brings every user with every field, and every SKU', async () => {
  await bed.simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
  const tenant = await bed.connect(DirectoryId.parse(CONTOSO));
  const run = await importNow(tenant);
  const truth = await readTruth(bed.simulator.url, CONTOSO);
  expect(run).toMatchObject({ status: 'completed', problem: undefined, checkpoint: null, leaseHolder: null });
  expect(run.phase('users')).toMatchObject({
    state: 'completed',
    received: truth.users.length,
    expected: truth.users.length,
    written: truth.users.length,
    retired: 0,
  });
  const stored = await readStored(tenant);
  expect(stored.users).toEqual(truth.users);
  expect(stored.skus).toEqual(truth.skus);
});

test('the next import writes what has changed, and only that', async () => {
  const directoryId = await bed.createDirectory(1200);
  const tenant = await bed.connect(directoryId);
  await importNow(tenant);
  const [first, second, third] = await presentUserIds(tenant);
  if (!first || !second || !third) throw new Error('too few users');

  const unchanged = await importNow(tenant);
  expect(unchanged.phase('users')).toMatchObject({
    state: 'completed',
    received: 1200,
    written: 0,
    retired: 0,
  });

  const { control } = bed.simulator;
  await control.updateUser(directoryId, first, { department: 'Moved' });
  await control.deleteUser(directoryId, second);
  const { id: added } = await control.createUser(directoryId, { displayName: 'New' });
  const changed = await importNow(tenant);
  expect(changed).toMatchObject({ status: 'completed' });
  expect(changed.phase('users')).toMatchObject({ received: 1200, written: 2, retired: 1 });
  expect(await presentUserIds(tenant)).toEqual(await graphUserIds(bed.simulator.url, directoryId));
  expect(await presentUserIds(tenant)).toContain(added);
  const { rows } = await bed.pool.query(
    'SELECT id, department, deleted_at IS NOT NULL AS gone FROM directory_user WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id',
    [tenant.tenantId, [first, second]],
  );
  expect(rows).toMatchObject([
    { id: first, department: 'Moved', gone: false },
    { id: second, gone: true },
  ]);

  await control.request('POST', `/users/${second}/restore?tenantId=${directoryId}`);
  const restored = await importNow(tenant);
  expect(restored.phase('users')).toMatchObject({ received: 1201, written: 1, retired: 0 });
  expect(await presentUserIds(tenant)).toContain(second);
});

test('SKUs that vanish are removed, their figures of the day stay', async () => {
  const directoryId = await bed.createDirectory(5);
  const tenant = await bed.connect(directoryId);
  await bed.pool.query(
    `INSERT INTO subscribed_sku (tenant_id, sku_id, sku_part_number, capability_status, enabled_units, warning_units,
       suspended_units, locked_out_units, consumed_units, service_plans, imported_at)
     VALUES ($1, $1, 'GONE', 'Enabled', 1, 0, 0, 0, 0, '[]', now())`,
    [tenant.tenantId],
  );
  await bed.pool.query(
    `INSERT INTO sku_snapshot (tenant_id, sku_id, day, enabled_units, warning_units, suspended_units,
       locked_out_units, consumed_units) VALUES ($1, $1, '2020-01-01', 1, 0, 0, 0, 0)`,
    [tenant.tenantId],
  );
  const run = await importNow(tenant);
  expect(run.phase('skus')).toMatchObject({ state: 'completed', retired: 1 });
  const skus = await readGraph(bed.simulator.url, directoryId, '/subscribedSkus');
  const { rows } = await bed.pool.query(
    `SELECT (SELECT count(*)::int FROM subscribed_sku WHERE tenant_id = $1) AS skus,
            (SELECT count(*)::int FROM sku_snapshot WHERE tenant_id = $1) AS snapshots,
            (SELECT count(*)::int FROM sku_snapshot WHERE tenant_id = $1 AND day = (now() AT TIME ZONE 'UTC')::date) AS today`,
    [tenant.tenantId],
  );
  // The day on which it vanished has a row of zeros.
  expect(rows).toEqual([{ skus: skus.length, snapshots: skus.length + 2, today: skus.length + 1 }]);
});

test('a tenant that was added by its ID learns its domain; one that was typed stays', async () => {
  const directoryId = await bed.createDirectory(3);
  const tenant = await bed.connect(directoryId);
  const domain = async () => {
    const where = { id: tenant.tenantId };
    return (await bed.db.database.prisma.tenant.findUniqueOrThrow({ where })).domain;
  };
  await importNow(tenant);
  expect(await domain()).toMatch(/\.example$/);
  await bed.db.database.prisma.tenant.update({
    where: { id: tenant.tenantId },
    data: { domain: 'typed.example' },
  });
  await importNow(tenant);
  expect(await domain()).toBe('typed.example');
});

test('two organizations with one directory have a copy each', async () => {
  const directoryId = await bed.createDirectory(30);
  const [one, other] = [await bed.connect(directoryId), await bed.connect(directoryId)];
  await importNow(one);
  expect(await presentUserIds(other)).toEqual([]);
  await importNow(other);
  expect(await presentUserIds(other)).toEqual(await presentUserIds(one));
});
