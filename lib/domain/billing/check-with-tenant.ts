import { DirectoryId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type AccountRow, type MigrationState, migrationState } from './keep.ts';
import { type LookedAt, lookAtBilling } from './look.ts';

/** In one check of a tenant: each is a question that Microsoft allows only a few of in a minute. */
const LOOKS_MAX = 20;

export type StoredAccount = AccountRow & { readonly problem: unknown; readonly checkedAt: Date | null };

type Stored = {
  readonly accounts: readonly StoredAccount[];
  /** Enrollments of which an access token is kept. */
  readonly keys: readonly { readonly enrollmentNumber: string }[];
};

export type BillingCheck = MigrationState & {
  readonly before: readonly AccountRow[];
  readonly looked: readonly LookedAt[];
  /** A role that was just given is not honoured yet. */
  readonly isOpen: boolean;
};

type Series = {
  /** When the series of checks began; what it has answered already is not asked again. */
  readonly since: Date;
  /** Why there is no token, where there is none. */
  readonly refused: Problem | undefined;
};

/**
 * Looks at the billing accounts of a tenant as a part of its check: each once in a series, those whose role was just
 * given each time, and the ones that were not looked at for longest where they are many.
 */
export async function checkBillingWithTenant(
  ctx: Ctx,
  directoryId: string,
  { accounts, keys }: Stored,
  { since, refused }: Series,
): Promise<BillingCheck> {
  const due = accounts
    .filter(({ state, checkedAt }) => state === 'verifying' || !checkedAt || checkedAt < since)
    .sort((a, b) => (a.checkedAt?.getTime() ?? 0) - (b.checkedAt?.getTime() ?? 0))
    .slice(0, LOOKS_MAX);
  const looked = await lookAtBilling(ctx, DirectoryId.parse(directoryId), due, { isAsked: false, refused });
  const after = accounts.map((account) => looked.find(({ name }) => name === account.name) ?? account);
  return {
    before: due,
    looked,
    ...migrationState(after, keys),
    isOpen: after.some(({ state }) => state === 'verifying'),
  };
}
