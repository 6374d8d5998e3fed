import * as chevronLeft from 'lucide-react/icons/chevron-left';
import * as chevronRight from 'lucide-react/icons/chevron-right';
import type { ReactNode } from 'react';
import { buttonClass } from './button-class.ts';
import { GlyphIcon, glyphOf } from './glyph.tsx';

const LEFT = glyphOf(chevronLeft);
const RIGHT = glyphOf(chevronRight);

/** Steps through a list by keyset: only to the page before and the one after. `summary` says what is in sight. */
export function Pagination({
  label,
  summary,
  previousHref,
  nextHref,
}: {
  /** What is listed: "Users". */
  readonly label: string;
  readonly summary?: ReactNode;
  readonly previousHref?: string;
  readonly nextHref?: string;
}) {
  if (!previousHref && !nextHref && !summary) return null;
  return (
    <nav aria-label={`${label} pages`} className="flex flex-wrap items-center justify-between gap-3">
      <span className="text-muted text-small tabular-nums">{summary}</span>
      {previousHref || nextHref ? (
        <span className="flex gap-2">
          <Step href={previousHref} rel="prev">
            <GlyphIcon shapes={LEFT} className="size-4" />
            Previous
          </Step>
          <Step href={nextHref} rel="next">
            Next
            <GlyphIcon shapes={RIGHT} className="size-4" />
          </Step>
        </span>
      ) : null}
    </nav>
  );
}

function Step({
  href,
  rel,
  children,
}: {
  readonly href?: string;
  readonly rel: 'prev' | 'next';
  readonly children: ReactNode;
}) {
  if (!href) {
    return (
      <span aria-disabled className={buttonClass('secondary', 'small')}>
        {children}
      </span>
    );
  }
  return (
    <a href={href} data-soft="" rel={rel} className={buttonClass('secondary', 'small')}>
      {children}
    </a>
  );
}
