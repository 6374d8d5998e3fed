import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { GraphClient } from './client.ts';

/** Seats by state; `enabled + warning` can be assigned. */
export type PrepaidUnits = {
  readonly enabled: number;
  readonly warning: number;
  readonly suspended: number;
  readonly lockedOut: number;
};

export type GraphServicePlan = {
  readonly servicePlanId: string;
  readonly servicePlanName: string;
  readonly provisioningStatus: string | null;
  readonly appliesTo: string | null;
};

export type GraphSubscribedSku = {
  readonly skuId: string;
  readonly skuPartNumber: string;
  /** `Enabled`, `Warning`, `Suspended`, `Deleted`, `LockedOut`; an unknown word is kept as it came. */
  readonly capabilityStatus: string;
  /** `User` or `Company`. */
  readonly appliesTo: string | null;
  readonly consumedUnits: number;
  readonly prepaidUnits: PrepaidUnits;
  readonly servicePlans: readonly GraphServicePlan[];
  readonly subscriptionIds: readonly string[];
};

/**
 * SKUs the tenant has bought, with their units. Not paged.
 * Application permission: LicenseAssignment.Read.All or Organization.Read.All.
 * @see https://learn.microsoft.com/graph/api/subscribedsku-list
 */
export async function listSubscribedSkus(
  _graph: GraphClient,
  _options?: CallOptions,
): Promise<Result<GraphSubscribedSku[]>> {
  throw new Error('not implemented');
}
