import type { TenantId } from '#lib/core/ids.ts';
import type { PrepaidUnits, SkuUsage } from './model.ts';

/** One purchase of a SKU; the same SKU may have been bought several times. */
export type Purchase = {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly id: string;
  readonly commerceSubscriptionId: string | null;
  readonly skuId: string;
  readonly skuPartNumber: string;
  /** Enabled, Warning, Suspended, Deleted, LockedOut; an unknown word as it came. */
  readonly status: string;
  readonly seats: number;
  /** Null where Microsoft did not say. */
  readonly isTrial: boolean | null;
  /** The directory of the partner through whom it was bought; null for a purchase of the tenant's own. */
  readonly partnerTenantId: string | null;
  readonly createdAt: Date | null;
  /** When the status changes unless it is renewed; null for what has no end. */
  readonly changesAt: Date | null;
};

/** Why members did not get a licence by a group, and how many of them. */
export type GroupError = { readonly error: string; readonly users: number };

/** A group that gives a SKU to its members. */
export type GivingGroup = {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly id: string;
  readonly displayName: string | null;
  /** Members come and go by a rule. */
  readonly isDynamic: boolean;
  /** Microsoft is still handing out the licences. */
  readonly isProcessing: boolean;
  /** Most users first. */
  readonly errors: readonly GroupError[];
};

/** Seats in one state: how many the purchases have, and how many Microsoft lists for the product. */
export type SeatDifference = {
  readonly tenantName: string;
  readonly unit: keyof PrepaidUnits;
  readonly bought: number;
  readonly listed: number;
};

const UNIT_OF: Readonly<Record<string, keyof PrepaidUnits>> = {
  Enabled: 'enabled',
  Warning: 'warning',
  Suspended: 'suspended',
  LockedOut: 'lockedOut',
};

const UNITS = ['enabled', 'warning', 'suspended', 'lockedOut'] as const;

/**
 * Where the purchases of a SKU in one tenant do not add up to the seats that Microsoft lists for it. The two come from
 * different services, so for a while after a change one of them may be behind.
 */
export function seatDifferences(
  { tenantName, prepaid }: Pick<SkuUsage, 'tenantName' | 'prepaid'>,
  purchases: readonly Pick<Purchase, 'status' | 'seats'>[],
): SeatDifference[] {
  return UNITS.flatMap((unit) => {
    const bought = purchases
      .filter(({ status }) => UNIT_OF[status] === unit)
      .reduce((sum, { seats }) => sum + seats, 0);
    return bought === prepaid[unit] ? [] : [{ tenantName, unit, bought, listed: prepaid[unit] }];
  });
}

/** Where the seats of a SKU come from and by which groups they are given. */
export type SkuOrigins = {
  /** What ends first comes first; undefined where they were never read. */
  readonly purchases: readonly Purchase[] | undefined;
  readonly differences: readonly SeatDifference[];
  /** By name; undefined where none of the tenants let us read groups. */
  readonly groups: readonly GivingGroup[] | undefined;
};
