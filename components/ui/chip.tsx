import { X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const SHAPE = 'inline-flex h-6 items-center gap-1 whitespace-nowrap rounded-full border px-2.5 text-caption';

/** A short fact: a kind, a category. With `removeHref` a filter that can be taken away. */
export function Chip({
  removeHref,
  removeLabel,
  children,
}: {
  readonly removeHref?: string;
  /** The name of the cross, such as "Remove filter: Germany". */
  readonly removeLabel?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={classNames(SHAPE, 'border-line bg-sunken text-ink', removeHref && 'pr-0.5')}>
      {children}
      {removeHref ? (
        <Link
          href={removeHref}
          scroll={false}
          prefetch={false}
          aria-label={removeLabel}
          className="flex size-5 items-center justify-center rounded-full text-muted hover:bg-pressed hover:text-ink"
        >
          <X aria-hidden className="size-3" />
        </Link>
      ) : null}
    </span>
  );
}

/** A ready-made filter, on or off: a link to the page with it or without it. */
export function ChipLink({
  href,
  selected,
  children,
}: {
  readonly href: string;
  readonly selected: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Link
      href={href}
      scroll={false}
      prefetch={false}
      aria-current={selected ? 'true' : undefined}
      className={classNames(
        SHAPE,
        'transition-colors',
        selected
          ? 'border-accent bg-accent-soft font-medium text-accent-ink'
          : 'border-line text-muted hover:border-control hover:text-ink',
      )}
    >
      {children}
    </Link>
  );
}
