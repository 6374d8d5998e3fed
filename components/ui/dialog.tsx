'use client';

import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { createContext, type ReactNode, useContext, useRef, useState } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClass } from './button.tsx';
import { classNames } from './class-names.ts';

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
};

export type DialogProps = DialogTriggerProps & {
  /** The accessible name. */
  readonly title: string;
  readonly description?: ReactNode;
  readonly size?: 'small' | 'medium' | 'large';
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly children: ReactNode;
};

const WIDTH = { small: 'sm:max-w-md', medium: 'sm:max-w-xl', large: 'sm:max-w-3xl' } as const;

const CloseContext = createContext<() => void>(() => undefined);

/** Closes the dialog around the component: for forms that close it when their action has succeeded. */
export const useCloseDialog = (): (() => void) => useContext(CloseContext);

/** Where the focus goes when a dialog opens: its first field, among radios the chosen one; without a field "Cancel". */
function firstControl(popup: HTMLElement | null): HTMLElement | null | undefined {
  const field = popup?.querySelector<HTMLElement>(
    'input[type="radio"]:checked, :is(input:not([type="hidden"], [type="radio"]), select, textarea):enabled',
  );
  return field ?? popup?.querySelector<HTMLElement>('[data-dialog-cancel]');
}

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
  title,
  description,
  size = 'medium',
  open,
  onOpenChange,
  children,
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  const [ownOpen, setOwnOpen] = useState(false);
  const isOpen = open ?? ownOpen;
  const setOpen = (next: boolean) => {
    setOwnOpen(next);
    onOpenChange?.(next);
  };
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={setOpen}>
      {triggerLabel ? (
        <BaseDialog.Trigger
          disabled={triggerDisabled}
          aria-describedby={triggerDescribedBy}
          className={buttonClass(triggerVariant, triggerSize)}
        >
          {triggerIcon}
          {triggerLabel}
        </BaseDialog.Trigger>
      ) : null}
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-50 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <BaseDialog.Viewport className="fixed inset-0 z-50 flex items-end justify-center overflow-y-auto sm:items-start sm:px-4 sm:py-[10vh]">
          <BaseDialog.Popup
            ref={popup}
            initialFocus={() => firstControl(popup.current) ?? true}
            className={classNames(
              'flex max-h-[92dvh] w-full flex-col bg-raised text-body text-ink shadow-dialog transition',
              'rounded-t-dialog data-ending-style:translate-y-4 data-ending-style:opacity-0',
              'data-starting-style:translate-y-4 data-starting-style:opacity-0',
              'focus-visible:outline-none sm:max-h-none sm:rounded-dialog',
              'sm:data-ending-style:translate-y-1 sm:data-starting-style:translate-y-1',
              WIDTH[size],
            )}
          >
            <div className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
              <div className="flex min-w-0 flex-col gap-1">
                <BaseDialog.Title className="font-semibold text-lead">{title}</BaseDialog.Title>
                {description ? (
                  <BaseDialog.Description render={<div />} className="text-muted">
                    {description}
                  </BaseDialog.Description>
                ) : null}
              </div>
              <BaseDialog.Close
                aria-label="Close"
                className={buttonClass('ghost', 'small', '-mr-1.5 w-7 shrink-0 px-0! text-muted')}
              >
                <X aria-hidden className="size-4" />
              </BaseDialog.Close>
            </div>
            <CloseContext value={() => setOpen(false)}>{children}</CloseContext>
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
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
  return (
    <BaseDialog.Close data-dialog-cancel className={buttonClass('secondary')}>
      {children}
    </BaseDialog.Close>
  );
}
