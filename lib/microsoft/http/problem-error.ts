import type { Problem } from '#lib/core/problem.ts';

/** Carries a Problem through a package of Microsoft's that only knows exceptions; caught right behind it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}
