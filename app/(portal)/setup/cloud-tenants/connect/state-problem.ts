import { z } from 'zod';
import type { Problem } from '#lib/core/problem.ts';

/** The problems that a callback may put into an address. They carry nothing, so nothing can be forged into the page. */
const PROBLEMS: readonly Problem[] = [
  { code: 'state-unknown' },
  { code: 'state-expired' },
  { code: 'state-used' },
  { code: 'state-foreign' },
  { code: 'forbidden', need: 'admin' },
];

/** As long as the longest window of what is limited there. */
const SECONDS_MAX = 600;
const Seconds = z.coerce.number().int().min(1).max(SECONDS_MAX).catch(SECONDS_MAX);

/** The problem that an address names, where it is one of those, or of a limit, which comes with a time to wait. */
export function problemNamed(code: unknown, retryAfterSeconds?: unknown): Problem | undefined {
  if (code === 'rate-limited') return { code, retryAfterSeconds: Seconds.parse(retryAfterSeconds) };
  return PROBLEMS.find((problem) => problem.code === code);
}
