'use client';

import { lazy, type MouseEvent, type ReactNode, Suspense, useRef, useState } from 'react';
import { buttonClass } from '#components/ui/button-class.ts';
import type { TenantId } from '#lib/core/ids.ts';
import type { AccessLevel } from '#lib/domain/tenants/model.ts';

// The dialog is asked for when somebody is about to open it: most visits only read.
const loadDialog = () => import('./change-access-dialog.tsx');
const ChangeAccessDialog = lazy(loadDialog);
const loadAhead = () => {
  loadDialog().catch(() => undefined);
};

/** A subscription as its row says it, in attributes: no list of all of them is sent a second time. */
export type ChosenSubscription = {
  readonly subscriptionId: string;
  readonly name: string;
  readonly level: AccessLevel | undefined;
};

const read = ({ dataset }: HTMLElement): ChosenSubscription => ({
  subscriptionId: dataset.subscription ?? '',
  name: dataset.name ?? '',
  level: dataset.level as AccessLevel | undefined,
});

/**
 * Around the table of subscriptions: listens to the checkboxes and buttons of its rows, which the server draws, and
 * has the one dialog and the bar for those that are selected.
 */
export function ChangeAccessArea({
  tenantId,
  children,
}: {
  readonly tenantId: TenantId;
  readonly children: ReactNode;
}) {
  const area = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState(0);
  const [chosen, setChosen] = useState<readonly ChosenSubscription[]>();
  const [isOpen, setOpen] = useState(false);

  const boxes = () => [
    ...(area.current?.querySelectorAll<HTMLInputElement>('input[data-subscription]') ?? []),
  ];
  const select = (isSelected: boolean) => {
    for (const box of boxes()) box.checked = isSelected;
    const all = area.current?.querySelector<HTMLInputElement>('input[data-all]');
    if (all) all.checked = isSelected;
    setSelected(isSelected ? boxes().length : 0);
  };
  const open = (subscriptions: readonly ChosenSubscription[]) => {
    setChosen(subscriptions);
    setOpen(true);
  };
  const onClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const button = target?.closest<HTMLElement>('button[data-subscription]');
    if (button) open([read(button)]);
    else if (target instanceof HTMLInputElement && 'all' in target.dataset) select(target.checked);
    else if (target instanceof HTMLInputElement) setSelected(boxes().filter(({ checked }) => checked).length);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside are what people use; a key on them clicks.
    // biome-ignore lint/a11y/useKeyWithClickEvents: a key on a button or checkbox is a click of it.
    <div
      ref={area}
      onClick={onClick}
      onPointerOver={loadAhead}
      onFocus={loadAhead}
      className="flex flex-col gap-4"
    >
      {children}
      {selected > 0 ? (
        <section
          aria-label="Selected subscriptions"
          className="sticky bottom-4 z-30 flex flex-wrap items-center gap-3 rounded-card border border-line bg-raised p-3 shadow-dialog"
        >
          <p role="status" className="font-medium">
            {selected} selected
          </p>
          <div className="flex flex-wrap gap-2">
            <button
              type="button"
              aria-haspopup="dialog"
              className={buttonClass('primary')}
              onClick={() =>
                open(
                  boxes()
                    .filter(({ checked }) => checked)
                    .map(read),
                )
              }
            >
              Change Access
            </button>
            <button type="button" className={buttonClass('ghost')} onClick={() => select(false)}>
              Clear selection
            </button>
          </div>
        </section>
      ) : null}
      {chosen ? (
        <Suspense>
          <ChangeAccessDialog tenantId={tenantId} chosen={chosen} open={isOpen} onOpenChange={setOpen} />
        </Suspense>
      ) : null}
    </div>
  );
}
