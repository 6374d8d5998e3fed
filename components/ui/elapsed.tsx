'use client';

import { formatDuration } from '../format.ts';
import { usePassedTime } from './use-passed-time.ts';

/** How long something has been going on, counted on from what the server said; nothing of it is announced. */
export function Elapsed({ elapsedMs }: { readonly elapsedMs: number }) {
  return formatDuration(elapsedMs + usePassedTime(elapsedMs));
}
