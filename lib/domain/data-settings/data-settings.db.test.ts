import { afterAll, beforeAll, expect, test } from 'vitest';
import { Day } from '../history/days.ts';
import { userOn } from '../history/user-on.ts';
import {
  type ImportBed,
  importNow,
  presentUserIds,
  startImportBed,
  type TestTenant,
} from '../imports/testing.ts';
import { createTestMember } from '../testing.ts';
import { changeRetention, switchField } from './change.ts';
import { allowImportAgain, erasePerson, findPerson } from './erase-person.ts';
import { pruneHistory } from './prune.ts';
import { dataSettings } from './read.ts';

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed();
});
afterAll(() => bed.stop());

const one = async (sql: string, values: readonly unknown[]): Promise<unknown> =>
  Object.values((await bed.pool.query(sql, [...values])).rows[0] ?? {})[0];

const at = (tenant: TestTenant, day: string): TestTenant => ({
  ...tenant,
  ctx: { ...tenant.ctx, clock: () => new Date(`${day}T12:00:00Z`) },
});

test('a field that is switched off is erased everywhere, leaves no change, and comes back', async () => {
  const directoryId = await bed.createDirectory(15);
  const tenant = await bed.connect(directoryId);
  const { ctx, tenantId } = tenant;
  await importNow(tenant);
  const [id, gone] = await presentUserIds(tenant);
  if (!id || !gone) throw new Error('too few users');
  await bed.simulator.control.updateUser(directoryId, id, { department: 'Other' });
  await bed.simulator.control.deleteUser(directoryId, gone);
  await importNow(tenant);
  const inHistory = () =>
    one(
      `SELECT count(*)::int FROM directory_user_change WHERE tenant_id = $1 AND before ->> 'department' IS NOT NULL`,
      [tenantId],
    );
  const inUsers = () =>
    one('SELECT count(department)::int FROM directory_user WHERE tenant_id = $1', [tenantId]);
  const changes = () =>
    one('SELECT count(*)::int FROM directory_user_change WHERE tenant_id = $1', [tenantId]);
  const before = await changes();
  expect(await inHistory()).toBeGreaterThan(0);

  expect(await switchField(ctx, { field: 'department', to: 'off' })).toMatchObject({ ok: true });
  expect(await inHistory()).toBe(0);
  expect(await importNow(tenant)).toMatchObject({ status: 'completed' });
  expect(await inUsers()).toBe(0);
  expect(await changes()).toBe(before);
  expect(await inHistory()).toBe(0);
  expect(
    await one(
      `SELECT count(*)::int FROM licence_figure WHERE dimension = 'department' AND value <> '' AND tenant_id = $1`,
      [tenantId],
    ),
  ).toBe(0);

  await switchField(ctx, { field: 'department', to: 'on' });
  await importNow(tenant);
  expect(await inUsers()).toBeGreaterThan(0);
  const audit = await ctx.database.prisma.auditEvent.count({
    where: { organizationId: ctx.actor.organizationId, action: 'organization.update' },
  });
  expect(audit).toBe(2);
});

