import { guidOf } from '../state/hash.ts';
import type { Directory } from './directory.ts';
import { SKUS, type Sku } from './sku-catalog.ts';
import { prepaidUnits } from './units.ts';

/** One purchase as `/directory/subscriptions` lists it. */
export type Purchase = {
  readonly id: string;
  readonly commerceSubscriptionId: string;
  readonly createdDateTime: string;
  readonly nextLifecycleDateTime: string | null;
  readonly isTrial: boolean;
  readonly ownerId: string | null;
  readonly ownerTenantId: string | null;
  readonly ownerType: string | null;
  readonly serviceStatus: readonly unknown[];
  readonly skuId: string;
  readonly skuPartNumber: string;
  readonly status: string;
  readonly totalLicenses: number;
};

/** The partner from whom every fourth product was bought. */
const PARTNER_ID = 'd15c0000-0000-4000-8000-0000000000c5';
const TRIAL_SEATS = 25;
/** From here on a product was bought in two parts: for a year, and month by month. */
const SPLIT_FROM = 20;

type Part = {
  readonly name: string;
  readonly status: string;
  readonly seats: number;
  /** Months from one renewal to the next; undefined for what never ends. */
  readonly months: number | undefined;
  readonly isTrial?: boolean;
};

/** The purchases of a SKU; those that can be used add up to its prepaid units. */
function partsOf(sku: Sku, holders: number): Part[] {
  const { enabled, warning, suspended, lockedOut } = prepaidUnits(sku.units, holders);
  const parts: Part[] = [];
  if (sku.units === 'free-10000' || sku.units === 'viral-1000000')
    return [{ name: '', status: 'Enabled', seats: enabled, months: undefined }];
  const trial = sku.partNumber === 'Microsoft_365_Copilot' && enabled > 2 * TRIAL_SEATS ? TRIAL_SEATS : 0;
  if (trial > 0) parts.push({ name: 'trial', status: 'Enabled', seats: trial, months: 1, isTrial: true });
  const paid = enabled - trial;
  const monthly = paid >= SPLIT_FROM ? Math.floor(paid * 0.3) : 0;
  if (paid > 0) parts.push({ name: '', status: 'Enabled', seats: paid - monthly, months: 12 });
  if (monthly > 0) parts.push({ name: 'monthly', status: 'Enabled', seats: monthly, months: 1 });
  if (warning > 0) parts.push({ name: 'ended', status: 'Warning', seats: warning, months: 1 });
  if (suspended > 0) parts.push({ name: 'suspended', status: 'Suspended', seats: suspended, months: 3 });
  if (lockedOut > 0) parts.push({ name: 'locked', status: 'LockedOut', seats: lockedOut, months: 3 });
  if (sku.units === 'all-zero')
    parts.push({ name: 'deleted', status: 'Deleted', seats: 10, months: undefined });
  return parts;
}

/** What the tenant has bought, in the order of the SKUs; changed ones as the control API changed them. */
export function purchases(directory: Directory, now: number): Purchase[] {
  const bought = directory.baseHolders();
  return SKUS.flatMap((sku, position) => purchasesOf(directory, sku, bought[position] ?? 0, position, now));
}

/** Ids of the purchases of one SKU. */
export const purchaseIds = (directory: Directory, position: number): string[] => {
  const sku = SKUS[position];
  const parts = sku ? partsOf(sku, directory.baseHolders()[position] ?? 0) : [];
  return parts.map((part) => purchaseId(directory, sku as Sku, part));
};

const purchaseId = (directory: Directory, sku: Sku, part: Part): string =>
  guidOf('directorySubscription', directory.rows.tenant.id, sku.skuId, part.name);

function purchasesOf(
  directory: Directory,
  sku: Sku,
  holders: number,
  position: number,
  now: number,
): Purchase[] {
  const isFromPartner = position % 4 === 1;
  return partsOf(sku, holders).flatMap((part) => {
    const id = purchaseId(directory, sku, part);
    const change = directory.purchaseChanges.get(id);
    if (change === 'gone') return [];
    const created = Date.UTC(2021 + (position % 3), position % 12, 1 + (position % 27));
    return {
      id,
      commerceSubscriptionId: guidOf('commerceSubscription', id),
      createdDateTime: instant(created),
      nextLifecycleDateTime:
        part.months === undefined ? null : instant(nextRenewal(created, part.months, now)),
      isTrial: part.isTrial === true,
      ownerId: isFromPartner ? null : guidOf('owner', directory.rows.tenant.id),
      ownerTenantId: isFromPartner ? PARTNER_ID : null,
      ownerType: isFromPartner ? null : 'User',
      serviceStatus: sku.plans.map((plan) => ({
        servicePlanId: plan.id,
        servicePlanName: plan.name,
        provisioningStatus: part.status === 'Enabled' ? 'Success' : 'Disabled',
        appliesTo: plan.appliesTo,
      })),
      skuId: sku.skuId,
      skuPartNumber: sku.partNumber,
      status: part.status,
      totalLicenses: part.seats,
      ...change,
    };
  });
}

const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The first renewal after the moment: the same from one read to the next. */
function nextRenewal(created: number, months: number, now: number): number {
  const first = new Date(created);
  for (let count = 1; ; count++) {
    const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + count * months, first.getUTCDate());
    if (at > now) return at;
  }
}
