/** How long it is to an end, in words that follow a date. */
export function leftWords(daysLeft: number): string {
  if (daysLeft <= 0) return 'has passed';
  return daysLeft === 1 ? 'within a day' : `in ${daysLeft} days`;
}

/** The same as a verb: what a credential does. */
export const expiresWords = (daysLeft: number): string =>
  daysLeft <= 0 ? 'has expired' : `expires ${leftWords(daysLeft)}`;
