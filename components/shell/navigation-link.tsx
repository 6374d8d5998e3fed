'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { selectedTab } from '../ui/tab-selection.ts';

/** A line of the menu; marked while one is on its page or on one below it. */
export function NavigationLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const pathname = usePathname();
  return (
    <Link
      href={href}
      aria-current={selectedTab([href], pathname) === 0 ? 'page' : undefined}
      className="flex h-8 items-center gap-2.5 rounded-control px-2.5 text-muted transition-colors hover:bg-hover hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-ink max-lg:h-10"
    >
      {children}
    </Link>
  );
}
