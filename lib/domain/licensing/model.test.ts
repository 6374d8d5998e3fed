import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { DirectoryId, TenantId } from '#lib/core/ids.ts';
import { freePoolOf } from './free-pools.ts';
import { groupBySku, licenseTotals, type PrepaidUnits, type SkuUsage, seatsOf } from './model.ts';
import { productOf } from './product-names/product-names.ts';

const units = (given: Partial<PrepaidUnits>): PrepaidUnits => ({
  enabled: 0,
  warning: 0,
  suspended: 0,
  lockedOut: 0,
  ...given,
});

function usage(given: Partial<PrepaidUnits> & Partial<SkuUsage> & { consumed?: number }): SkuUsage {
  const skuId = given.skuId ?? randomUUID();
  const skuPartNumber = given.skuPartNumber ?? 'SPE_E5';
  const product = productOf(skuId, skuPartNumber);
  const prepaid = units(given);
  return {
    ...seatsOf(prepaid, given.consumed ?? 0),
    tenantId: TenantId.parse(randomUUID()),
    tenantName: 'Contoso',
    directoryId: DirectoryId.parse(randomUUID()),
    skuId,
    skuPartNumber,
    product,
    freePool: freePoolOf({ skuPartNumber, product, prepaid }),
    capabilityStatus: 'Enabled',
    appliesTo: 'User',
    servicePlans: [],
    importedAt: new Date('2026-11-01T00:00:00Z'),
    ...given,
  };
}

test('seats in warning can be assigned, though none is enabled', () => {
  expect(seatsOf(units({ warning: 1100 }), 1000)).toMatchObject({
    prepaidUnits: 1100,
    unassignedUnits: 100,
    overAssignedUnits: 0,
  });
});

test.each([
  ['suspended', units({ suspended: 50 })],
  ['locked out', units({ lockedOut: 50 })],
  ['all zero', units({})],
])('%s seats cannot be assigned: what is assigned is over-assigned', (_, prepaid) => {
  expect(seatsOf(prepaid, 50)).toMatchObject({ prepaidUnits: 0, unassignedUnits: 0, overAssignedUnits: 50 });
});

test('more assigned than bought leaves nothing, never less', () => {
  expect(seatsOf(units({ enabled: 95 }), 100)).toMatchObject({ unassignedUnits: 0, overAssignedUnits: 5 });
});

test('a seat left in one tenant does not make up for one missing in another', () => {
  const skuId = randomUUID();
  const [row, ...others] = groupBySku([
    usage({ skuId, enabled: 100, consumed: 80 }),
    usage({ skuId, enabled: 10, consumed: 15, importedAt: new Date('2026-10-01T00:00:00Z') }),
  ]);
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    prepaidUnits: 110,
    consumedUnits: 95,
    unassignedUnits: 20,
    overAssignedUnits: 5,
    importedAt: new Date('2026-10-01T00:00:00Z'),
  });
});

test.each([
  ['FLOW_FREE', units({ enabled: 10_000 }), 'free'],
  ['POWER_BI_STANDARD', units({ enabled: 1_000_000 }), 'free'],
  ['POWERAPPS_VIRAL', units({ enabled: 10_000 }), 'trial'],
  ['POWERAPPS_DEV', units({ enabled: 10_000 }), 'free'],
  ['RIGHTSMANAGEMENT_ADHOC', units({ enabled: 50_000 }), 'free'],
  ['WINDOWS_STORE', units({ enabled: 25 }), 'free'],
  ['TEAMS_EXPLORATORY', units({ enabled: 100 }), 'trial'],
  ['Dynamics_365_Guides_vTrial', units({ enabled: 10 }), 'trial'],
  ['SOMETHING_NEW_VIRAL', units({ enabled: 10_000 }), 'trial'],
  ['CONTOSO_PILOT', units({ enabled: 10_000 }), 'pool'],
  ['CONTOSO_PILOT', units({ enabled: 1_000_000 }), 'pool'],
  ['CONTOSO_PILOT', units({ enabled: 9_999 }), undefined],
  ['CONTOSO_INDUSTRIAL', units({ enabled: 20 }), undefined],
  ['FREEDOM_PACK', units({ enabled: 20 }), undefined],
  ['SPE_E5', units({ enabled: 10_000 }), undefined],
  ['SPE_E5', units({ enabled: 1_000_000 }), 'pool'],
  ['CPC_LVL_1', units({ enabled: 20 }), undefined],
])('%s with %j is %s', (skuPartNumber, prepaid, expected) => {
  expect(freePoolOf({ skuPartNumber, product: productOf(randomUUID(), skuPartNumber), prepaid })).toBe(
    expected,
  );
});

test('free and trial pools are listed, but not in the totals unless asked for', () => {
  const rows = groupBySku([
    usage({ skuPartNumber: 'POWER_BI_STANDARD', enabled: 1_000_000, consumed: 91 }),
    usage({ skuPartNumber: 'FLOW_FREE', enabled: 10_000 }),
    usage({ skuPartNumber: 'SPE_E5', enabled: 91, consumed: 90 }),
  ]);
  expect(rows.map(({ skuPartNumber }) => skuPartNumber)).toEqual([
    'SPE_E5',
    'POWER_BI_STANDARD',
    'FLOW_FREE',
  ]);
  expect(licenseTotals(rows, false)).toMatchObject({
    prepaidUnits: 91,
    consumedUnits: 90,
    hiddenSkus: 2,
    hiddenUnits: 1_010_000,
  });
  expect(licenseTotals(rows, true)).toMatchObject({
    prepaidUnits: 1_010_091,
    consumedUnits: 181,
    hiddenSkus: 0,
  });
});

test('seats that serve a whole tenant are told apart from those that can be assigned', () => {
  const rows = groupBySku([
    usage({ skuPartNumber: 'SHAREPOINTSTORAGE', appliesTo: 'Company', enabled: 500 }),
    usage({ skuPartNumber: 'SPE_E5', enabled: 10, consumed: 4 }),
  ]);
  expect(licenseTotals(rows, false)).toMatchObject({ unassignedUnits: 506, tenantWideUnits: 500 });
});

test('a SKU that is a pool in one tenant only keeps the bought seats apart', () => {
  const skuId = randomUUID();
  const rows = groupBySku([
    usage({ skuId, skuPartNumber: 'CONTOSO_PILOT', enabled: 10_000 }),
    usage({ skuId, skuPartNumber: 'CONTOSO_PILOT', enabled: 25 }),
  ]);
  expect(rows.map(({ prepaidUnits, freePool }) => [prepaidUnits, freePool])).toEqual([
    [25, undefined],
    [10_000, 'pool'],
  ]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(2);
});
