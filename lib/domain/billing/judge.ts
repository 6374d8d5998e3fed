import type { Problem } from '#lib/core/problem.ts';
import type { BillingState } from '#lib/db/generated/client.ts';
import { type BillingKind, isEnrollment, roleFor, unsupportedWhy } from './model.ts';

/** Microsoft speaks of minutes until a new role is honoured everywhere. */
export const ROLE_HANDOVER_MS = 15 * 60_000;
/** After a role was given it takes about a day until a customer agreement has costs to show. */
export const FIRST_DATA_MS = 24 * 60 * 60_000;

/** What a look with our own token has found. */
export type BillingFinding =
  /** Costs were asked for and answered; `hasCosts` is false where there were none. */
  | { readonly found: 'role'; readonly hasCosts: boolean }
  | { readonly found: 'no-role'; readonly problem?: Problem }
  /** Our application is not in the tenant, or not any more. */
  | { readonly found: 'no-application'; readonly problem: Problem }
  | { readonly found: 'nothing'; readonly problem: Problem };

export type BillingBefore = BillingKind & {
  readonly name: string;
  /** As people of the customer call it; empty where nobody has told. */
  readonly displayName: string | null;
  readonly state: BillingState;
  readonly roleSince: Date | null;
  readonly assignedAt: Date | null;
};

export type BillingVerdict = {
  readonly state: BillingState;
  readonly problem?: Problem;
  readonly roleSince: Date | null;
};

/**
 * The state that follows from a look. Where nothing could be found out nothing is claimed. A role that nobody has given
 * yet is no failure until a person says it should be there: `isAsked`.
 */
export function judgeBilling(
  before: BillingBefore,
  finding: BillingFinding,
  { now, isAsked }: { readonly now: Date; readonly isAsked: boolean },
): BillingVerdict {
  const { state, roleSince, assignedAt } = before;
  // Names of accounts other than enrollments are two GUIDs and a date.
  const account = isEnrollment(before) ? before.name : (before.displayName ?? before.name);
  if (finding.found === 'role') return judgeRole(before, finding.hasCosts, now);
  const why = unsupportedWhy(before);
  // Whatever was answered: with such an account it is no question of rights.
  if (why) {
    const problem: Problem = { code: 'billing-unsupported', account, why };
    return { state: 'unsupported', problem, roleSince: null };
  }
  const { problem } = finding;
  if (finding.found === 'nothing') {
    return { state: 'could_not_check', ...(problem && { problem }), roleSince };
  }
  const wasGiven = roleSince !== null || assignedAt !== null;
  if (finding.found === 'no-application') {
    return {
      state: wasGiven ? 'cannot_connect' : 'activation_required',
      ...(problem && { problem }),
      roleSince: null,
    };
  }
  const missing: Problem = {
    code: 'billing-role-missing',
    account,
    role: roleFor(before),
    ...(problem && 'microsoft' in problem && problem.microsoft && { microsoft: problem.microsoft }),
  };
  const isFresh = assignedAt !== null && now.getTime() - assignedAt.getTime() < ROLE_HANDOVER_MS;
  if (isFresh && roleSince === null) return { state: 'verifying', roleSince: null };
  const isUntouched = !wasGiven && (state === 'activation_required' || state === 'could_not_check');
  if (isUntouched && !isAsked) return { state: 'activation_required', problem: missing, roleSince: null };
  return { state: 'cannot_connect', problem: missing, roleSince: null };
}

/** The role works. Without costs it is told apart whether they can be here by now. */
function judgeRole(before: BillingBefore, hasCosts: boolean, now: Date): BillingVerdict {
  const roleSince = before.roleSince ?? now;
  const mayBeLate =
    before.agreementType === 'MicrosoftCustomerAgreement' &&
    now.getTime() - roleSince.getTime() < FIRST_DATA_MS;
  return { state: !hasCosts && mayBeLate ? 'waiting_for_data' : 'connected', roleSince };
}
