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

/** A state as icon, word and colour together. */
export function StatusBadge({ tone, icon: Icon, word, busy = false }: StatusBadgeProps) {
  return (
    <span
      className={classNames(
        'inline-flex h-6 items-center gap-1.5 whitespace-nowrap rounded-full border pr-2.5 pl-2 text-caption font-medium',
        TONE[tone],
      )}
    >
      <Icon aria-hidden className={classNames('size-3.5 shrink-0', busy && 'animate-spin')} />
      {word}
    </span>
  );
}
