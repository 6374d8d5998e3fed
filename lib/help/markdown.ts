import { findHelpPage, type HelpPage, PORTAL_CODES } from './catalogue.ts';

/** Of all generated documents, so that nobody mends one of them. */
const NOTE = '<!-- Written by scripts/write-error-pages.ts from lib/help. -->';

/** The documents of `docs/errors/` by their file names: the same texts as the portal's own help pages. */
export function errorDocuments(): ReadonlyMap<string, string> {
  const pages = PORTAL_CODES.toSorted().flatMap((code) => findHelpPage(code) ?? []);
  return new Map([
    ['README.md', indexDocument(pages)],
    ...pages.map((page) => [`${page.code}.md`, pageDocument(page)] as const),
  ]);
}

const indexDocument = (pages: readonly HelpPage[]): string =>
  lines(
    NOTE,
    '# Errors',
    'One page for each of our codes: how it shows, why, who can fix it, what to do, and how to see that it is fixed.\nMicrosoft’s own codes are on the page of the class they belong to. The portal shows the same pages under\n`/help/errors`, with one more for each code of Microsoft’s; they need no sign-in and no network.',
    pages.map(({ code, heading }) => `- [${code}](${code}.md): ${heading}`).join('\n'),
  );

function pageDocument(page: HelpPage): string {
  const { code, heading, quote, where, cause, who, fix, test } = page;
  return lines(
    NOTE,
    `# ${code}`,
    `${heading}.`,
    '## Sign',
    [quote && `“${quote}”`, where].filter(Boolean).join(' '),
    '## Cause',
    cause,
    '## Who fixes it',
    `${who}.`,
    '## What to do',
    fix,
    '## How to see that it is fixed',
    test,
    ...microsoftCodes(page),
  );
}

function microsoftCodes({ microsoftCodes: codes, fix: ofClass }: HelpPage): readonly string[] {
  if (codes.length === 0) return [];
  const rows = codes.flatMap((code) => findHelpPage(code) ?? []);
  return [
    '## Microsoft’s codes',
    [
      '| Code | Cause | What to do |',
      '| --- | --- | --- |',
      ...rows.map(
        ({ code, cause, fix }) => `| \`${code}\` | ${cause} | ${fix === ofClass ? 'As above.' : fix} |`,
      ),
    ].join('\n'),
  ];
}

const lines = (...parts: readonly string[]): string => `${parts.join('\n\n')}\n`;
