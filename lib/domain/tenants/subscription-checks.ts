import { z } from 'zod';
import { type FoundAt, type FoundState, type Proof, StoredProof } from './proof.ts';

/** What the last check found out about the portal's role on one Azure subscription. */
export type SubscriptionCheck = FoundAt & {
  readonly state: FoundState;
  /** It is in the list of subscriptions that our application is shown. */
  readonly listed: Proof;
  /** Our application's rights on it, as Azure tells them, allow to read resources. */
  readonly read: Proof;
};

const StoredCheck = z.object({
  state: z.enum(['proven', 'missing', 'could-not-check']),
  checkedAt: z.iso.datetime(),
  since: z.iso.datetime(),
  lastProvenAt: z.iso.datetime().optional(),
  listed: StoredProof,
  read: StoredProof,
});

/** A check as it is kept with the subscription; what cannot be read counts as not checked. */
export function readSubscriptionCheck(stored: unknown): SubscriptionCheck | undefined {
  const parsed = StoredCheck.safeParse(stored).data;
  if (!parsed) return undefined;
  const { lastProvenAt, ...check } = parsed;
  return { ...check, ...(lastProvenAt && { lastProvenAt }) };
}
