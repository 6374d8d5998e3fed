import { afterAll, beforeAll, expect, test } from 'vitest';
import { withTransaction } from '#lib/db/database.ts';
import { type ImportBed, importNow, presentUserIds, startImportBed, type TestTenant } from '../../testing.ts';
import { ALL_USERS, LICENSED_USERS, rollUp } from './figures.ts';

let bed: ImportBed;

beforeAll(async () => {
  bed = await startImportBed();
});
afterAll(() => bed.stop());

const DIMENSIONS = { all: `''`, department: 'department', country: 'country', company: 'company_name' };

/** The figures as they must be, counted one by one. */
async function recount({ tenantId }: TestTenant): Promise<string[]> {
  const figures: string[] = [];
  for (const [dimension, column] of Object.entries(DIMENSIONS)) {
    const { rows } = await bed.pool.query<{ figure: string }>(
      `SELECT concat_ws('|', '${dimension}', coalesce(${column}, ''), sku_id, count(*)) AS figure
       FROM directory_user, LATERAL (
         SELECT unnest(sku_ids) UNION ALL SELECT '${ALL_USERS}'
         UNION ALL SELECT '${LICENSED_USERS}' WHERE cardinality(sku_ids) > 0) AS held(sku_id)
       WHERE tenant_id = $1 AND deleted_at IS NULL GROUP BY coalesce(${column}, ''), sku_id`,
      [tenantId],
    );
    figures.push(...rows.map(({ figure }) => figure));
  }
  return figures.sort();
}

/** The figures that are kept, of a day or of now. */
async function kept({ tenantId }: TestTenant, day?: string): Promise<string[]> {
  const { rows } = await bed.pool.query<{ figure: string }>(
    `SELECT concat_ws('|', dimension, value, sku_id, users) AS figure FROM licence_figure
     WHERE tenant_id = $1 AND CASE WHEN $2::date IS NULL THEN to_day IS NULL
       ELSE from_day <= $2 AND (to_day IS NULL OR to_day > $2) END`,
    [tenantId, day ?? null],
  );
  return rows.map(({ figure }) => figure).sort();
}

test('figures are those of the directory, and those of earlier days stay', async () => {
  const directoryId = await bed.createDirectory(120);
  const tenant = await bed.connect(directoryId);
  const on = (day: string): TestTenant => ({
    ...tenant,
    ctx: { ...tenant.ctx, clock: () => new Date(`${day}T10:00:00Z`) },
  });
  await importNow(on('2026-03-01'));
  const first = await recount(tenant);
  expect(await kept(tenant)).toEqual(first);

  const [moved, gone] = await presentUserIds(tenant);
  if (!moved || !gone) throw new Error('too few users');
  const { control } = bed.simulator;
  await control.updateUser(directoryId, moved, { department: 'Only one', country: null });
  await importNow(on('2026-03-02'));
  const second = await recount(tenant);
  expect(await kept(tenant)).toEqual(second);

  await control.updateUser(directoryId, moved, { department: null });
  await control.deleteUser(directoryId, gone);
  await importNow(on('2026-03-02'));
  const third = await recount(tenant);
  expect(third).not.toEqual(second);
  expect(await kept(tenant)).toEqual(third);
  expect(await kept(tenant, '2026-03-01')).toEqual(first);
  expect(await kept(tenant, '2026-03-02')).toEqual(third);
  expect(await kept(tenant, '2026-02-28')).toEqual([]);

  const versions = async () =>
    (await bed.pool.query('SELECT xmin::text FROM licence_figure ORDER BY ctid')).rows;
  const before = await versions();
  await withTransaction(bed.pool, (client) => rollUp(client, tenant.tenantId, new Date()));
  expect(await versions()).toEqual(before);
});
