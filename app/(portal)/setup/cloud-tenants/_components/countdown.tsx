'use client';

import { useEffect, useState } from 'react';
import { formatDuration } from '#components/format.ts';

const TICK_MS = 1000;

/**
 * How much time is left, second by second, counted from what the server said; nothing of it is announced. What is over
 * stays at zero until the server draws the page anew.
 */
export function Countdown({ remainingMs }: { readonly remainingMs: number }) {
  const [passedMs, setPassedMs] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new figure of the server is where counting starts anew.
  useEffect(() => {
    const startedAt = performance.now();
    setPassedMs(0);
    const timer = setInterval(() => setPassedMs(performance.now() - startedAt), TICK_MS);
    return () => clearInterval(timer);
  }, [remainingMs]);
  return <span className="tabular-nums">{formatDuration(Math.max(0, remainingMs - passedMs))}</span>;
}
