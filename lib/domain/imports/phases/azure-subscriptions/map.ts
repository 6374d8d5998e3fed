import { storable } from '#lib/core/storable.ts';
import type { ArmSubscription } from '#lib/microsoft/arm/azure-subscriptions.ts';

/** What changes about a subscription at Microsoft. Members carry the names of their columns. */
export type AzureSubscriptionRow = {
  readonly subscription_id: string;
  readonly display_name: string;
  readonly state: string;
  readonly quota_id: string | null;
};

/** The subscriptions that our service principal sees, each once: of several rows with one id the last one counts. */
export function mapAzureSubscriptions(subscriptions: readonly ArmSubscription[]): AzureSubscriptionRow[] {
  return [
    ...new Map(
      subscriptions.map(({ subscriptionId, displayName, state, quotaId }) => [
        subscriptionId,
        {
          subscription_id: subscriptionId,
          display_name: storable(displayName),
          state: storable(state),
          quota_id: storable(quotaId),
        },
      ]),
    ).values(),
  ];
}
