import { storable } from '#lib/core/storable.ts';
import type { GraphDirectorySubscription } from '#lib/microsoft/graph/directory-subscriptions.ts';
import { mapInstant } from '../../instant.ts';

/** A purchase as the database keeps it. Members carry the names of their columns. */
export type DirectorySubscriptionRow = {
  readonly id: string;
  readonly commerce_subscription_id: string | null;
  readonly sku_id: string;
  readonly sku_part_number: string;
  readonly status: string;
  readonly total_licenses: number;
  readonly is_trial: boolean | null;
  readonly owner_tenant_id: string | null;
  readonly created_date_time: string | null;
  readonly next_lifecycle_date_time: string | null;
};

/** The purchases of a tenant, each once: of several rows with one id the last one counts. */
export function mapDirectorySubscriptions(
  subscriptions: readonly GraphDirectorySubscription[],
): DirectorySubscriptionRow[] {
  const rows = subscriptions.map(mapDirectorySubscription);
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

const mapDirectorySubscription = (subscription: GraphDirectorySubscription): DirectorySubscriptionRow => ({
  id: storable(subscription.id),
  commerce_subscription_id: storable(subscription.commerceSubscriptionId),
  sku_id: subscription.skuId,
  sku_part_number: storable(subscription.skuPartNumber),
  status: storable(subscription.status),
  total_licenses: subscription.totalLicenses,
  is_trial: subscription.isTrial,
  owner_tenant_id: subscription.ownerTenantId,
  created_date_time: mapInstant(subscription.createdDateTime),
  next_lifecycle_date_time: mapInstant(subscription.nextLifecycleDateTime),
});