test('whoever is erased is gone, stays away, and comes back when allowed', async () => {
  const directoryId = await bed.createDirectory(12);
  const tenant = await bed.connect(directoryId);
  const { ctx, tenantId } = tenant;
  await importNow(tenant);
  const [id] = await presentUserIds(tenant);
  if (!id) throw new Error('too few users');
  await bed.simulator.control.updateUser(directoryId, id, { displayName: 'To be forgotten' });
  await importNow(tenant);
  const principalName = String(
    await one('SELECT user_principal_name FROM directory_user WHERE tenant_id = $1 AND id = $2', [
      tenantId,
      id,
    ]),
  );
  const found = await findPerson(ctx, { who: principalName.toUpperCase() });
  expect(found).toMatchObject({
    ok: true,
    value: [{ tenantId, id, displayName: 'To be forgotten', changes: 1 }],
  });
  expect(await findPerson(ctx, { who: id })).toMatchObject({ ok: true, value: [{ id }] });
  for (const who of ['%', principalName.replace(/^./, '_')]) {
    expect(await findPerson(ctx, { who }), who).toMatchObject({ problem: { code: 'not-found' } });
  }

  const stranger = await createTestMember(bed.services, 'owner');
  expect(await findPerson(stranger, { who: id })).toMatchObject({ problem: { code: 'not-found' } });
  expect(await erasePerson(stranger, { tenantId, id })).toMatchObject({ problem: { code: 'not-found' } });

  expect(await erasePerson(ctx, { tenantId, id })).toMatchObject({ ok: true });
  const tables = await bed.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const traces: string[] = [];
  for (const { name } of tables.rows) {
    const rows = await one(
      `SELECT count(*)::int FROM "${name}" t WHERE to_jsonb(t)::text ILIKE '%' || $1 || '%' OR to_jsonb(t)::text ILIKE '%forgotten%'`,
      [id],
    );
    if (rows !== 0) traces.push(name);
  }
  // The row of somebody whom they manage may name the id.
  expect(traces.filter((name) => name !== 'directory_user')).toEqual(['erased_person']);
  expect(
    await one(`SELECT count(*)::int FROM directory_user WHERE tenant_id = $1 AND id = $2`, [tenantId, id]),
  ).toBe(0);

  const run = await importNow(tenant);
  expect(run).toMatchObject({ status: 'completed' });
  expect(await presentUserIds(tenant)).not.toContain(id);
  expect(
    await one(
      `SELECT users FROM licence_figure WHERE tenant_id = $1 AND dimension = 'all' AND to_day IS NULL ORDER BY sku_id LIMIT 1`,
      [tenantId],
    ),
  ).toBe(11);

  expect(await dataSettings(ctx)).toMatchObject({ value: { erased: [{ tenantId, id }] } });
  expect(await allowImportAgain(ctx, { tenantId, id })).toMatchObject({ ok: true });
  await importNow(tenant);
  expect(await presentUserIds(tenant)).toContain(id);
});

test('what is older than the retention is erased, and no day of it is answered', async () => {
  const directoryId = await bed.createDirectory(6);
  const tenant = await bed.connect(directoryId);
  const { ctx, tenantId } = tenant;
  await importNow(at(tenant, '2026-01-01'));
  const [id] = await presentUserIds(tenant);
  if (!id) throw new Error('too few users');
  for (const day of ['2026-01-10', '2026-06-10']) {
    await bed.simulator.control.updateUser(directoryId, id, { department: `of ${day}` });
    await importNow(at(tenant, day));
  }
  expect(await changeRetention(ctx, { days: 60 })).toMatchObject({ problem: { code: 'invalid-input' } });
  expect(await changeRetention(ctx, { days: 60, erasesOlder: 'yes' })).toMatchObject({ ok: true });
  const later = at(tenant, '2026-07-01').ctx;
  await pruneHistory(later);
  const kept = await bed.pool.query('SELECT before FROM directory_user_change WHERE tenant_id = $1', [
    tenantId,
  ]);
  expect(kept.rows).toMatchObject([{ before: { department: 'of 2026-01-10' } }]);
  const on = async (day: string) => {
    const state = await userOn(later, { tenantId, id, day: Day.parse(day) });
    return state.ok ? state.value.state : state;
  };
  expect(await on('2026-02-01')).toBe('unknown');
  expect(await on('2026-05-10')).toBe('present');
});

test('of two fields switched off at once, both are', async () => {
  const ctx = await createTestMember(bed.services, 'owner');
  await Promise.all([
    switchField(ctx, { field: 'city', to: 'off' }),
    switchField(ctx, { field: 'state', to: 'off' }),
  ]);
  const { switchedOffFields } = await bed.db.database.prisma.organization.findUniqueOrThrow({
    where: { id: ctx.actor.organizationId },
  });
  expect(switchedOffFields).toEqual(['city', 'state']);
});

test('a viewer reads, and changes nothing', async () => {
  const viewer = await createTestMember(bed.services, 'viewer');
  expect(await dataSettings(viewer)).toMatchObject({
    ok: true,
    value: { mayChange: false, historyDays: 400 },
  });
  const forbidden = { ok: false, problem: { code: 'forbidden' } };
  expect(await switchField(viewer, { field: 'mail', to: 'off' })).toMatchObject(forbidden);
  expect(await changeRetention(viewer, { days: 100, erasesOlder: 'yes' })).toMatchObject(forbidden);
  expect(await findPerson(viewer, { who: 'x' })).toMatchObject(forbidden);
});
