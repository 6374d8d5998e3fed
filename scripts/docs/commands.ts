import type { BrokenReference } from './references.ts';

/** The places where a document tells to run an npm script that package.json does not have. */
export function unknownCommands(
  file: string,
  document: string,
  scripts: readonly string[],
): BrokenReference[] {
  return document.split('\n').flatMap((text, index) =>
    [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)]
      .map(([, named, builtIn]) => named ?? builtIn ?? '')
      .filter((name) => !scripts.includes(name))
      .map((name) => ({ file, line: index + 1, reference: `npm script ${name}` })),
  );
}
