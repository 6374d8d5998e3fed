import { ChevronRight } from 'lucide-react';
import { formatQuantity } from './format.ts';
import { TextLink } from './ui/text-link.tsx';
import { AbsoluteTime, Freshness } from './ui/time.tsx';

/** An import that a figure comes from, or a share of it. */
export type ProvenancePart = {
  /** Whose data it is. */
  readonly name: string;
  readonly freshAt: Date;
  readonly method: 'full' | 'incremental';
  /** The page of the import. */
  readonly href: string;
  /** The page of a later import that did not read it to the end. */
  readonly missedHref?: string;
};

export type ProvenanceProps = {
  /** The import of each tenant; none where nothing is known of them. */
  readonly parts: readonly ProvenancePart[];
  /** How the figure is computed, as it follows "Computed as". */
  readonly computed: string;
  /** What Microsoft is asked for it. */
  readonly source: string;
  /** Older is marked. */
  readonly staleAfterMs?: number;
};

/** Of many tenants the oldest; the page of each tenant has its own. */
const PARTS_NAMED = 3;

/**
 * Where a figure comes from: how old it is, and for who opens it, which imports brought it and how it is computed.
 * A `<details>`: it needs no script.
 */
export function Provenance({ parts, computed, source, staleAfterMs }: ProvenanceProps) {
  const byAge = parts.toSorted((a, b) => a.freshAt.getTime() - b.freshAt.getTime());
  const [oldest] = byAge;
  if (!oldest) return null;
  const missed = parts.filter(({ missedHref }) => missedHref).length;
  return (
    <details className="group/origin text-caption text-muted">
      <summary className="inline-flex max-w-full flex-wrap items-center gap-x-1 rounded-small hover:text-ink">
        <Freshness label="Read" value={oldest.freshAt} staleAfterMs={staleAfterMs} />
        {missed > 0 ? <span className="text-warning">not complete</span> : null}
        <ChevronRight
          aria-hidden
          className="size-3.5 shrink-0 transition-transform group-open/origin:rotate-90"
        />
        <span className="sr-only">Where this figure comes from</span>
      </summary>
      <div className="flex flex-col gap-1 pt-1.5">
        {byAge.slice(0, PARTS_NAMED).map((part) => (
          <PartWords key={part.href} part={part} isNamed={parts.length > 1} />
        ))}
        {byAge.length > PARTS_NAMED ? (
          <p>{formatQuantity(byAge.length - PARTS_NAMED, 'more tenant')}, read later.</p>
        ) : null}
        <p>Computed as {computed}.</p>
        <p>
          Source: <span className="break-words font-mono">{source}</span>
        </p>
      </div>
    </details>
  );
}

function PartWords({
  part: { name, freshAt, method, href, missedHref },
  isNamed,
}: {
  readonly part: ProvenancePart;
  readonly isNamed: boolean;
}) {
  return (
    <p>
      {isNamed ? `${name}: as` : 'As'} of <AbsoluteTime value={freshAt} />, from the{' '}
      <TextLink href={href}>{method === 'full' ? 'full import' : 'incremental import'}</TextLink> that began
      then.
      {missedHref ? (
        <>
          {' '}
          <TextLink href={missedHref}>A later import</TextLink> was not complete: showing data of{' '}
          <AbsoluteTime value={freshAt} />.
        </>
      ) : null}
    </p>
  );
}
