import type { ReactNode } from 'react';

export type Description = {
  readonly term: string;
  /** Undefined and null are shown as a dash, which is read as "not stated". */
  readonly value: ReactNode;
};

/** Facts about one thing, name and value side by side. */
export function DescriptionList({
  items,
  columns = 1,
}: {
  readonly items: readonly Description[];
  readonly columns?: 1 | 2;
}) {
  return (
    <dl className={columns === 2 ? 'grid gap-x-10 gap-y-0 lg:grid-cols-2' : 'grid'}>
      {items.map(({ term, value }) => (
        <div
          key={term}
          className="grid gap-x-6 gap-y-0.5 border-line border-b py-2.5 sm:grid-cols-[11rem_minmax(0,1fr)]"
        >
          <dt className="font-normal text-muted">{term}</dt>
          <dd className="min-w-0 break-words">{isMissing(value) ? <Missing /> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

const isMissing = (value: ReactNode) => value === undefined || value === null || value === '';

const Missing = () => (
  <span className="text-muted">
    <span aria-hidden>—</span>
    <span className="sr-only">Not stated</span>
  </span>
);
