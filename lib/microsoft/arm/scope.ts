import { Guid } from '#lib/core/ids.ts';

/** The ARM path of a subscription, which is also the scope of its role assignments. Throws for what is no GUID. */
export function subscriptionScope(subscriptionId: string): string {
  return `/subscriptions/${Guid.parse(subscriptionId)}`;
}
