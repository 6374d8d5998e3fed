import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ImportBed,
  importNow,
  readGraph,
  startImportBed,
  type TestTenant,
} from '#lib/domain/imports/testing.ts';
import { exportPurchases } from './export-purchases.ts';
import { listPurchases } from './origins.ts';
import type { SkuOrigins } from './origins-model.ts';
import { licenseOverview } from './queries.ts';
import { createTestSku } from './testing.ts';

const ALL = ['User.Read.All', 'LicenseAssignment.Read.All', 'Organization.Read.All', 'GroupMember.Read.All'];
const COPILOT = 'Microsoft_365_Copilot';

let bed: ImportBed;
let directoryId: string;
let tenant: TestTenant;

beforeAll(async () => {
  bed = await startImportBed();
  const created = await bed.createDirectory(1500, ALL);
  directoryId = created;
  tenant = await bed.connect(created);
  await importNow(tenant);
});
afterAll(() => bed.stop());

/** What the page shows behind each product, by part number. */
async function origins({ ctx }: TestTenant): Promise<ReadonlyMap<string, SkuOrigins>> {
  const overview = await licenseOverview(ctx, { includeFree: true });
  if (!overview.ok) throw new Error(overview.problem.code);
  const { rows, origins: byKey } = overview.value;
  return new Map(
    rows.flatMap(({ key, skuPartNumber }) => {
      const found = byKey.get(key);
      return found ? [[skuPartNumber, found] as const] : [];
    }),
  );
}

test('every product has its purchases, and they add up to its seats', async () => {
  const bySku = await origins(tenant);
  expect(bySku.size).toBe(26);
  expect([...bySku.values()].flatMap(({ differences }) => differences)).toEqual([]);
  const purchases = [...bySku.values()].flatMap((origin) => origin.purchases ?? []);
  const listed = await readGraph(bed.simulator.url, directoryId, '/directory/subscriptions');
  expect(purchases.map(({ id }) => id).sort()).toEqual(listed.map(({ id }) => id).sort());
  const copilot = bySku.get(COPILOT)?.purchases ?? [];
  expect(copilot.length).toBeGreaterThan(1);
  expect(copilot.some(({ isTrial }) => isTrial)).toBe(true);
  const ends = copilot.map(({ changesAt }) => changesAt?.getTime() ?? 0);
  expect(ends).toEqual(ends.toSorted((a, b) => a - b));
});

test('groups come with those whom they failed, each reason by itself', async () => {
  const groups = [...(await origins(tenant)).values()].flatMap((origin) => origin.groups ?? []);
  expect(groups).toHaveLength(26);
  const failed = groups.flatMap(({ errors }) => errors).reduce((sum, { users }) => sum + users, 0);
  const { rows } = await bed.pool.query('SELECT count(*)::int AS n FROM licence_error WHERE tenant_id = $1', [
    tenant.tenantId,
  ]);
  expect(rows[0]).toEqual({ n: failed });
  expect(failed).toBeGreaterThan(5);
});

test('seats that do not add up are said, with both numbers', async () => {
  const directory = await bed.createDirectory(40);
  const other = await bed.connect(directory);
  const [purchase] = await readGraph(bed.simulator.url, directory, '/directory/subscriptions');
  const seats = Number(purchase?.totalLicenses);
  await bed.simulator.control.changePurchase(directory, String(purchase?.id), {
    values: { totalLicenses: seats + 7 },
  });
  await importNow(other);
  const { differences } = (await origins(other)).get(String(purchase?.skuPartNumber)) ?? { differences: [] };
  expect(differences).toEqual([
    {
      tenantName: expect.any(String),
      unit: 'enabled',
      bought: expect.any(Number),
      listed: expect.any(Number),
    },
  ]);
  expect((differences[0]?.bought ?? 0) - (differences[0]?.listed ?? 0)).toBe(7);
});

test('what was never read is unknown, and not nothing', async () => {
  const before = await bed.connect(await bed.createDirectory(5));
  await createTestSku(before.ctx, before.tenantId, { skuPartNumber: 'SPE_E5', enabled: 1 });
  expect((await origins(before)).get('SPE_E5')).toEqual({
    purchases: undefined,
    differences: [],
    groups: undefined,
  });
});

test('the file has a row for each purchase', async () => {
  const file = await exportPurchases(tenant.ctx, { tenantId: tenant.tenantId });
  if (!file.ok) throw new Error(file.problem.code);
  let text = '';
  for await (const chunk of file.value.chunks) text += chunk;
  const purchases = await listPurchases(tenant.ctx);
  expect(text.trimEnd().split('\r\n')).toHaveLength((purchases.ok ? purchases.value.length : 0) + 1);
  expect(text).toContain(COPILOT);
});

test('nothing of another organization is shown', async () => {
  const stranger = await bed.connect(await bed.createDirectory(3));
  expect(await listPurchases(stranger.ctx)).toEqual({ ok: true, value: [] });
  const refused = { ok: false, problem: { code: 'not-found', entity: 'tenant' } };
  expect(await listPurchases(stranger.ctx, { tenantId: tenant.tenantId })).toEqual(refused);
  expect(await exportPurchases(stranger.ctx, { tenantId: tenant.tenantId })).toEqual(refused);
});
