import { formatCount, formatDuration, formatQuantity } from '#components/format.ts';
import type {
  PhaseName,
  PhaseRecord,
  ReadMethod,
  RunProgress,
  RunTrigger,
} from '#lib/domain/imports/model.ts';

/** What a phase reads, in the words of the page. */
export const PHASE_LABEL: Readonly<Record<PhaseName, string>> = {
  skus: 'Products',
  organization: 'Organization',
  'directory-subscriptions': 'Purchases',
  users: 'Users',
  groups: 'Groups that give licences',
  'azure-subscriptions': 'Subscriptions',
};

const ROW_WORD: Readonly<Record<PhaseName, string>> = {
  skus: 'product',
  organization: 'organization',
  'directory-subscriptions': 'purchase',
  users: 'user',
  groups: 'group',
  'azure-subscriptions': 'subscription',
};

export const TRIGGER_LABEL: Readonly<Record<RunTrigger, string>> = {
  onboarding: 'First import',
  manual: 'Started by hand',
  schedule: 'Daily',
};

export const METHOD_LABEL: Readonly<Record<ReadMethod, string>> = {
  full: 'Full',
  incremental: 'Incremental',
};

export const STATE_LABEL: Readonly<Record<PhaseRecord['state'], string>> = {
  waiting: 'Waiting',
  running: 'Running',
  completed: 'Completed',
  partial: 'Partial',
  failed: 'Failed',
  skipped: 'Left out',
};

/** How a part was read, once it is decided: those that say nothing are always read in full. */
export const methodWord = ({ state, method }: PhaseRecord): string | undefined => {
  if (method) return METHOD_LABEL[method];
  return state === 'completed' || state === 'partial' ? METHOD_LABEL.full : undefined;
};

/** "31,400 of 84,310 users", or "31,400 users" while the whole is not known. */
export function countOfPhase({
  phase,
  received,
  expected,
}: Pick<PhaseRecord, 'phase' | 'received' | 'expected'>) {
  const word = ROW_WORD[phase];
  return expected === null
    ? formatQuantity(received, word)
    : `${formatCount(received)} of ${formatQuantity(Math.max(expected, received), word)}`;
}

/** "4,100 a second, about 12 s left", as far as it can be said. */
export function paceOf({ ratePerSecond, remainingSeconds }: RunProgress): string {
  const rate = ratePerSecond === null ? undefined : `${formatCount(Math.round(ratePerSecond))} a second`;
  const rest =
    remainingSeconds === null
      ? undefined
      : `about ${formatDuration(Math.ceil(remainingSeconds) * 1000)} left`;
  return [rate, rest].filter(Boolean).join(', ');
}

/** "throttled 3 times"; undefined where it was not. */
export const timesThrottled = (times: number): string | undefined =>
  times > 0 ? `throttled ${formatQuantity(times, 'time')}` : undefined;
