import { PROBLEM_POLICY, type Problem, type ProblemCode } from '#lib/core/problem.ts';
import { REFINEMENTS } from '#lib/core/problem-refinements.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { MSAL_PROBLEMS } from '#lib/microsoft/entra/msal-problems.ts';
import { ENTRA_PROBLEMS } from '#lib/microsoft/entra/problems.ts';
import { CODE_PROBLEMS, PASSING_CODE_PROBLEMS } from '#lib/microsoft/http/problems.ts';
import { ENTRA_PAGES } from './entra-pages.ts';
import { EXAMPLES } from './examples.ts';
import { MSAL_PAGES } from './msal-pages.ts';
import type { MicrosoftPage, PortalCode } from './page-text.ts';
import { PORTAL_PAGES } from './portal-pages.ts';
import { SERVICE_PAGES } from './service-pages.ts';

/** Who gives a code its name. */
export type Source = 'Microsoft Entra ID' | 'Microsoft Graph' | 'Azure' | 'MSAL';

/**
 * All that a help page says about one code. Names of settings and codes stand in backticks.
 */
export type HelpPage = {
  /** As it is spelled by whoever gave it; unique also without regard to case. */
  readonly code: string;
  /** What happened, without a full stop. */
  readonly heading: string;
  /** How the portal says it, with example names where it names something. */
  readonly quote?: string;
  readonly where?: string;
  readonly cause: string;
  readonly who: string;
  readonly fix: string;
  readonly test: string;
  /** Of Microsoft's codes: who gives it. Several may use the same. */
  readonly sources: readonly Source[];
  /** Of Microsoft's codes: our code for failures of this class. */
  readonly portalCode?: PortalCode;
  /** Of our codes: Microsoft's codes that belong to it. */
  readonly microsoftCodes: readonly string[];
};

type Row = {
  readonly code: string;
  readonly problem: ProblemCode;
  readonly source: Source;
  readonly page: MicrosoftPage;
};

const SERVICE_SOURCE = { graph: 'Microsoft Graph', arm: 'Azure' } as const;

const ROWS: readonly Row[] = [
  ...ENTRA_PROBLEMS.map(([signal, problem]): Row => {
    const code = codeOf(signal);
    return { code, problem, source: 'Microsoft Entra ID', page: ENTRA_PAGES[code] };
  }),
  ...[...CODE_PROBLEMS, ...PASSING_CODE_PROBLEMS].map(
    ([service, code, problem]): Row => ({
      code,
      problem,
      source: SERVICE_SOURCE[service],
      page: SERVICE_PAGES[code],
    }),
  ),
  ...MSAL_PROBLEMS.map(([code, problem]): Row => ({ code, problem, source: 'MSAL', page: MSAL_PAGES[code] })),
];

function codeOf(signal: (typeof ENTRA_PROBLEMS)[number][0]) {
  if ('aadsts' in signal) return `AADSTS${signal.aadsts}` as const;
  return 'error' in signal ? signal.error : signal.suberror;
}

/** Microsoft's codes, each once: an error and a suberror, Graph and Azure may share a name. */
const ROWS_BY_CODE = Map.groupBy(ROWS, ({ code }) => code);

function portalPage(code: PortalCode): HelpPage {
  const page = PORTAL_PAGES[code];
  const words = isProblemCode(code) ? describeProblem(EXAMPLES[code]) : undefined;
  return {
    ...page,
    code,
    quote: words?.title,
    who: page.who ?? words?.who ?? 'You',
    sources: [],
    microsoftCodes: [...ROWS_BY_CODE].flatMap(([name, [row]]) => (row?.problem === code ? [name] : [])),
  };
}

const isProblemCode = (code: PortalCode): code is ProblemCode => Object.hasOwn(PROBLEM_POLICY, code);

function microsoftPage(rows: readonly [Row, ...Row[]]): HelpPage {
  const [{ code, problem, page }] = rows;
  const portal = portalPage(problem);
  const refined = REFINEMENTS[code];
  const words = describeProblem({ ...EXAMPLES[problem], microsoft: { code } } as Problem);
  return {
    code,
    heading: refined?.title?.replace(/\.$/, '') ?? portal.heading,
    quote: words.title,
    cause: page.cause,
    who: refined?.who ?? portal.who,
    fix: page.fix ?? refined?.action ?? portal.fix,
    test: page.test ?? portal.test,
    sources: [...new Set(rows.map(({ source }) => source))],
    portalCode: problem,
    microsoftCodes: [],
  };
}

/** Our codes in the order of the catalogue. */
export const PORTAL_CODES = Object.keys(PORTAL_PAGES) as PortalCode[];

/** Every page: ours first, then Microsoft's by source and table. */
export const HELP_PAGES: readonly HelpPage[] = [
  ...PORTAL_CODES.map(portalPage),
  ...[...ROWS_BY_CODE.values()].map(([first, ...others]) => microsoftPage([first as Row, ...others])),
];

const PAGES_BY_NAME = new Map(HELP_PAGES.map((page) => [page.code.toLowerCase(), page]));

/** The page of a code in any spelling; a number alone is one of the login service. */
export function findHelpPage(code: string): HelpPage | undefined {
  const name = code.trim().toLowerCase();
  return PAGES_BY_NAME.get(name) ?? PAGES_BY_NAME.get(`aadsts${name}`);
}
