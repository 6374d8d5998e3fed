import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';
import type { Result } from '#lib/core/result.ts';
import { storable } from '#lib/core/storable.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { ArmClient } from './client.ts';
import { subscriptionScope } from './scope.ts';

export const ArmSubscription = z
  .object({
    subscriptionId: Guid,
    displayName: z.string().nullish(),
    state: z.string().nullish(),
    tenantId: Guid.nullish(),
    subscriptionPolicies: z.object({ quotaId: z.string().nullish() }).nullish(),
  })
  .transform((row) => ({
    /** Lower case. */
    subscriptionId: row.subscriptionId,
    displayName: storable(row.displayName || row.subscriptionId),
    /** `Enabled`, `Warned`, `PastDue`, `Disabled`, `Deleted`; an unknown word is kept as it came. */
    state: storable(row.state ?? 'Unknown'),
    /** The directory the subscription belongs to, lower case. */
    directoryId: row.tenantId ?? null,
    /** The offer, such as `EnterpriseAgreement_2014-09-01`. */
    quotaId: storable(row.subscriptionPolicies?.quotaId ?? null),
  }));
export type ArmSubscription = z.infer<typeof ArmSubscription>;

/**
 * All Azure subscriptions on which the caller has any role; an empty list when there is none.
 * @see https://learn.microsoft.com/rest/api/resources/subscriptions/list
 */
export function listAzureSubscriptions(
  arm: ArmClient,
  options?: CallOptions,
): Promise<Result<ArmSubscription[]>> {
  return arm.list('/subscriptions?api-version=2022-12-01', ArmSubscription, options);
}

/**
 * One subscription. Problems: resource-not-found where Azure has none of this id (`SubscriptionNotFound`),
 * permission-missing where the caller has no role on it …
 * @see https://learn.microsoft.com/rest/api/resources/subscriptions/get
 */
export function getAzureSubscription(
  arm: ArmClient,
  subscriptionId: string,
  options?: CallOptions,
): Promise<Result<ArmSubscription>> {
  return arm.get(`${subscriptionScope(subscriptionId)}?api-version=2022-12-01`, ArmSubscription, options);
}
