import { useEffect, useState } from 'react';

const TICK_MS = 1000;

/**
 * The milliseconds since the server said `figureMs`, second by second: so that a device whose clock is wrong counts
 * the same. A new figure begins anew.
 */
export function usePassedTime(figureMs: number): number {
  const [passedMs, setPassedMs] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new figure of the server is where counting starts anew.
  useEffect(() => {
    const startedAt = performance.now();
    setPassedMs(0);
    const timer = setInterval(() => setPassedMs(performance.now() - startedAt), TICK_MS);
    return () => clearInterval(timer);
  }, [figureMs]);
  return passedMs;
}
