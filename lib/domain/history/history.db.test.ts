import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunId } from '#lib/core/ids.ts';
import { type ImportBed, importNow, presentUserIds, startImportBed } from '../imports/testing.ts';
import { createTestMember } from '../testing.ts';
import { CHANGES_PER_PAGE, listRunChanges, userHistory } from './changes.ts';
import { certifiedDays, Day, dayOf } from './days.ts';
import { licencesOn, skuOn } from './licences-on.ts';
import { userOn } from './user-on.ts';

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed();
});
afterAll(() => bed.stop());

const NOT_FOUND = { ok: false, problem: { code: 'not-found', entity: 'tenant' } };

test('the changes of a run and of a user, field by field, and not for others', async () => {
  const directoryId = await bed.createDirectory(20);
  const tenant = await bed.connect(directoryId);
  const { ctx, tenantId } = tenant;
  await importNow(tenant);
  const [id, gone] = await presentUserIds(tenant);
  if (!id || !gone) throw new Error('too few users');
  const { control } = bed.simulator;
  await control.updateUser(directoryId, id, { department: 'First', accountEnabled: false });
  await control.deleteUser(directoryId, gone);
  const first = await importNow(tenant);
  await control.updateUser(directoryId, id, { department: 'Second', assignedLicenses: [] });
  const second = await importNow(tenant);

  const ofRun = await listRunChanges(ctx, { tenantId, runId: first.runId });
  expect(ofRun).toMatchObject({
    ok: true,
    value: {
      changes: [
        {
          userId: id,
          kind: 'changed',
          fields: expect.arrayContaining([
            { field: 'Department', before: expect.anything(), after: 'First' },
          ]),
        },
        { userId: gone, kind: 'removed', fields: [], displayName: expect.any(String) },
      ],
      next: undefined,
    },
  });
  expect(await listRunChanges(ctx, { tenantId, runId: first.runId, kind: 'added' })).toMatchObject({
    value: { changes: [] },
  });

  const ofUser = await userHistory(ctx, { tenantId, id });
  if (!ofUser.ok) throw new Error(ofUser.problem.code);
  expect(ofUser.value.changes).toMatchObject([
    { runId: second.runId, fields: [{ field: 'Department', before: 'First', after: 'Second' }] },
    {
      runId: first.runId,
      fields: expect.arrayContaining([expect.objectContaining({ field: 'Account enabled', after: 'No' })]),
    },
  ]);

  const stranger = await createTestMember(bed.services, 'owner');
  const day = dayOf(new Date());
  expect(await listRunChanges(stranger, { tenantId, runId: first.runId })).toEqual(NOT_FOUND);
  expect(await userHistory(stranger, { tenantId, id })).toEqual(NOT_FOUND);
  expect(await userOn(stranger, { tenantId, id, day })).toEqual(NOT_FOUND);
  expect(await licencesOn(stranger, { tenantId, dimension: 'all' })).toEqual({ ok: true, value: [] });
  const certified = await certifiedDays(ctx, { tenantId, from: day, to: day });
  expect(certified).toEqual({ ok: true, value: new Set([day]) });
  expect(await certifiedDays(stranger, { tenantId, from: day, to: day })).toEqual({
    ok: true,
    value: new Set(),
  });
});

test('a run with many changes comes in pages, each change once', async () => {
  const { ctx, tenantId } = await bed.connect(await bed.createDirectory(1));
  const runId = RunId.parse(randomUUID());
  const total = 2 * CHANGES_PER_PAGE + 1;
  await bed.pool.query(
    `INSERT INTO directory_user_change (tenant_id, id, changed_at, run_id, kind)
     SELECT $1, gen_random_uuid(), now(), $2, (ARRAY['added', 'removed']::user_change_kind[])[n % 2 + 1]
     FROM generate_series(1, $3::int) AS n`,
    [tenantId, runId, total],
  );
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const page = await listRunChanges(ctx, { tenantId, runId, ...(cursor && { cursor }) });
    if (!page.ok) throw new Error(page.problem.code);
    for (const { userId } of page.value.changes) seen.add(userId);
    cursor = page.value.next;
    if (cursor) continue;
    expect(pages).toBe(3);
    break;
  }
  expect(seen.size).toBe(total);
  const forged = await listRunChanges(ctx, { tenantId, runId, cursor: 'bm90LWpzb24' });
  expect(forged).toMatchObject({ ok: true, value: { next: expect.any(String) } });
});

test("a SKU's seats hold until the next row", async () => {
  const { ctx, tenantId } = await bed.connect(await bed.createDirectory(1));
  const skuId = randomUUID();
  await bed.pool.query(
    `INSERT INTO sku_snapshot (tenant_id, sku_id, day, enabled_units, warning_units, suspended_units, locked_out_units,
       consumed_units) VALUES ($1, $2, '2026-01-01', 5, 0, 0, 0, 3), ($1, $2, '2026-01-10', 0, 0, 0, 0, 0)`,
    [tenantId, skuId],
  );
  const on = async (day: string) => {
    const sku = await skuOn(ctx, { tenantId, skuId, day: Day.parse(day) });
    return sku.ok ? sku.value?.prepaidUnits : sku;
  };
  expect(await on('2025-12-31')).toBeUndefined();
  expect(await on('2026-01-09')).toBe(5);
  expect(await on('2026-01-10')).toBe(0);
});
