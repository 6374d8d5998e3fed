import { CircleAlert, CircleCheck, CircleDashed, CircleOff, LoaderCircle } from 'lucide-react';
import { StatusBadge, type StatusBadgeProps } from '#components/ui/status-badge.tsx';
import type { SubscriptionView } from '#lib/domain/tenants/queries.ts';
import { SUBSCRIPTION_WORD } from './subscription-words.ts';

const LOOK: Readonly<Record<SubscriptionView['status'], Omit<StatusBadgeProps, 'word'>>> = {
  added: { tone: 'success', icon: CircleCheck },
  adding: { tone: 'info', icon: LoaderCircle, busy: true },
  found: { tone: 'neutral', icon: CircleDashed },
  failed: { tone: 'danger', icon: CircleAlert },
};

export function SubscriptionStatusBadge({
  subscription: { status, goneSince },
}: {
  readonly subscription: Pick<SubscriptionView, 'status' | 'goneSince'>;
}) {
  if (goneSince) return <StatusBadge tone="neutral" icon={CircleOff} word="Gone" />;
  return <StatusBadge {...LOOK[status]} word={SUBSCRIPTION_WORD[status]} />;
}
