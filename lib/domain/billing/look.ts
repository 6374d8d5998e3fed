import type { DirectoryId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { readMonthCosts } from '#lib/microsoft/arm/billed-costs.ts';
import { type ArmBillingAccount, listBillingAccounts } from '#lib/microsoft/arm/billing-accounts.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import type { CallOptions } from '#lib/microsoft/http/call-options.ts';
import { forEachConcurrently } from '../consent/patience.ts';
import { type BillingBefore, type BillingFinding, type BillingVerdict, judgeBilling } from './judge.ts';
import { AGREEMENT_TYPE, type BillingKind, type BillingProof, monthBefore, unsupportedWhy } from './model.ts';

const CALL: CallOptions = { patience: 'interactive' };
/** Cost Management allows each caller a few questions at a time. */
const CONCURRENT_QUERIES = 2;

/** Refusals of the login service because our application is not in the tenant, or is switched off there. */
const NOT_THERE: ReadonlySet<Problem['code']> = new Set<Problem['code']>([
  'consent-required',
  'application-disabled',
]);

/** An account after a look, with the kind that Microsoft told. */
export type LookedAt = BillingVerdict & {
  readonly name: string;
  readonly kind: BillingKind & { readonly displayName: string | null };
  /** Of a successful read. */
  readonly proof?: BillingProof;
};

export type Look = {
  /** A person says that the role should be there by now. */
  readonly isAsked: boolean;
  /** Why there is no token, where that is known: then nothing is sent. */
  readonly refused?: Problem | undefined;
};

/**
 * Looks with our application's own token whether it can read the costs of billing accounts: one list for all of them,
 * and one question each.
 */
export async function lookAtBilling(
  ctx: Ctx,
  directoryId: DirectoryId,
  accounts: readonly BillingBefore[],
  { isAsked, refused }: Look,
): Promise<LookedAt[]> {
  if (accounts.length === 0) return [];
  const arm = ctx.microsoft.armAsApp(directoryId);
  const list = refused ? fail(refused) : await listBillingAccounts(arm, CALL);
  const looked: LookedAt[] = [];
  await forEachConcurrently(accounts, CONCURRENT_QUERIES, async (account) => {
    const now = ctx.clock();
    const month = monthBefore(now);
    const listed = list.ok ? find(list.value, account.name) : undefined;
    const before = listed ? { ...account, ...kindOf(account, listed) } : account;
    const finding = await findOut(arm, list, before, month);
    const verdict = judgeBilling(before, finding, { now, isAsked });
    const { agreementType, accountType, relationships, displayName } = before;
    looked.push({
      ...verdict,
      name: account.name,
      kind: { agreementType, accountType, relationships, displayName },
      ...(finding.found === 'role' && {
        proof: { at: now.toISOString(), month, hasCosts: finding.hasCosts },
      }),
    });
  });
  return looked;
}

const find = (accounts: readonly ArmBillingAccount[], name: string) =>
  accounts.find((account) => account.name.toLowerCase() === name.toLowerCase());

/** What is known by now: this version of the list tells less than a person's sign-in may have told. */
const kindOf = (known: BillingBefore, listed: ArmBillingAccount) => ({
  agreementType: listed.agreementType === 'Unknown' ? known.agreementType : listed.agreementType,
  accountType: listed.accountType ?? known.accountType,
  relationships: listed.relationships.length > 0 ? listed.relationships : known.relationships,
  displayName: listed.displayName ?? known.displayName,
});

async function findOut(
  arm: ArmClient,
  list: Result<ArmBillingAccount[]>,
  account: BillingBefore,
  month: string,
): Promise<BillingFinding> {
  if (!list.ok) {
    const { problem } = list;
    return NOT_THERE.has(problem.code) ? { found: 'no-application', problem } : { found: 'nothing', problem };
  }
  // Of these there are no costs to ask for. A customer agreement of whatever kind is asked: what works, works.
  if (unsupportedWhy(account) && account.agreementType !== AGREEMENT_TYPE.customer)
    return { found: 'no-role' };
  // Also where it is not listed: that an application's own roles are listed is how it is, not what is promised.
  const costs = await readMonthCosts(arm, account.name, month, CALL);
  if (costs.ok) return { found: 'role', hasCosts: costs.value.hasCosts };
  const { problem } = costs;
  const isMissing = problem.code === 'permission-missing' || problem.code === 'resource-not-found';
  return isMissing ? { found: 'no-role', problem } : { found: 'nothing', problem };
}
