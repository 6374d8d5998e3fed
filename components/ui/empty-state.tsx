import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/**
 * What stands where there is nothing yet. Say which of the four it is: not connected, first import running, nothing
 * matches the filter, or really none.
 */
export function EmptyState({
  icon: Icon,
  title,
  actions,
  headingLevel = 2,
  children,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly actions?: ReactNode;
  readonly headingLevel?: 2 | 3;
  readonly children?: ReactNode;
}) {
  const Heading = headingLevel === 2 ? 'h2' : 'h3';
  return (
    <div className="flex flex-col items-center gap-3 rounded-card border border-line border-dashed px-6 py-14 text-center">
      <span className="flex size-11 items-center justify-center rounded-full bg-sunken text-muted">
        <Icon aria-hidden className="size-5" />
      </span>
      <Heading className="font-semibold text-lead">{title}</Heading>
      {children ? <div className="max-w-md text-muted">{children}</div> : null}
      {actions ? <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}
