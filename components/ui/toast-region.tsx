'use client';

import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { buttonClass } from './button-class.ts';
import { TOAST_EVENT, type Toast } from './toast.ts';

const VISIBLE_MS = 6000;
const ICON = { success: CircleCheck, info: Info, danger: CircleAlert } as const;
const INK = { success: 'text-success', info: 'text-info', danger: 'text-danger' } as const;

type Shown = Toast & { readonly id: number };

/** Where toasts appear: the lower edge, read politely; each stays while it is pointed at and can be closed. */
export function ToastRegion() {
  const [toasts, setToasts] = useState<readonly Shown[]>([]);
  const nextId = useRef(0);
  useEffect(() => {
    const onToast = (event: Event) => {
      if (!(event instanceof CustomEvent)) return;
      nextId.current += 1;
      const toast: Shown = { ...event.detail, id: nextId.current };
      setToasts((before) => [...before, toast]);
    };
    window.addEventListener(TOAST_EVENT, onToast);
    return () => window.removeEventListener(TOAST_EVENT, onToast);
  }, []);
  const close = (id: number) => setToasts((before) => before.filter((toast) => toast.id !== id));
  return (
    <section
      aria-label="Notifications"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 sm:left-auto"
    >
      <div role="status" className="flex flex-col items-center gap-2 sm:items-end">
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={() => close(toast.id)} />
        ))}
      </div>
    </section>
  );
}

function ToastCard({ toast, onClose }: { readonly toast: Toast; readonly onClose: () => void }) {
  const [held, setHeld] = useState(false);
  const onTimeout = useEffectEvent(onClose);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onTimeout, VISIBLE_MS);
    return () => clearTimeout(timer);
  }, [held]);
  const tone = toast.tone ?? 'success';
  const Icon = ICON[tone];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it or focusing its button only stops its clock.
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex w-full max-w-sm items-start gap-3 rounded-card bg-raised py-2.5 pr-2 pl-3.5 text-ink shadow-popover transition starting:translate-y-2 starting:opacity-0"
    >
      <Icon aria-hidden className={`mt-1 size-4 shrink-0 ${INK[tone]}`} />
      <span className="min-w-0 flex-1 py-0.5">{toast.text}</span>
      <button
        type="button"
        aria-label="Close"
        onClick={onClose}
        className={buttonClass('ghost', 'small', 'w-7 px-0! text-muted')}
      >
        <X aria-hidden className="size-4" />
      </button>
    </div>
  );
}
