import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { TenantId } from '#lib/core/ids.ts';
import type { GivingGroup, Purchase } from '#lib/domain/licensing/origins-model.ts';
import { SkuGroups } from './sku-groups.tsx';
import { SkuPurchases } from './sku-purchases.tsx';

const tenantId = TenantId.parse('11111111-aaaa-4bbb-8ccc-000000000001');
const purchase: Purchase = {
  tenantId,
  tenantName: 'Contoso',
  id: 'a',
  commerceSubscriptionId: null,
  skuId: tenantId,
  skuPartNumber: 'SPE_E5',
  status: 'Enabled',
  seats: 1200,
  isTrial: false,
  partnerTenantId: null,
  createdAt: new Date('2026-01-02T00:00:00Z'),
  changesAt: new Date('2027-03-04T00:00:00Z'),
};
const group: GivingGroup = {
  tenantId,
  tenantName: 'Contoso',
  id: tenantId,
  displayName: 'Sales',
  isDynamic: false,
  isProcessing: false,
  errors: [],
};

const purchases = (change: Partial<Purchase>, showsTenant = false) =>
  renderToStaticMarkup(
    <SkuPurchases
      product="E5"
      origins={{ purchases: [{ ...purchase, ...change }], differences: [], groups: undefined }}
      showsTenant={showsTenant}
    />,
  );

test.each([
  [{}, 'Renews or ends 4 Mar 2027'],
  [{ isTrial: true }, 'Trial ends 4 Mar 2027'],
  [{ status: 'Warning' }, 'Suspended 4 Mar 2027 unless renewed'],
  [{ status: 'Suspended' }, 'Deleted 4 Mar 2027 unless renewed'],
  [{ status: 'Made-up' }, 'Status changes 4 Mar 2027'],
  [{ changesAt: null }, 'Has no end'],
  [{ status: 'Deleted', changesAt: null }, 'Microsoft names no date'],
  [{ partnerTenantId: tenantId }, 'Through a partner, 2 Jan 2026'],
] as const)('a purchase with %j: %s', (change, words) => {
  expect(purchases(change)).toContain(words);
});

test('a purchase says its seats, and its tenant only among several', () => {
  expect(purchases({})).toContain('1,200');
  expect(purchases({})).not.toContain('Contoso');
  expect(purchases({ tenantName: '<b>Contoso' }, true)).toContain('&lt;b&gt;Contoso');
});

const groups = (list: readonly GivingGroup[] | undefined) =>
  renderToStaticMarkup(<SkuGroups groups={list} showsTenant={false} />);

test('groups say whom they failed and why, and what is missing where they may not be read', () => {
  expect(groups(undefined)).toContain('GroupMember.Read.All');
  expect(groups([])).toContain('No group gives this product.');
  const errors = [
    { error: 'CountViolation', users: 3 },
    { error: 'Made-up', users: 1 },
  ];
  const failing = groups([{ ...group, displayName: '<i>Sales', isDynamic: true, errors }]);
  expect(failing).toContain('&lt;i&gt;Sales');
  expect(failing).toContain('members by a rule');
  expect(failing).toContain('4 members without the whole licence: No seat is left (3), Made-up (1)');
  expect(groups([{ ...group, displayName: ' ' }])).toContain(tenantId);
});
