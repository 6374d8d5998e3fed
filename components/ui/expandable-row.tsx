'use client';

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { classNames } from './class-names.ts';
import { CELL_CLASS, rowClass } from './data-table.tsx';

/** The head of the column in which `ExpandableRow` puts its button. Give it to `TableHead` first. */
export function ExpandHeader() {
  return (
    <th scope="col" className="h-9 w-9 rounded-tl-card border-line border-b bg-sunken">
      <span className="sr-only">Details</span>
    </th>
  );
}

/**
 * A row with more behind it: a button at its start opens a second row below. `children` are the cells of the row,
 * `detail` what opens; both may come from the server. What was never opened is not drawn.
 */
export function ExpandableRow({
  label,
  columns,
  detail,
  muted = false,
  defaultOpen = false,
  children,
}: {
  /** The name of the button, such as "Service plans of Microsoft 365 E5". */
  readonly label: string;
  /** How many columns the table has, this button's included. */
  readonly columns: number;
  readonly detail: ReactNode;
  readonly muted?: boolean;
  readonly defaultOpen?: boolean;
  readonly children: ReactNode;
}) {
  const id = useId();
  const [open, setOpen] = useState(defaultOpen);
  const [wasOpened, setWasOpened] = useState(defaultOpen);
  const toggle = () => {
    setOpen(!open);
    setWasOpened(true);
  };
  return (
    <>
      <tr
        className={classNames(
          rowClass(false, muted),
          '[&:has(+[hidden]:last-child)>:first-child]:rounded-bl-card',
          '[&:has(+[hidden]:last-child)>:last-child]:rounded-br-card',
        )}
      >
        <td className={`${CELL_CLASS} px-1! w-9`}>
          <button
            type="button"
            aria-expanded={open}
            aria-controls={id}
            aria-label={label}
            onClick={toggle}
            className="flex size-7 items-center justify-center rounded-control text-muted hover:bg-pressed hover:text-ink"
          >
            <ChevronRight
              aria-hidden
              className={open ? 'size-4 rotate-90 transition-transform' : 'size-4 transition-transform'}
            />
          </button>
        </td>
        {children}
      </tr>
      <tr id={id} hidden={!open}>
        <td colSpan={columns} className="border-line border-t bg-sunken px-3 py-4 sm:pl-12">
          {wasOpened ? detail : null}
        </td>
      </tr>
    </>
  );
}
