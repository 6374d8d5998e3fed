import type { Built } from './build.ts';
import { type Discovered, INLINE } from './discover.ts';
import type { Entry } from './model.ts';

const TABLE = 'scripts/access/table.ts';

/** What a route or an action is called in the table, in documents and in complaints. */
export function titleOf(subject: Entry | Discovered): string {
  if (subject.type === 'page') return subject.route;
  if (subject.type === 'handler') return `${subject.method} ${subject.route}`;
  return subject.name;
}

const keyOf = (subject: Entry | Discovered): string =>
  subject.type === 'action'
    ? `action ${subject.file} ${subject.name}`
    : `${subject.type} ${titleOf(subject)}`;

/** How the table differs from the files: each sentence says what to do about it. */
export function tableComplaints(table: readonly Entry[], found: readonly Discovered[]): string[] {
  const entries = new Map(table.map((entry) => [keyOf(entry), entry]));
  const known = new Set(found.map(keyOf));
  const pages = new Set(found.filter(({ type }) => type === 'page').map(titleOf));
  return [
    ...found.flatMap((subject) => {
      if (subject.type === 'action' && subject.name === INLINE)
        return [
          `${subject.file}: a server action within a function has no name to list. Move it to a file of its own that begins with 'use server'.`,
        ];
      return entries.has(keyOf(subject)) ? [] : [missing(subject)];
    }),
    ...table.flatMap((entry) => [
      ...(known.has(keyOf(entry))
        ? []
        : [`${TABLE}: lists ${titleOf(entry)}, which is not there. Remove it.`]),
      ...entryComplaints(entry, pages),
    ]),
    ...table
      .filter((entry) => entries.get(keyOf(entry)) !== entry)
      .map((entry) => `${TABLE}: lists ${titleOf(entry)} twice.`),
  ];
}

function missing(subject: Discovered): string {
  const title = titleOf(subject);
  const call =
    subject.type === 'page'
      ? `page('${subject.route}', …)`
      : subject.type === 'handler'
        ? `handler('${subject.method}', '${subject.route}', …)`
        : `action('${subject.file}', '${subject.name}', …)`;
  return `${subject.file}: nobody has said who may use ${title}. Add ${call} to ${TABLE}: what each role gets, and which of its parameters are ids. Then run node scripts/write-access.ts.`;
}

function entryComplaints(entry: Entry, pages: ReadonlySet<string>): string[] {
  const title = titleOf(entry);
  if (entry.type === 'action')
    return pages.has(entry.at) ? [] : [`${TABLE}: ${title} is said to be at ${entry.at}, which is no page.`];
  const parameters = [...entry.route.matchAll(/\[+(?:\.\.\.)?(\w+)\]+/g)].map(([, name = '']) => name);
  const listed = Object.keys({ ...entry.path, ...(entry.type === 'page' && entry.fixed) });
  return [
    ...parameters
      .filter((name) => !listed.includes(name))
      .map((name) => `${TABLE}: ${title} does not say what ${name} of its path stands for.`),
    ...listed
      .filter((name) => !parameters.includes(name))
      .map((name) => `${TABLE}: ${title} has no ${name} in its path.`),
  ];
}

/** What a build answers to that the files did not show, or the other way round. */
export function buildComplaints(found: readonly Discovered[], built: Built): string[] {
  const inFiles = new Set(
    found.map((subject) =>
      subject.type === 'action'
        ? `the action ${subject.name} of ${subject.file}`
        : `the ${subject.type} ${subject.route}`,
    ),
  );
  const inBuild = new Set([
    ...built.routes.map(({ type, route }) => `the ${type} ${route}`),
    ...built.actions.map(({ name, file }) => `the action ${name} of ${file}`),
  ]);
  return [
    ...[...inBuild]
      .filter((one) => !inFiles.has(one))
      .map((one) => `The build has ${one}, no file shows it.`),
    ...[...inFiles].filter((one) => !inBuild.has(one)).map((one) => `The build lacks ${one}.`),
    ...built.others.map((one) => `The build has ${one}, of which the access check knows nothing.`),
  ];
}
