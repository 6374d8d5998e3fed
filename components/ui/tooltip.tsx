import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type TooltipSide = 'top' | 'bottom' | 'right';

const SIDE: Readonly<Record<TooltipSide, string>> = {
  top: 'bottom-full left-1/2 mb-1.5 -translate-x-1/2',
  bottom: 'top-full left-1/2 mt-1.5 -translate-x-1/2',
  right: 'left-full top-1/2 ml-1.5 -translate-y-1/2',
};

/**
 * Shows the words of a control that has only an icon while it is pointed at or focused. Drawn by the style sheet
 * alone and hidden from screen readers, which have the control's accessible name; the shell's Escape key hides it. Not
 * on small screens: there is nothing to point with, and beside an edge it would make the page wider than the screen.
 */
export function Tooltip({
  text,
  side = 'top',
  children,
}: {
  readonly text: string;
  readonly side?: TooltipSide;
  readonly children: ReactNode;
}) {
  return (
    <span className="group/tooltip relative inline-flex">
      {children}
      <span
        aria-hidden
        className={classNames(
          'pointer-events-none absolute z-40 max-sm:hidden whitespace-nowrap rounded-small bg-ink px-2 py-1 text-caption text-canvas',
          'opacity-0 transition-opacity delay-0 group-hover/tooltip:opacity-100 group-hover/tooltip:delay-300',
          'group-has-[:focus-visible]/tooltip:opacity-100 [[data-tooltips=off]_&]:hidden',
          SIDE[side],
        )}
      >
        {text}
      </span>
    </span>
  );
}
