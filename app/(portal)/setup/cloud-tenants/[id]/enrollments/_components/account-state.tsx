import {
  CircleAlert,
  CircleCheck,
  CircleHelp,
  CircleSlash,
  Hourglass,
  LoaderCircle,
  Power,
} from 'lucide-react';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';
import { monthLabel } from '#lib/domain/billing/model.ts';
import type { BillingAccountView } from '#lib/domain/billing/queries.ts';

const LOOK: Readonly<Record<BillingAccountView['state'], StatusBadgeProps>> = {
  activation_required: { word: 'Activation required', tone: 'warning', icon: Power },
  verifying: { word: 'Verifying', tone: 'info', icon: LoaderCircle, busy: true },
  connected: { word: 'Connected', tone: 'success', icon: CircleCheck },
  waiting_for_data: { word: 'Waiting for billing data', tone: 'info', icon: Hourglass },
  cannot_connect: { word: 'Cannot connect', tone: 'danger', icon: CircleAlert },
  unsupported: { word: 'Not supported', tone: 'neutral', icon: CircleSlash },
  could_not_check: { word: 'Could not check', tone: 'neutral', icon: CircleHelp },
};

export const BillingStateBadge = ({ state }: Pick<BillingAccountView, 'state'>) => (
  <StatusBadge {...LOOK[state]} />
);

type Stated = Pick<BillingAccountView, 'state' | 'role' | 'proof' | 'problem'>;

/** What the state means, as a sentence or two; empty where the Problem beside it says all. */
export function stateSentence({ state, role, proof, problem }: Stated): string {
  const answer = proof && answerOf(proof);
  switch (state) {
    case 'connected':
      return answer ?? '';
    case 'waiting_for_data':
      return 'The role works. Billing data appears within about 24 hours after it was given; the portal looks every day.';
    case 'verifying':
      return `${role} was given. Microsoft does not honour it everywhere yet, so the portal looks again by itself. This can take some minutes.`;
    case 'activation_required':
      return problem && problem.code !== 'billing-role-missing'
        ? ''
        : `Nobody has given the portal ${role} yet, so it reads no costs.`;
    case 'could_not_check':
      return answer ? `Before: ${answer}` : '';
    default:
      return '';
  }
}

const answerOf = ({ month, hasCosts }: NonNullable<Stated['proof']>): string =>
  hasCosts
    ? `Returned costs for ${monthLabel(month)}.`
    : `Microsoft answered; there were no costs for ${monthLabel(month)}.`;
