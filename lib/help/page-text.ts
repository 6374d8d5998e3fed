import type { ProblemCode } from '#lib/core/problem.ts';

/** Failures that are no `Problem`, because nothing of the domain can report them, and that have a page all the same. */
export type OtherCode = 'database-unavailable' | 'worker-unavailable' | 'signed-out' | 'unexpected';

/** What the portal itself names failures by. */
export type PortalCode = ProblemCode | OtherCode;

/**
 * What the page of one of our codes says beyond what the portal says at once. Names of settings and codes stand in
 * backticks; a blank line ends a paragraph.
 */
export type PortalPage = {
  /** What happened, as a heading for everybody: without names and numbers, without a full stop. */
  readonly heading: string;
  /** Where and how it shows, beside the words in which the portal tells it. */
  readonly where?: string;
  readonly cause: string;
  /** Where more people can fix it than the portal names at once. */
  readonly who?: string;
  readonly fix: string;
  /** How to see that it is fixed. */
  readonly test: string;
};

/** What the page of one of Microsoft's codes says; where it is silent, the page of its class speaks. */
export type MicrosoftPage = {
  readonly cause: string;
  readonly fix?: string;
  readonly test?: string;
};
