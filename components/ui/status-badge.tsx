import type { LucideIcon } from 'lucide-react';
import { classNames } from './class-names.ts';

export type StatusTone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';

const TONE: Readonly<Record<StatusTone, string>> = {
  neutral: 'border-line bg-sunken text-muted',
  info: 'border-info-line bg-info-soft text-info',
  success: 'border-success-line bg-success-soft text-success',
  warning: 'border-warning-line bg-warning-soft text-warning',
  danger: 'border-danger-line bg-danger-soft text-danger',
};

export type StatusBadgeProps = {
  readonly tone: StatusTone;
  readonly icon: LucideIcon;
  readonly word: string;
  /** The thing is going on right now: the icon turns. */
  readonly busy?: boolean;
};

/** The look of a badge, for badges that are made elsewhere. */
export const badgeClass = (tone: StatusTone): string => `badge ${TONE[tone]}`;

/** A state as icon, word and colour together. */
export function StatusBadge({ tone, icon: Icon, word, busy = false }: StatusBadgeProps) {
  return (
    <span className={badgeClass(tone)}>
      <Icon aria-hidden className={classNames('size-3.5 shrink-0', busy && 'animate-spin')} />
      {word}
    </span>
  );
}
