import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CsvFile } from '#lib/core/csv.ts';
import { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Services } from '#lib/domain/context.ts';
import { createTestMember, testServices } from '#lib/domain/testing.ts';
import { exportLicenses } from './export.ts';
import { licenseOverview, listSkuUsage } from './queries.ts';
import { createTestRun, createTestSku, createTestTenant } from './testing.ts';

let db: TestDatabase;
let services: Services;

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database, { clock: () => new Date('2026-11-21T10:00:00Z') });
});

afterAll(() => db?.stop());

const E5 = '06ebc4ee-1bb5-47dd-8120-11324bc54e06';
const NOT_FOUND = { ok: false, problem: { code: 'not-found', entity: 'tenant' } };

async function textOf(file: CsvFile): Promise<string> {
  let text = '';
  for await (const chunk of file.chunks) text += chunk;
  return text;
}

test('one tenant, and all of the organization; a viewer may read', async () => {
  const ctx = await createTestMember(services, 'viewer');
  const contoso = await createTestTenant(ctx);
  const fabrikam = await createTestTenant(ctx, { name: 'Fabrikam' });
  await createTestSku(ctx, contoso.tenantId, {
    skuId: E5,
    skuPartNumber: 'SPE_E5',
    enabled: 100,
    consumedUnits: 80,
  });
  await createTestSku(ctx, fabrikam.tenantId, {
    skuId: E5,
    skuPartNumber: 'SPE_E5',
    warning: 10,
    consumedUnits: 12,
  });
  await createTestSku(ctx, fabrikam.tenantId, { skuPartNumber: 'FLOW_FREE', enabled: 10_000 });

  const one = await licenseOverview(ctx, { tenantId: fabrikam.tenantId, includeFree: false });
  expect(one).toMatchObject({
    ok: true,
    value: {
      rows: [
        { skuPartNumber: 'SPE_E5', prepaidUnits: 10, overAssignedUnits: 2 },
        { skuPartNumber: 'FLOW_FREE', freePool: 'free' },
      ],
      totals: { prepaidUnits: 10, consumedUnits: 12, hiddenSkus: 1 },
      selected: [{ name: 'Fabrikam' }],
      sources: [{ name: 'Contoso' }, { name: 'Fabrikam' }],
    },
  });
  const all = await licenseOverview(ctx, { includeFree: true });
  expect(all).toMatchObject({
    ok: true,
    value: {
      rows: [
        { product: { name: 'Microsoft 365 E5', isKnown: true }, prepaidUnits: 110, unassignedUnits: 20 },
        { skuPartNumber: 'FLOW_FREE' },
      ],
      totals: { prepaidUnits: 10_110, hiddenSkus: 0 },
    },
  });
});

test('another organization, a removed tenant and an unknown one do not exist', async () => {
  const ctx = await createTestMember(services);
  const removed = await createTestTenant(ctx, { isRemoved: true });
  await createTestSku(ctx, removed.tenantId, { enabled: 5 });
  const other = await createTestMember(services);
  const foreign = await createTestTenant(other);
  await createTestSku(other, foreign.tenantId, { enabled: 5 });

  expect(await listSkuUsage(ctx)).toEqual({ ok: true, value: [] });
  for (const tenantId of [removed.tenantId, foreign.tenantId, TenantId.parse(randomUUID())]) {
    expect(await licenseOverview(ctx, { tenantId, includeFree: false })).toEqual(NOT_FOUND);
    expect(await exportLicenses(ctx, { tenantId })).toEqual(NOT_FOUND);
  }
});

