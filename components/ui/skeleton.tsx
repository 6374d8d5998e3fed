import { classNames } from './class-names.ts';

/** A grey shape in the place of content that is on its way. Appears after 200 ms, so that fast pages do not flicker. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <span
      aria-hidden
      className={classNames(
        'block animate-pulse rounded-small bg-pressed',
        'opacity-100 transition-opacity delay-200 starting:opacity-0',
        className ?? 'h-4 w-full',
      )}
    />
  );
}

/** The shape of a page with a title and a table, told to screen readers in one word. */
export function TablePageSkeleton({ rows = 8 }: { readonly rows?: number }) {
  return (
    <>
      <div role="status" className="flex flex-col gap-2">
        <span className="sr-only">Loading</span>
        <Skeleton className="h-7 w-56" />
        <Skeleton className="h-5 w-96 max-w-full" />
      </div>
      <TableSkeleton rows={rows} />
    </>
  );
}

/** The shape of a table. */
export function TableSkeleton({ rows = 8 }: { readonly rows?: number }) {
  return (
    <div aria-hidden className="rounded-card border border-line">
      <div className="h-9 rounded-t-card border-line border-b bg-sunken" />
      {Array.from({ length: rows }, (_, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move.
          key={index}
          className="flex h-10 items-center gap-6 border-line border-b px-3 last:border-b-0"
        >
          <Skeleton className="h-3.5 w-1/4" />
          <Skeleton className="h-3.5 w-1/3" />
          <Skeleton className="ml-auto h-3.5 w-16" />
        </div>
      ))}
    </div>
  );
}

/** The shape of a row of figures. */
export function FigureRowSkeleton({ figures = 4 }: { readonly figures?: number }) {
  return (
    <div
      aria-hidden
      className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line lg:grid-cols-4"
    >
      {Array.from({ length: figures }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the tiles are all alike and never move.
        <div key={index} className="flex flex-col gap-2 bg-canvas p-4">
          <Skeleton className="h-4 w-24" />
          <Skeleton className="h-8 w-20" />
        </div>
      ))}
    </div>
  );
}
