import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { ArmClient } from './client.ts';

export type ArmSubscription = {
  /** Lower case. */
  readonly subscriptionId: string;
  readonly displayName: string;
  /** `Enabled`, `Warned`, `PastDue`, `Disabled`, `Deleted`; an unknown word is kept as it came. */
  readonly state: string;
  /** The directory the subscription belongs to, lower case. */
  readonly directoryId: string | null;
  /** The offer, such as `EnterpriseAgreement_2014-09-01`. */
  readonly quotaId: string | null;
};

/**
 * All Azure subscriptions on which the caller has any role; an empty list when there is none.
 * @see https://learn.microsoft.com/rest/api/resources/subscriptions/list
 */
export async function listAzureSubscriptions(
  _arm: ArmClient,
  _options?: CallOptions,
): Promise<Result<ArmSubscription[]>> {
  throw new Error('not implemented');
}
