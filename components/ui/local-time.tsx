'use client';

import { useSyncExternalStore } from 'react';
import { formatInstant, formatRelative } from '../format.ts';

const TICK_MS = 30_000;

let tick = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** One clock for all the times of a page, running only while there is one to keep up to date. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    tick += 1;
    for (const notify of listeners) notify();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** A `<time>` that begins with the server's words and goes on with the device's clock and zone. */
export function LocalTime({
  iso,
  show,
  initialText,
  initialTitle,
}: {
  readonly iso: string;
  readonly show: 'relative' | 'absolute';
  readonly initialText: string;
  readonly initialTitle: string;
}) {
  const isLive =
    useSyncExternalStore(
      subscribe,
      () => tick,
      () => -1,
    ) >= 0;
  const instant = new Date(iso);
  const relative = isLive ? formatRelative(instant, new Date()) : undefined;
  const absolute = isLive ? formatInstant(instant) : undefined;
  return (
    <time
      dateTime={iso}
      title={(show === 'relative' ? absolute : relative) ?? initialTitle}
      className="whitespace-nowrap"
    >
      {(show === 'relative' ? relative : absolute) ?? initialText}
    </time>
  );
}