test('figures are as old as their oldest part, and say so while an import runs', async () => {
  const ctx = await createTestMember(services);
  const contoso = await createTestTenant(ctx);
  const fabrikam = await createTestTenant(ctx, { name: 'Fabrikam' });
  const read = (endedAt: string) => ({ skus: { state: 'completed', endedAt } }) as const;
  const at = (day: number) => new Date(Date.UTC(2026, 10, day));
  await createTestRun(
    ctx,
    contoso.tenantId,
    { status: 'completed', createdAt: at(19) },
    read('2026-11-19T03:00:00Z'),
  );
  await createTestRun(ctx, contoso.tenantId, { status: 'failed', createdAt: at(20) });
  await createTestRun(
    ctx,
    fabrikam.tenantId,
    { status: 'running', createdAt: at(21) },
    {
      ...read('2026-11-21T03:00:00Z'),
      users: { state: 'running', received: 40, expected: 300, startedAt: '2026-11-21T09:59:50Z' },
    },
  );

  expect(await licenseOverview(ctx, { includeFree: false })).toMatchObject({
    ok: true,
    value: {
      readAt: new Date('2026-11-19T03:00:00Z'),
      sources: [
        { name: 'Contoso', lastRun: { status: 'failed' }, usersReadAt: null, running: null },
        { name: 'Fabrikam', running: { phase: 'users', received: 40, expected: 300 } },
      ],
    },
  });
  const neverRead = await createTestTenant(ctx, { name: 'Never read' });
  expect(await licenseOverview(ctx, { includeFree: false, tenantId: neverRead.tenantId })).toMatchObject({
    value: { readAt: null, mayConnect: true },
  });
});

test('the CSV file has the promised columns first, one row a tenant and SKU', async () => {
  const ctx = await createTestMember(services, 'viewer');
  const contoso = await createTestTenant(ctx, { name: '=Contoso, "the" one' });
  const fabrikam = await createTestTenant(ctx, { name: 'Fabrikam' });
  await createTestSku(ctx, contoso.tenantId, {
    skuId: E5,
    skuPartNumber: 'SPE_E5',
    enabled: 100,
    warning: 5,
    suspended: 3,
    lockedOut: 2,
    consumedUnits: 110,
    servicePlanNames: ['TEAMS1', 'AAD_PREMIUM', 'sway', 'AAD_PREMIUM_P2'],
    importedAt: new Date('2026-11-20T03:00:00Z'),
  });
  await createTestSku(ctx, fabrikam.tenantId, { skuId: E5, skuPartNumber: 'SPE_E5', enabled: 7 });
  await createTestSku(ctx, fabrikam.tenantId, {
    skuPartNumber: '=CMD()',
    enabled: 1,
    capabilityStatus: 'Enabled',
  });

  const file = await exportLicenses(ctx, {});
  if (!file.ok) throw new Error(file.problem.code);
  expect(file.value.fileName).toBe('licenses-2026-11-21.csv');
  const text = await textOf(file.value);
  expect(text.split('\r\n')[0]).toMatch(
    /^SkuId,SkuPartNumber,ProductName,SkuPrepaidUnits,SkuConsumedUnits,SkuUnassignedUnits,CapabilityStatus,SkuServicePlans,TenantId,/,
  );
  expect(text).not.toMatch(/object |System\./);
  const rows: Record<string, string>[] = parse(text, { columns: true });
  expect(rows.map((row) => [row.SkuPartNumber, row.TenantId])).toEqual([
    ["'=CMD()", fabrikam.directoryId],
    ...[contoso.directoryId, fabrikam.directoryId].sort().map((directoryId) => ['SPE_E5', directoryId]),
  ]);
  expect(rows.find((row) => row.TenantId === contoso.directoryId)).toEqual({
    SkuId: E5,
    SkuPartNumber: 'SPE_E5',
    ProductName: 'Microsoft 365 E5',
    SkuPrepaidUnits: '105',
    SkuConsumedUnits: '110',
    SkuUnassignedUnits: '0',
    CapabilityStatus: 'Enabled',
    SkuServicePlans: 'AAD_PREMIUM;AAD_PREMIUM_P2;TEAMS1;sway',
    TenantId: contoso.directoryId,
    TenantName: `'=Contoso, "the" one`,
    SkuEnabledUnits: '100',
    SkuWarningUnits: '5',
    SkuSuspendedUnits: '3',
    SkuLockedOutUnits: '2',
    SkuOverAssignedUnits: '5',
    AppliesTo: 'User',
    FreePool: '',
    ImportedAt: '2026-11-20T03:00:00.000Z',
  });
});
