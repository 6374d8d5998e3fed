'use client';

import { createContext, lazy, type ReactNode, Suspense, useContext, useRef, useState } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.ts';
import type { DialogSize } from './dialog-panel.tsx';

export type DialogTriggerProps = {
  /** The words of the button that opens the dialog; without them the caller opens it through `open`. */
  readonly triggerLabel?: string;
  readonly triggerVariant?: ButtonVariant;
  readonly triggerSize?: ButtonSize;
  /** Before the words, 16 px. */
  readonly triggerIcon?: ReactNode;
  /** The id of what the button belongs to, for rows whose buttons all have one name. */
  readonly triggerDescribedBy?: string;
  readonly triggerDisabled?: boolean;
  /** So that something else can lead the focus to the button. */
  readonly triggerId?: string;
};

export type DialogProps = DialogTriggerProps & {
  /** The accessible name. */
  readonly title: string;
  readonly description?: ReactNode;
  readonly size?: DialogSize;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly children: ReactNode;
};

// A seventh of a page's whole script, which most visits never need: it is asked for when the pointer or the focus
// reaches the button, so that it is there at the click.
const loadPanel = () => import('./dialog-panel.tsx');
const DialogPanel = lazy(loadPanel);
/** A failure to load ahead is not one yet: opening tries again, and then it counts. */
const loadAhead = () => {
  loadPanel().catch(() => undefined);
};

const CloseContext = createContext<() => void>(() => undefined);

/** Closes the dialog around the component: for forms that close it when their action has succeeded. */
export const useCloseDialog = (): (() => void) => useContext(CloseContext);

/**
 * A modal dialog: keeps the focus, closes by Escape, gives the focus back to where it came from. On small screens a
 * sheet at the lower edge. Its content is made when it opens, so a form inside begins empty each time.
 */
export function Dialog({
  triggerLabel,
  triggerVariant = 'secondary',
  triggerSize = 'medium',
  triggerIcon,
  triggerDescribedBy,
  triggerDisabled = false,
  triggerId,
  title,
  description,
  size = 'medium',
  open,
  onOpenChange,
  children,
}: DialogProps) {
  const trigger = useRef<HTMLButtonElement>(null);
  const [ownOpen, setOwnOpen] = useState(false);
  const isOpen = open ?? ownOpen;
  // Once opened, the panel stays, so that it can show how it closes.
  const [wasOpened, setWasOpened] = useState(isOpen);
  if (isOpen && !wasOpened) setWasOpened(true);
  const setOpen = (next: boolean) => {
    setOwnOpen(next);
    onOpenChange?.(next);
  };
  return (
    <>
      {triggerLabel ? (
        <button
          ref={trigger}
          id={triggerId}
          type="button"
          disabled={triggerDisabled}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          aria-describedby={triggerDescribedBy}
          onPointerEnter={loadAhead}
          onFocus={loadAhead}
          onClick={() => setOpen(true)}
          className={buttonClass(triggerVariant, triggerSize)}
        >
          {triggerIcon}
          {triggerLabel}
        </button>
      ) : null}
      {wasOpened ? (
        <Suspense>
          <DialogPanel
            open={isOpen}
            onOpenChange={setOpen}
            title={title}
            description={description}
            size={size}
            returnFocusTo={trigger}
          >
            <CloseContext value={() => setOpen(false)}>{children}</CloseContext>
          </DialogPanel>
        </Suspense>
      ) : null}
    </>
  );
}

/** The part of a dialog that scrolls on a small screen. */
export function DialogBody({ children }: { readonly children: ReactNode }) {
  return <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 pt-1 pb-5">{children}</div>;
}

/** The buttons of a dialog: what it does on the right, before it `DialogCancel`. */
export function DialogFooter({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse gap-2 border-line border-t px-5 py-3 sm:flex-row sm:justify-end">
      {children}
    </div>
  );
}

/** Leaves the dialog without doing anything. */
export function DialogCancel({ children = 'Cancel' }: { readonly children?: string }) {
  const close = useCloseDialog();
  return (
    <button type="button" data-dialog-cancel onClick={close} className={buttonClass('secondary')}>
      {children}
    </button>
  );
}
