import type { Problem } from '#lib/core/problem.ts';

/** The problems that a callback may put into an address. They carry nothing, so nothing can be forged into the page. */
const PROBLEMS: readonly Problem[] = [
  { code: 'state-unknown' },
  { code: 'state-expired' },
  { code: 'state-used' },
  { code: 'state-foreign' },
  { code: 'forbidden', need: 'admin' },
];

/** The problem that an address names, where it is one of those. */
export const problemNamed = (code: unknown): Problem | undefined =>
  PROBLEMS.find((problem) => problem.code === code);
