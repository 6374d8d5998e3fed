'use client';

import { usePathname } from 'next/navigation';
import { useEffect } from 'react';

/** Draws nothing: closes the drawer when one has arrived, and hides tooltips on Escape until the pointer moves on. */
export function ShellKeys({ drawerId, menuId }: { readonly drawerId: string; readonly menuId: string }) {
  const pathname = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the arrival on another page is the event.
  useEffect(() => {
    for (const id of [drawerId, menuId]) {
      const element = document.getElementById(id);
      if (element?.matches(':popover-open')) element.hidePopover();
    }
  }, [pathname, drawerId, menuId]);

  useEffect(() => {
    const root = document.documentElement;
    const hide = (event: KeyboardEvent) => {
      if (event.key === 'Escape') root.dataset.tooltips = 'off';
    };
    const show = () => {
      delete root.dataset.tooltips;
    };
    document.addEventListener('keydown', hide);
    document.addEventListener('pointerover', show);
    document.addEventListener('focusin', show);
    return () => {
      document.removeEventListener('keydown', hide);
      document.removeEventListener('pointerover', show);
      document.removeEventListener('focusin', show);
    };
  }, []);
  return null;
}
