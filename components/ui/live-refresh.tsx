'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Long enough to have left; a link that only starts a download stays on the page. */
const LEAVING_MS = 10_000;

/** Longer than most forms take to be answered, perhaps by leaving. */
const SENDING_MS = 3_000;

/**
 * Draws nothing: while `active`, asks the server for the page again every `intervalMs`; rests while the window is
 * not in sight and asks at once when it is again. What is announced is the page's own matter.
 */
export function LiveRefresh({
  active,
  intervalMs = 2000,
}: {
  readonly active: boolean;
  readonly intervalMs?: number;
}) {
  const router = useRouter();
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setInterval> | undefined;
    const follow = () => {
      clearInterval(timer);
      timer = document.hidden ? undefined : setInterval(() => router.refresh(), intervalMs);
    };
    const onVisibility = () => {
      if (!document.hidden) router.refresh();
      follow();
    };
    // Who leaves for another site must not be asked for again: the router would ask that site. A form may be about to.
    const rest = (ms: number) => () => {
      clearInterval(timer);
      timer = setTimeout(follow, ms);
    };
    const onLeaving = rest(LEAVING_MS);
    const onSending = rest(SENDING_MS);
    follow();
    document.addEventListener('visibilitychange', onVisibility);
    window.addEventListener('beforeunload', onLeaving);
    document.addEventListener('submit', onSending, true);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('beforeunload', onLeaving);
      document.removeEventListener('submit', onSending, true);
    };
  }, [active, intervalMs, router]);
  return null;
}
