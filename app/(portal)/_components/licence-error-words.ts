/** Why an assignment does not work. @see https://learn.microsoft.com/entra/fundamentals/licensing-groups-resolve-problems */
const WORDS: Readonly<Record<string, string>> = {
  CountViolation: 'No seat is left',
  MutuallyExclusiveViolation: 'Conflicts with another licence',
  DependencyViolation: 'Needs another licence',
  ProhibitedInUsageLocationViolation: 'Not available in the usage location',
  UniquenessViolation: 'An address is already in use',
  Others: 'Failed for another reason',
};

/** Microsoft's word for why an assignment does not work, in words; one that is not known as it came. */
export function licenceErrorWords(error: string): string {
  if (Object.hasOwn(WORDS, error)) return WORDS[error] ?? error;
  return error === '' || error === 'None' ? 'Microsoft did not say why' : error;
}
