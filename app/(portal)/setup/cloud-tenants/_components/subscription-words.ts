import type { Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { SubscriptionView } from '#lib/domain/tenants/queries.ts';

/** The status of a subscription in one word or two. */
export const SUBSCRIPTION_WORD: Readonly<Record<SubscriptionView['status'], string>> = {
  added: 'Added',
  adding: 'Adding',
  found: 'Not added',
  failed: 'Failed',
};

/** Why a subscription was not added, and what to do about it, as sentences. */
export function reasonWords(problem: Problem): string {
  switch (problem.code) {
    case 'permission-missing':
      return 'The connecting account may not give roles on it. Its Owner or User Access Administrator can add it by signing in again.';
    case 'wrong-tenant':
      return 'It belongs to another tenant and is only shown here. Connect that tenant to add it.';
    default: {
      const { title, action } = describeProblem(problem);
      return `${title} ${action}`;
    }
  }
}
