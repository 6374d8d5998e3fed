'use client';

import { lazy, Suspense, useRef, useState } from 'react';
import { buttonClass } from '#components/ui/button-class.ts';
import type { TenantId } from '#lib/core/ids.ts';

// The dialog is asked for when somebody is about to open it: most visits only read.
const loadDialog = () => import('./add-existing-dialog.tsx');
const AddExistingDialog = lazy(loadDialog);
const loadAhead = () => {
  loadDialog().catch(() => undefined);
};

/** The button that opens the dialog. */
export function AddExisting({
  tenantId,
  tenantName,
}: {
  readonly tenantId: TenantId;
  readonly tenantName: string;
}) {
  const trigger = useRef<HTMLButtonElement>(null);
  const [wasOpened, setWasOpened] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const onOpenChange = (open: boolean) => {
    setOpen(open);
    if (!open) trigger.current?.focus();
  };
  return (
    <>
      <button
        ref={trigger}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPointerEnter={loadAhead}
        onFocus={loadAhead}
        onClick={() => {
          setWasOpened(true);
          setOpen(true);
        }}
        className={buttonClass('primary')}
      >
        Add Existing Subscriptions
      </button>
      {wasOpened ? (
        <Suspense>
          <AddExistingDialog
            tenantId={tenantId}
            tenantName={tenantName}
            open={isOpen}
            onOpenChange={onOpenChange}
          />
        </Suspense>
      ) : null}
    </>
  );
}
