import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type Tone = 'info' | 'success' | 'warning' | 'danger';

const LOOK: Readonly<
  Record<Tone, { readonly icon: LucideIcon; readonly box: string; readonly ink: string }>
> = {
  info: { icon: Info, box: 'border-info-line bg-info-soft', ink: 'text-info' },
  success: { icon: CircleCheck, box: 'border-success-line bg-success-soft', ink: 'text-success' },
  warning: { icon: TriangleAlert, box: 'border-warning-line bg-warning-soft', ink: 'text-warning' },
  danger: { icon: CircleAlert, box: 'border-danger-line bg-danger-soft', ink: 'text-danger' },
};

export type CalloutProps = {
  readonly tone?: Tone;
  readonly title?: ReactNode;
  /** What the person can do about it: buttons or links, below the text. */
  readonly actions?: ReactNode;
  /**
   * `alert` where a person has to act on an error, `status` for news that may wait, none for text that was there
   * from the start. A `danger` callout is an alert unless told otherwise.
   */
  readonly role?: 'alert' | 'status' | 'none';
  readonly className?: string;
  readonly children?: ReactNode;
};

/** A message beside the content it belongs to: icon, words and colour say the same. */
export function Callout({ tone = 'info', title, actions, role, className, children }: CalloutProps) {
  const { icon: Icon, box, ink } = LOOK[tone];
  const actualRole = role ?? (tone === 'danger' ? 'alert' : 'none');
  return (
    <div
      role={actualRole === 'none' ? undefined : actualRole}
      className={classNames('flex gap-3 rounded-card border p-4', box, className)}
    >
      <Icon aria-hidden className={classNames('mt-0.5 size-4 shrink-0', ink)} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        {title ? <p className={classNames('font-medium', ink)}>{title}</p> : null}
        {children ? <div className="flex flex-col gap-1 text-ink">{children}</div> : null}
        {actions ? <div className="mt-2 flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
    </div>
  );
}
