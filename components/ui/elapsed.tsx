'use client';

import { useEffect, useState } from 'react';
import { formatDuration } from '../format.ts';

const TICK_MS = 1000;

/**
 * How long something has been going on, second by second. It counts on from what the server said, so that a device
 * whose clock is wrong shows the same; nothing of it is announced.
 */
export function Elapsed({ elapsedMs }: { readonly elapsedMs: number }) {
  const [passedMs, setPassedMs] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new figure of the server is where counting starts anew.
  useEffect(() => {
    const startedAt = performance.now();
    setPassedMs(0);
    const timer = setInterval(() => setPassedMs(performance.now() - startedAt), TICK_MS);
    return () => clearInterval(timer);
  }, [elapsedMs]);
  return formatDuration(elapsedMs + passedMs);
}
