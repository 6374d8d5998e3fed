import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '#lib/core/problem.ts';
import type { Result } from '#lib/core/result.ts';

/** How the onboarding waits; tests do it without waiting. */
export type Wait = (ms: number) => Promise<void>;

export const realWait: Wait = (ms) => sleep(ms);

/** What passes by itself: Microsoft has not copied something everywhere yet, is busy with it, or did not answer. */
const PASSING: ReadonlySet<Problem['code']> = new Set<Problem['code']>([
  'conflict',
  'consent-required',
  'principal-not-found',
  'resource-not-found',
  'throttled',
  'upstream-unavailable',
]);

export const isPassing = (problem: Problem): boolean => PASSING.has(problem.code);

const FIRST_WAIT_MS = 1_000;
const WAIT_MAX_MS = 15_000;
/** Microsoft speaks of "some minutes" until a new service principal is known everywhere. */
export const PATIENCE_MS = 5 * 60_000;

export type PatienceOptions = {
  readonly wait: Wait;
  /** Called before each wait with the number of the repetition, from 1. */
  readonly onWait?: (repetition: number, problem: Problem) => Promise<void>;
  /** Which Problems are worth waiting for, where not all those that pass are. */
  readonly passes?: (problem: Problem) => boolean;
};

/**
 * Repeats a call while its Problem is one that passes, with growing waits that together stay below `PATIENCE_MS`;
 * then the last Problem is the result. A wait that Microsoft asks for is kept.
 */
export async function repeatWhilePassing<T>(
  call: () => Promise<Result<T>>,
  { wait, onWait, passes = isPassing }: PatienceOptions,
): Promise<Result<T>> {
  let waitedMs = 0;
  for (let repetition = 1; ; repetition += 1) {
    const result = await call();
    if (result.ok || !passes(result.problem)) return result;
    const { problem } = result;
    const ownMs = Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** (repetition - 1));
    const askedMs = problem.code === 'throttled' ? problem.retryAfterSeconds * 1000 : 0;
    const waitMs = Math.max(ownMs, askedMs);
    if (waitedMs + waitMs > PATIENCE_MS) return result;
    await onWait?.(repetition, problem);
    await wait(waitMs);
    waitedMs += waitMs;
  }
}

/** Runs `work` over the items, a few at a time. */
export async function forEachConcurrently<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  // All runners draw from one iterator, so each item is worked on once.
  const runner = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, runner));
}
