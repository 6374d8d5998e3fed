/** How a directory is read. */
export type Reading = {
  /** From so many users on it is divided: below, one sequence of pages is as fast. */
  readonly dividedFrom: number;
  /** What a range has at least, where dates allow: two full pages, and a little room for who has come since. */
  readonly rangeUsers: number;
  /** The most ranges of a directory: each has its line in the checkpoint, which is written again and again. */
  readonly rangesMax: number;
  /** Pages on their way from Microsoft at a time: at the beginning, and at most. */
  readonly pagesAtFirst: number;
  readonly pagesMax: number;
};

export const READING: Reading = {
  dividedFrom: 2_000,
  rangeUsers: 1_940,
  rangesMax: 120,
  pagesAtFirst: 6,
  pagesMax: 8,
};
