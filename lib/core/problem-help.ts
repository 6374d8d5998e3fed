import type { MicrosoftTrace, ProblemCode } from './problem.ts';

/** Where the help page of a code is; the index without one. */
export const ERRORS_PATH = '/help/errors';

/** How Microsoft's codes look. What looks otherwise stays out of an address. */
const MICROSOFT_CODE = /^[A-Za-z]\w{2,79}$/;

/** What pages lead to help about: a Problem, what was thrown, and that no worker runs. */
export type HelpCode = ProblemCode | 'unexpected' | 'worker-unavailable';

/**
 * The address of the page that explains a failure: that of Microsoft's code if there is one, else that of our own.
 * Microsoft has codes that no page knows, so the address names the class, too, whose page stands in for them.
 */
export function helpPath(code: HelpCode, microsoft?: Pick<MicrosoftTrace, 'code'>): string {
  if (!microsoft?.code || !MICROSOFT_CODE.test(microsoft.code)) return `${ERRORS_PATH}/${code}`;
  return `${ERRORS_PATH}/${microsoft.code}?class=${code}`;
}
