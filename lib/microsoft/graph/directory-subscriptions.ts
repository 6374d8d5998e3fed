import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';
import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { readAllPages } from './all-pages.ts';
import type { GraphClient } from './client.ts';
import { NullableText } from './collection.ts';

/** One purchase of a SKU; a SKU has as many as were made. */
export const GraphDirectorySubscription = z.object({
  id: z.string().min(1),
  commerceSubscriptionId: NullableText,
  skuId: Guid,
  skuPartNumber: z.string(),
  /** `Enabled`, `Warning`, `Suspended`, `Deleted`, `LockedOut`; an unknown word is kept as it came. */
  status: z.string(),
  totalLicenses: z
    .int()
    .nullish()
    .transform((licenses) => licenses ?? 0),
  isTrial: z
    .boolean()
    .nullish()
    .transform((isTrial) => isTrial ?? null),
  /** The partner who made the purchase for the customer. */
  ownerTenantId: z
    .union([Guid, z.literal('').transform(() => null)])
    .nullish()
    .transform((id) => id ?? null),
  createdDateTime: NullableText,
  /** When the status changes unless it is renewed; none for what is free. */
  nextLifecycleDateTime: NullableText,
});
export type GraphDirectorySubscription = z.infer<typeof GraphDirectorySubscription>;

/**
 * What the tenant has bought, purchase by purchase. Application permission: Organization.Read.All.
 * @see https://learn.microsoft.com/graph/api/directory-list-subscriptions
 */
export function listDirectorySubscriptions(
  graph: GraphClient,
  options?: CallOptions,
): Promise<Result<GraphDirectorySubscription[]>> {
  const query = { path: '/directory/subscriptions', permission: 'Organization.Read.All' };
  return readAllPages(graph, query, GraphDirectorySubscription, options);
}
