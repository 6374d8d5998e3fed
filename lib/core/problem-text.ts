import type { Problem } from './problem.ts';

/** The words for a person: what happened, who can fix it, and what to do now. Whole sentences. */
export type ProblemText = { readonly title: string; readonly who: string; readonly action: string };

/** Describes any Problem in words; codes and correlation ids are shown beside it from `problem.microsoft`. */
export function describeProblem(_problem: Problem): ProblemText {
  throw new Error('not implemented');
}
