'use client';

import Link, { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';
import { selectedTab } from '../ui/tab-selection.ts';

/** A line of the menu; marked while one is on its page or on one below it, with a dot while its page is on its way. */
export function NavigationLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const pathname = usePathname();
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={selectedTab([href], pathname) === 0 ? 'page' : undefined}
      className="flex h-8 items-center gap-2.5 rounded-control px-2.5 text-muted transition-colors hover:bg-hover hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-ink max-lg:h-10"
    >
      {children}
      <PendingDot />
    </Link>
  );
}

/** Always in its place, in sight only when the page takes longer than a blink. */
function PendingDot() {
  const { pending } = useLinkStatus();
  return (
    <span
      aria-hidden
      className={classNames(
        'ml-auto size-1.5 rounded-full bg-current opacity-0',
        pending && 'animate-pulse opacity-100 transition-opacity delay-150',
      )}
    />
  );
}
