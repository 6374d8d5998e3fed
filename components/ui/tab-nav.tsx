'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type KeyboardEvent, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';
import { nextTabIndex, selectedTab } from './tab-selection.ts';

export type Tab = {
  readonly label: string;
  readonly href: string;
  /** How many things wait behind the tab; not part of its name. */
  readonly count?: number;
};

/**
 * Tabs whose panels are pages: each tab is a link with an address of its own, so reload, back and "open in a new
 * window" work, also before any script has arrived. To assistive technology a tab list as the ARIA Authoring
 * Practices describe it, with manual activation: arrow keys, Home and End move the focus, Enter opens.
 * The selected tab is the one whose address is the longest that the page's own begins with, or `selectedHref`.
 */
export function TabNav({
  label,
  tabs,
  selectedHref,
  children,
}: {
  /** What the tabs are about: the name of the tab list. */
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly selectedHref?: string;
  /** The panel of the selected tab. */
  readonly children: ReactNode;
}) {
  const id = useId();
  const pathname = usePathname();
  const selected = selectedTab(
    tabs.map((tab) => tab.href),
    selectedHref ?? pathname,
  );

  const moveFocus = (event: KeyboardEvent<HTMLDivElement>) => {
    const elements: Element[] = [...event.currentTarget.querySelectorAll('[role="tab"]')];
    const current = document.activeElement ? elements.indexOf(document.activeElement) : -1;
    const target = nextTabIndex(event.key, current, elements.length);
    if (target === undefined) return;
    event.preventDefault();
    const element = elements[target];
    if (element instanceof HTMLElement) element.focus();
  };

  return (
    <div className="flex flex-col gap-5">
      <div
        role="tablist"
        aria-label={label}
        onKeyDown={moveFocus}
        className="flex gap-1 overflow-x-auto border-line border-b px-0.5 [scrollbar-width:none]"
      >
        {tabs.map((tab, index) => {
          const isSelected = index === selected;
          return (
            <Link
              key={tab.href}
              href={tab.href}
              scroll={false}
              prefetch={false}
              role="tab"
              id={`${id}-tab-${index}`}
              aria-selected={isSelected}
              aria-controls={isSelected ? `${id}-panel` : undefined}
              tabIndex={isSelected || (selected === undefined && index === 0) ? 0 : -1}
              className={classNames(
                '-mb-px flex h-10 shrink-0 items-center gap-2 border-b-2 px-3 transition-colors',
                'rounded-t-small focus-visible:-outline-offset-2',
                isSelected
                  ? 'border-accent font-medium text-ink'
                  : 'border-transparent text-muted hover:border-line hover:text-ink',
              )}
            >
              {tab.label}
              {tab.count === undefined ? null : (
                <span
                  aria-hidden
                  className="rounded-full bg-hover px-1.5 text-caption text-muted tabular-nums"
                >
                  {tab.count.toLocaleString('en-US')}
                </span>
              )}
            </Link>
          );
        })}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={selected === undefined ? undefined : `${id}-tab-${selected}`}
        aria-label={selected === undefined ? label : undefined}
        className="flex min-w-0 flex-col gap-5"
      >
        {children}
      </div>
    </div>
  );
}
