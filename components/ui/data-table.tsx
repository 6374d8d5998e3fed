import type { ReactNode, TdHTMLAttributes, ThHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';

/**
 * The frame of a table. The head stays in sight while the page scrolls; on small screens the table scrolls
 * sideways under its first column. `label` is the table's accessible name.
 */
export function DataTable({
  label,
  density = 'comfortable',
  busy = false,
  children,
}: {
  readonly label: string;
  readonly density?: 'comfortable' | 'compact';
  /** New rows are under way; the ones shown are older. */
  readonly busy?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section
      aria-label={`${label} table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      className="relative rounded-card border border-line max-xl:overflow-x-auto"
    >
      <table
        aria-label={label}
        aria-busy={busy || undefined}
        data-density={density}
        className="group/table w-full border-separate border-spacing-0 text-left"
      >
        {children}
      </table>
    </section>
  );
}

export function TableHead({ children }: { readonly children: ReactNode }) {
  return (
    <thead className="z-20 xl:sticky xl:top-0">
      <tr>{children}</tr>
    </thead>
  );
}

export function TableBody({ children }: { readonly children: ReactNode }) {
  return <tbody className="group/body">{children}</tbody>;
}

/** A row; it answers to the pointer. `selected` marks the row whose details are open. */
export function TableRow({
  selected = false,
  muted = false,
  unknown = false,
  children,
}: {
  readonly selected?: boolean;
  /** The row does not count, or not any more. */
  readonly muted?: boolean;
  /** What the row is about could not be found out: striped, so that it looks neither good nor bad. */
  readonly unknown?: boolean;
  readonly children: ReactNode;
}) {
  return <tr className={classNames(rowClass(selected, muted), unknown && 'row-unknown')}>{children}</tr>;
}

/** The look of a row, for rows that are made elsewhere. */
export function rowClass(selected = false, muted = false): string {
  return classNames(
    'group/row transition-colors [&>*]:bg-canvas hover:[&>*]:bg-hover',
    selected && '[&>*]:bg-accent-soft!',
    muted && '[&>*]:text-muted',
  );
}

type Alignment = {
  /** A number: right-aligned, digits of equal width. */
  readonly numeric?: boolean;
  /** The column that says what the row is: stays in sight when the table scrolls sideways. */
  readonly sticky?: boolean;
};

const STICKY = 'max-xl:sticky max-xl:left-0 max-xl:z-10 max-xl:border-line max-xl:border-r';

export type SortDirection = 'ascending' | 'descending';

/**
 * The head of a column. With `sortHref` it is a link that sorts: `sort` says how the column is sorted now.
 * `label` is for a column without words, such as the one of the buttons.
 */
export function ColumnHeader({
  numeric = false,
  sticky = false,
  sortHref,
  sort,
  className,
  children,
  ...rest
}: Alignment &
  ThHTMLAttributes<HTMLTableCellElement> & {
    readonly sortHref?: string;
    readonly sort?: SortDirection;
  }) {
  return (
    <th
      scope="col"
      {...rest}
      aria-sort={sort}
      className={classNames(
        'h-9 whitespace-nowrap border-line border-b bg-sunken px-3 align-middle text-small text-muted',
        'first:rounded-tl-card last:rounded-tr-card',
        numeric && 'text-right',
        sticky && STICKY,
        className,
      )}
    >
      {sortHref ? (
        // Plain, since a table has many of them; in the portal's frame it leads on softly.
        <a
          href={sortHref}
          data-soft="keep"
          className={classNames(
            'sort-arrow inline-flex min-h-6 items-center gap-1 rounded-small hover:text-ink',
            numeric && 'flex-row-reverse',
            sort && 'text-ink',
          )}
        >
          {children}
        </a>
      ) : (
        children
      )}
    </th>
  );
}

/** The look of a cell, for cells that are made elsewhere. A class of its own: a page has hundreds of them. */
export const CELL_CLASS = 'cell';

/** A cell. */
export function Cell({
  numeric = false,
  sticky = false,
  className,
  ...rest
}: Alignment & TdHTMLAttributes<HTMLTableCellElement>) {
  return (
    <td
      {...rest}
      className={classNames(CELL_CLASS, numeric && 'text-right tabular-nums', sticky && STICKY, className)}
    />
  );
}

/** The cell that names its row: a row header, in sight when the table scrolls sideways. */
export function RowHeader({ className, ...rest }: ThHTMLAttributes<HTMLTableCellElement>) {
  return (
    <th
      scope="row"
      {...rest}
      className={classNames(CELL_CLASS, STICKY, 'min-w-40 max-w-96 font-normal max-xl:max-w-56', className)}
    />
  );
}
