import { z } from 'zod';
import { byCodePoint } from '#lib/core/code-point-order.ts';
import { type DirectoryId, TenantId } from '#lib/core/ids.ts';
import type { FreePool } from './free-pools.ts';

/** Seats of a SKU by state, as Microsoft counts them: no seat is in two of them. */
export const PrepaidUnits = z.object({
  /** Paid and usable. */
  enabled: z.int(),
  /** The subscription has ended, but its seats can still be used and assigned for a while. */
  warning: z.int(),
  /** Can no longer be used. */
  suspended: z.int(),
  /** Taken away for another reason, such as a cancelled trial. */
  lockedOut: z.int(),
});
export type PrepaidUnits = z.infer<typeof PrepaidUnits>;

export const ServicePlan = z.object({
  servicePlanId: z.string(),
  servicePlanName: z.string(),
  provisioningStatus: z.string().nullable(),
  /** `User` or `Company`. */
  appliesTo: z.string().nullable(),
});
export type ServicePlan = z.infer<typeof ServicePlan>;

/** The numbers of one SKU, or of several together. */
export type Seats = {
  readonly prepaid: PrepaidUnits;
  /** What can be assigned: enabled + warning. */
  readonly prepaidUnits: number;
  readonly consumedUnits: number;
  /** Assignable and not assigned; never below 0. */
  readonly unassignedUnits: number;
  /** Assigned beyond what can be assigned; never below 0. */
  readonly overAssignedUnits: number;
};

/** One SKU of one tenant. */
export type SkuUsage = Seats & {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly directoryId: DirectoryId;
  readonly skuId: string;
  readonly skuPartNumber: string;
  readonly product: { readonly name: string; readonly isKnown: boolean };
  readonly freePool: FreePool | undefined;
  /** Microsoft's word: Enabled, Warning, Suspended, Deleted, LockedOut; an unknown one as it came. */
  readonly capabilityStatus: string;
  /** `User` or `Company`; the seats of a company's SKU serve the directory and are assigned to nobody. */
  readonly appliesTo: string | null;
  readonly servicePlans: readonly ServicePlan[];
  /** When the numbers were read from Microsoft. */
  readonly importedAt: Date;
};

const NO_UNITS: PrepaidUnits = { enabled: 0, warning: 0, suspended: 0, lockedOut: 0 };

/**
 * What follows from a SKU's units. Seats in warning are usable, so a SKU with 0 enabled units may have many; more
 * can be assigned than were bought, and then nothing is left and the rest is over-assigned.
 * @see https://learn.microsoft.com/graph/api/resources/licenseunitsdetail
 */
export function seatsOf(prepaid: PrepaidUnits, consumedUnits: number): Seats {
  const prepaidUnits = prepaid.enabled + prepaid.warning;
  return {
    prepaid,
    prepaidUnits,
    consumedUnits,
    unassignedUnits: Math.max(0, prepaidUnits - consumedUnits),
    overAssignedUnits: Math.max(0, consumedUnits - prepaidUnits),
  };
}

/**
 * The numbers of several SKUs or tenants together. A seat that is left in one of them does not make up for one that
 * is missing in another, so unassigned and over-assigned seats are added up, each by itself.
 */
export function sumSeats(parts: readonly Seats[]): Seats {
  const sum = (number: (seats: Seats) => number) => parts.reduce((total, seats) => total + number(seats), 0);
  return {
    prepaid: parts.reduce(
      (total, { prepaid }) => ({
        enabled: total.enabled + prepaid.enabled,
        warning: total.warning + prepaid.warning,
        suspended: total.suspended + prepaid.suspended,
        lockedOut: total.lockedOut + prepaid.lockedOut,
      }),
      NO_UNITS,
    ),
    prepaidUnits: sum((seats) => seats.prepaidUnits),
    consumedUnits: sum((seats) => seats.consumedUnits),
    unassignedUnits: sum((seats) => seats.unassignedUnits),
    overAssignedUnits: sum((seats) => seats.overAssignedUnits),
  };
}

