import { titleOf } from './complaints.ts';
import { type Entry, OUTCOME_MEANING, type Outcome, ROLE_MEANING, ROLES } from './model.ts';

export const DOCUMENT = 'docs/access.md';

const PARTS = [
  ['page', 'Pages'],
  ['handler', 'Route handlers'],
  ['action', 'Server actions'],
] as const;

/** The table as a document. */
export function accessDocument(table: readonly Entry[]): string {
  return `${[
    '# Who may do what',
    '',
    'Written by `node scripts/write-access.ts` from `scripts/access/table.ts`; change the table, not this page.',
    '',
    'Every page, route handler and server action of the portal, and what each role gets. A browser test asks all of them',
    'over HTTP as every role: with ids of the own organization, with those of another one, with ids that never existed and',
    'with what is no id. It fails when a route has no entry, when an answer has anything of another organization in it,',
    'when a foreign id is answered in another way than one that never existed, and when a refused request has changed',
    'anything in the database. `npm test` fails too when this page and the table differ.',
    '',
    '## The roles',
    '',
    ...ROLES.map((role) => `- **${role}**: ${ROLE_MEANING[role]}`),
    '',
    '## The answers',
    '',
    ...Object.entries(OUTCOME_MEANING).map(([outcome, meaning]) => `- **${outcome}**: ${meaning}`),
    '',
    'An id of another organization, or one that never existed, is **not-found** for every member, unless the last column says',
    'otherwise.',
    ...PARTS.flatMap(([type, title]) =>
      section(
        title,
        table.filter((entry) => entry.type === type),
      ),
    ),
  ].join('\n')}\n`;
}

function section(title: string, entries: readonly Entry[]): string[] {
  return [
    '',
    `## ${title}`,
    '',
    `| | ${ROLES.join(' | ')} | |`,
    `| --- | ${ROLES.map(() => '---').join(' | ')} | --- |`,
    ...entries.map(
      (entry) =>
        `| \`${titleOf(entry)}\` | ${ROLES.map((role) => entry.outcomes[role]).join(' | ')} | ${remark(entry)} |`,
    ),
  ];
}

function remark({ foreign = {}, note }: Entry): string {
  const exceptions = Object.entries<Outcome>(foreign).map(
    ([name, outcome]) => `A foreign \`${name}\`: **${outcome}**.`,
  );
  return [...exceptions, ...(note ? [note] : [])].join(' ');
}
