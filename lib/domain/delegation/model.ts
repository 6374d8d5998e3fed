import type { DirectoryId, FlowId, TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import type { Prisma } from '#lib/db/generated/client.ts';

/** What a person signs in again for, in a tenant that is connected: their token is kept for it. */
const LENDING_PURPOSES = [
  'add-subscriptions',
  'change-access',
  'enrollment-role',
  'billing-accounts',
  'remove-tenant',
] as const;
export type LendingPurpose = (typeof LENDING_PURPOSES)[number];

/**
 * The sign-in that connects an Azure tenant, or completes it. Its rights are used by the process that took the person
 * back: the token is kept nowhere, so that nothing can go on with it and nothing has to be deleted.
 */
export const ONBOARDING = 'onboarding';

export const DELEGATION_PURPOSES = [...LENDING_PURPOSES, ONBOARDING] as const;
export type DelegationPurpose = (typeof DELEGATION_PURPOSES)[number];

/** The consent flows that connect a tenant: not those of somebody who signs in again for a purpose. */
export const CONNECTS = {
  OR: [{ delegation: null }, { delegation: { purpose: ONBOARDING } }],
} satisfies Prisma.ConsentFlowWhereInput;

/** Why a token is gone. `replaced`: the same person has signed in anew for the same purpose. */
export const DELEGATION_ENDS = ['finished', 'revoked', 'signed-out', 'expired', 'replaced'] as const;
export type DelegationEnd = (typeof DELEGATION_ENDS)[number];

/** The purpose as its column has it. Throws for what we have never written. */
export function toPurpose(text: string): DelegationPurpose {
  const purpose = DELEGATION_PURPOSES.find((known) => known === text);
  if (!purpose) throw new Error(`unknown purpose of a delegation: ${JSON.stringify(text)}`);
  return purpose;
}

/** Microsoft's tokens live for an hour, or a little longer where it chooses to; ours are never kept for longer. */
export const TOKEN_KEPT_MAX_MS = 60 * 60_000;

/** A person's rights in Azure, lent for one purpose, as pages and jobs see them. Never with the token. */
export type Delegation = {
  readonly flowId: FlowId;
  readonly tenantId: TenantId;
  readonly directoryId: DirectoryId;
  readonly purpose: DelegationPurpose;
  /** As it was given to `startDelegation`; whoever gave it checks it with a schema. */
  readonly subject: unknown;
  /** `redirected`: the person is still at Microsoft, as far as we know. `active`: it can be used. */
  readonly state: 'redirected' | 'failed' | 'active' | 'ended';
  /** Why the sign-in came to nothing. */
  readonly problem?: Problem;
  /** The member who began it. */
  readonly person: { readonly personId: string; readonly name: string };
  /** The account that signed in at Microsoft, by name and object id. */
  readonly signedIn?: { readonly name: string; readonly objectId: string };
  readonly createdAt: Date;
  readonly startedAt?: Date;
  /** When the token can no longer be used. */
  readonly expiresAt?: Date;
  readonly endedAt?: Date;
  readonly endedWhy?: DelegationEnd;
};