/** One SKU over one or more tenants: a row of the licence page. */
export type SkuRow = Seats & {
  /** Identifies the row. */
  readonly key: string;
  readonly skuId: string;
  readonly skuPartNumber: string;
  readonly product: SkuUsage['product'];
  readonly freePool: FreePool | undefined;
  readonly appliesTo: string | null;
  /** Microsoft's words for its state in the tenants, each once. */
  readonly capabilityStatuses: readonly string[];
  readonly servicePlans: readonly ServicePlan[];
  /** The same SKU, tenant by tenant. */
  readonly tenants: readonly [SkuUsage, ...SkuUsage[]];
  /** The oldest of the numbers. */
  readonly importedAt: Date;
};

/**
 * One row a SKU, most seats first, then by name. Units of a pool that nobody bought and units that were bought do
 * not mix: where a SKU is a pool in one tenant only, it has a row for each.
 */
export function groupBySku(usage: readonly SkuUsage[]): SkuRow[] {
  const groups = Map.groupBy(usage, ({ skuId, freePool }) => (freePool ? `${skuId}:${freePool}` : skuId));
  const rows = [...groups].flatMap(([key, [first, ...others]]) => {
    if (!first) return [];
    const tenants = [first, ...others] as const;
    return {
      ...sumSeats(tenants),
      key,
      skuId: first.skuId,
      skuPartNumber: first.skuPartNumber,
      product: first.product,
      freePool: first.freePool,
      appliesTo: first.appliesTo,
      capabilityStatuses: [...new Set(tenants.map(({ capabilityStatus }) => capabilityStatus))],
      servicePlans: mergedPlans(tenants),
      tenants,
      importedAt: oldest(tenants),
    };
  });
  return rows.sort(
    (a, b) =>
      Number(a.freePool !== undefined) - Number(b.freePool !== undefined) ||
      b.prepaidUnits - a.prepaidUnits ||
      byCodePoint(a.product.name, b.product.name) ||
      byCodePoint(a.key, b.key),
  );
}

function mergedPlans(tenants: readonly SkuUsage[]): ServicePlan[] {
  const plans = new Map(
    tenants.flatMap(({ servicePlans }) => servicePlans).map((plan) => [plan.servicePlanId, plan]),
  );
  return [...plans.values()].sort((a, b) => byCodePoint(a.servicePlanName, b.servicePlanName));
}

const oldest = (rows: readonly SkuUsage[]): Date =>
  new Date(Math.min(...rows.map(({ importedAt }) => importedAt.getTime())));

/** Whether the seats of a SKU serve the directory as a whole; nobody holds one. */
export const isTenantWide = ({ appliesTo }: Pick<SkuRow, 'appliesTo'>): boolean => appliesTo === 'Company';

/** The figures at the top of the licence page. */
export type LicenseTotals = Seats & {
  /** How many free and trial SKUs are not in the figures; 0 where they are included. */
  readonly hiddenSkus: number;
  /** The seats of those. */
  readonly hiddenUnits: number;
  /** Unassigned seats that cannot be assigned to anybody, because they serve the whole tenant, such as storage. */
  readonly tenantWideUnits: number;
};

/** Adds up what was bought; free and trial pools only on wish, else they are counted as hidden. */
export function licenseTotals(rows: readonly SkuRow[], includeFree: boolean): LicenseTotals {
  const hidden = includeFree ? [] : rows.filter(({ freePool }) => freePool);
  const counted = includeFree ? rows : rows.filter(({ freePool }) => !freePool);
  return {
    ...sumSeats(counted),
    hiddenSkus: hidden.length,
    hiddenUnits: sumSeats(hidden).prepaidUnits,
    tenantWideUnits: sumSeats(counted.filter(isTenantWide)).unassignedUnits,
  };
}

/** What the licence page shows, as its address says it. An id must be an id; of the rest, what is unknown is left out. */
export const LicenseQuery = z.object({
  tenant: z.preprocess((value) => (value === '' ? undefined : value), TenantId.optional()),
  /** Whether free and trial pools are added up as well. */
  free: z.literal('1').optional().catch(undefined),
});
export type LicenseQuery = z.infer<typeof LicenseQuery>;
