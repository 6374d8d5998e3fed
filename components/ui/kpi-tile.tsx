import type { ReactNode } from 'react';
import { TextLink } from './text-link.tsx';
import { Unknown } from './unknown.tsx';

/** A row of figures; a description list to assistive technology. Holds `KpiTile`s. */
export function KpiRow({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line lg:auto-cols-fr lg:grid-flow-col">
      {children}
    </dl>
  );
}

export type KpiTileProps = {
  readonly label: string;
  /** The figure, already formatted; undefined where it is not known, and then `unknownReason` says why. */
  readonly value: string | undefined;
  readonly unknownReason?: string;
  /** The unit after the figure, smaller. */
  readonly unit?: string;
  /** What the figure means or how it is made, in a few words below it. */
  readonly hint?: ReactNode;
  /** How old it is: a `Freshness` stamp. */
  readonly freshness?: ReactNode;
  /** Leads to the very rows behind the figure. */
  readonly href?: string;
};

/** One figure with its name, its meaning and its age. */
export function KpiTile({
  label,
  value,
  unknownReason = 'Not known yet',
  unit,
  hint,
  freshness,
  href,
}: KpiTileProps) {
  return (
    <div className="flex flex-col gap-1 bg-canvas p-4">
      <dt className="font-normal text-muted text-small">
        {href ? <TextLink href={href}>{label}</TextLink> : label}
      </dt>
      <dd className="font-semibold text-figure tabular-nums">
        {value ?? <Unknown reason={unknownReason} />}
        {unit && value !== undefined ? (
          <span className="font-normal text-body text-muted tracking-normal"> {unit}</span>
        ) : null}
      </dd>
      {hint ? <dd className="text-muted text-small">{hint}</dd> : null}
      {freshness ? <dd className="mt-auto pt-1">{freshness}</dd> : null}
    </div>
  );
}
