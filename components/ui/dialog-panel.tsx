'use client';

import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useRef } from 'react';
import { buttonClass } from './button-class.ts';
import { classNames } from './class-names.ts';

const WIDTH = { small: 'sm:max-w-md', medium: 'sm:max-w-xl', large: 'sm:max-w-3xl' } as const;

export type DialogSize = keyof typeof WIDTH;

/** Where the focus goes when a dialog opens: its first field, among radios the chosen one; without a field "Cancel". */
function firstControl(popup: HTMLElement | null): HTMLElement | null | undefined {
  const field = popup?.querySelector<HTMLElement>(
    'input[type="radio"]:checked, :is(input:not([type="hidden"], [type="radio"]), select, textarea):enabled',
  );
  return field ?? popup?.querySelector<HTMLElement>('[data-dialog-cancel]');
}

/** The modal part of `Dialog`, in a file of its own because its script is loaded only when a dialog is about to open. */
export default function DialogPanel({
  open,
  onOpenChange,
  title,
  description,
  size,
  returnFocusTo,
  children,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly size: DialogSize;
  readonly returnFocusTo: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-50 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <BaseDialog.Viewport className="fixed inset-0 z-50 flex items-end justify-center overflow-y-auto sm:items-start sm:px-4 sm:py-[10vh]">
          <BaseDialog.Popup
            ref={popup}
            initialFocus={() => firstControl(popup.current) ?? true}
            finalFocus={() => returnFocusTo.current ?? true}
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
            {children}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
