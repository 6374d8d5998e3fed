import { z } from 'zod';
import type { Problem } from '#lib/core/problem.ts';
import { readProblem } from '../problem-json.ts';

/** `not-checked`: there was no way, or no reason, to look. `could-not-check`: looking failed. */
export const PROOF_STATES = ['ok', 'missing', 'not-checked', 'could-not-check'] as const;
export type ProofState = (typeof PROOF_STATES)[number];

/** One independent look at whether something is granted. */
export type Proof = {
  readonly state: ProofState;
  /** The instant of the look, ISO 8601; absent where there was none. */
  readonly at?: string;
  /** Why it is not `ok`, where Microsoft said so. */
  readonly problem?: Problem;
};

/** A proof as it is kept in a JSON column. */
export const StoredProof = z
  .object({
    state: z.enum(PROOF_STATES),
    at: z.iso.datetime().optional(),
    problem: z.unknown().optional(),
  })
  .transform(({ state, at, problem }): Proof => {
    const known = readProblem(problem);
    return { state, ...(at && { at }), ...(known && { problem: known }) };
  });

export const NOT_CHECKED: Proof = { state: 'not-checked' };

/** Something is proven, shown not to be there, or unknown: unknown is never taken for either. */
export type FoundState = 'proven' | 'missing' | 'could-not-check';

/** When a state was found, since when it has been so, and when it was last proven; instants, ISO 8601. */
export type FoundAt = {
  readonly checkedAt: string;
  readonly since: string;
  readonly lastProvenAt?: string;
};

/** The instants of a new finding after the one before it. */
export function foundAt(
  before: ({ readonly state: FoundState } & FoundAt) | undefined,
  state: FoundState,
  now: Date,
): FoundAt {
  const checkedAt = now.toISOString();
  const lastProvenAt = state === 'proven' ? checkedAt : before?.lastProvenAt;
  return {
    checkedAt,
    since: before?.state === state ? before.since : checkedAt,
    ...(lastProvenAt && { lastProvenAt }),
  };
}

/** Whether something was proven at or after an instant. */
export const wasProvenSince = (found: FoundAt | undefined, instant: Date): boolean =>
  found?.lastProvenAt !== undefined && Date.parse(found.lastProvenAt) >= instant.getTime();
