import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { DirectoryId, TenantId } from '#lib/core/ids.ts';
import { forAll, hostileText, RUNS_MIN } from '#lib/core/testing.ts';
import { freePoolOf } from '#lib/domain/licensing/free-pools.ts';
import { groupBySku, licenseTotals, type SkuUsage, seatsOf } from '#lib/domain/licensing/model.ts';
import { productOf } from '#lib/domain/licensing/product-names/product-names.ts';
import { LicenseFigures } from './license-figures.tsx';
import { SkuTable } from './sku-table.tsx';

const ID = '11111111-aaaa-4bbb-8ccc-000000000001';
const units = fc.constantFrom(0, 1, 7, 10, 1_100, 10_000, 1_000_000);
const partNumber = fc.oneof(
  fc.constantFrom('SPE_E5', 'FLOW_FREE', 'CONTOSO_PILOT_OFFER', 'POWERAPPS_VIRAL'),
  hostileText,
);

const usage: fc.Arbitrary<SkuUsage> = fc
  .record({
    skuId: fc.constantFrom(
      ID,
      '22222222-aaaa-4bbb-8ccc-000000000002',
      '06ebc4ee-1bb5-47dd-8120-11324bc54e06',
    ),
    tenantId: fc.uuid().map((id) => TenantId.parse(id)),
    skuPartNumber: partNumber,
    prepaid: fc.record({ enabled: units, warning: units, suspended: units, lockedOut: units }),
    consumed: units,
    capabilityStatus: fc.oneof(
      fc.constantFrom('Enabled', 'Warning', 'LockedOut', 'constructor'),
      hostileText,
    ),
    appliesTo: fc.constantFrom('User', 'Company', null),
  })
  .map(({ consumed, prepaid, ...sku }) => {
    const product = productOf(sku.skuId, sku.skuPartNumber);
    return {
      ...sku,
      ...seatsOf(prepaid, consumed),
      tenantName: 'Contoso',
      directoryId: DirectoryId.parse(ID),
      product,
      freePool: freePoolOf({ skuPartNumber: sku.skuPartNumber, product, prepaid }),
      servicePlans: [],
      importedAt: new Date('2026-11-01T00:00:00Z'),
    };
  });

test('no share is above 100 %, what is over-assigned says so, and an unknown product too', () =>
  forAll(
    fc.array(usage, { minLength: 1, maxLength: 4 }),
    (skus) => {
      const rows = groupBySku(skus);
      const totals = licenseTotals(rows, false);
      const figures = renderToStaticMarkup(<LicenseFigures totals={totals} readAt={null} origins={[]} />);
      const table = renderToStaticMarkup(<SkuTable rows={rows} tenants={[]} origins={new Map()} />);
      for (const html of [figures, table]) {
        const shares = [...html.matchAll(/([\d,.]+)%/g)].map(([, share = '']) =>
          Number(share.replaceAll(',', '')),
        );
        expect(shares.filter((share) => share > 100)).toEqual([]);
      }
      expect(figures).not.toMatch(/NaN|Infinity/);
      const over = rows.filter(({ overAssignedUnits }) => overAssignedUnits > 0).length;
      expect([...table.matchAll(/Over-assigned by/g)]).toHaveLength(over);
      expect(figures.includes('ver-assigned')).toBe(totals.overAssignedUnits > 0);
      expect([...table.matchAll(/Unknown product/g)]).toHaveLength(
        rows.filter(({ product }) => !product.isKnown).length,
      );
      // What is a pool in no purchase's figures: neither its seats nor its share.
      const bought = skus.filter(({ freePool }) => !freePool).reduce((sum, sku) => sum + sku.prepaidUnits, 0);
      expect(totals.prepaidUnits).toBe(bought);
    },
    RUNS_MIN,
  ));
