'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

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
    follow();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [active, intervalMs, router]);
  return null;
}
