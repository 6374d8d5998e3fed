'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';

/** The page whose title was last in sight; undefined until the first page of this visit. */
let lastPathname: string | undefined;

/**
 * The `<h1>` of a page. When one comes from another page of the portal the focus moves here, so that the keyboard
 * and the screen reader begin where the page does. A change of tab leaves the focus on the tab.
 */
export function PageTitle({
  focusOnLoad = false,
  children,
}: {
  readonly focusOnLoad?: boolean;
  readonly children: string;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const pathname = usePathname();
  useEffect(() => {
    const arrived = lastPathname === undefined ? focusOnLoad : lastPathname !== pathname;
    lastPathname = pathname;
    if (!arrived || document.activeElement?.role === 'tab') return;
    heading.current?.focus({ preventScroll: true });
  }, [pathname, focusOnLoad]);
  return (
    // No ring: the focus was put here for the reading order, and there is nothing to press.
    <h1 ref={heading} tabIndex={-1} className="min-w-0 break-words font-semibold text-title outline-none">
      {children}
    </h1>
  );
}
