import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';
import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { type GraphClient, shaped } from './client.ts';
import { collectionOf, listed, NullableText } from './collection.ts';

const Units = z
  .number()
  .int()
  .nullish()
  .transform((units) => units ?? 0);

const PrepaidUnits = z.object({ enabled: Units, warning: Units, suspended: Units, lockedOut: Units });
/** Seats by state; `enabled + warning` can be assigned. */
export type PrepaidUnits = z.infer<typeof PrepaidUnits>;

const GraphServicePlan = z.object({
  servicePlanId: Guid,
  servicePlanName: z.string(),
  provisioningStatus: NullableText,
  appliesTo: NullableText,
});
export type GraphServicePlan = z.infer<typeof GraphServicePlan>;

export const GraphSubscribedSku = z.object({
  skuId: Guid,
  skuPartNumber: z.string(),
  /** `Enabled`, `Warning`, `Suspended`, `Deleted`, `LockedOut`; an unknown word is kept as it came. */
  capabilityStatus: z.string(),
  /** `User` or `Company`. */
  appliesTo: NullableText,
  consumedUnits: Units,
  prepaidUnits: PrepaidUnits.nullish().transform((units) => units ?? NO_UNITS),
  servicePlans: listed(GraphServicePlan),
  subscriptionIds: listed(z.string()),
});
export type GraphSubscribedSku = z.infer<typeof GraphSubscribedSku>;

const NO_UNITS: PrepaidUnits = { enabled: 0, warning: 0, suspended: 0, lockedOut: 0 };

const Skus = collectionOf(GraphSubscribedSku).transform(({ value }) => value);

/**
 * SKUs the tenant has bought, with their units. Not paged.
 * Application permission: LicenseAssignment.Read.All or Organization.Read.All.
 * @see https://learn.microsoft.com/graph/api/subscribedsku-list
 */
export function listSubscribedSkus(
  graph: GraphClient,
  options?: CallOptions,
): Promise<Result<GraphSubscribedSku[]>> {
  const query = { path: '/subscribedSkus', permission: 'LicenseAssignment.Read.All' };
  return graph.read(query, shaped(Skus), options);
}
