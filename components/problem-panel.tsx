import type { Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { type ProblemLook, WordedProblem } from './problem-words.tsx';

/** A failure in words, for pages; forms get the words with the answer of their action (`FormProblem`). */
export function ProblemPanel({ problem, ...look }: ProblemLook & { readonly problem: Problem }) {
  return <WordedProblem {...look} problem={problem} text={describeProblem(problem)} />;
}
