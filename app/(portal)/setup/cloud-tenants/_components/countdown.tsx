'use client';

import { formatDuration } from '#components/format.ts';
import { usePassedTime } from '#components/ui/use-passed-time.ts';

/**
 * How much time is left, counted from what the server said; nothing of it is announced. What is over stays at zero
 * until the server draws the page anew.
 */
export function Countdown({ remainingMs }: { readonly remainingMs: number }) {
  const passedMs = usePassedTime(remainingMs);
  return <span className="tabular-nums">{formatDuration(Math.max(0, remainingMs - passedMs))}</span>;
}
