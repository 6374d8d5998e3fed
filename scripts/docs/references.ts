import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export type BrokenReference = { readonly file: string; readonly line: number; readonly reference: string };

/** The first folder of every path that a document may name as one of the repository's. */
const TOP_FOLDERS = new Set(
  '.ci app bench components docs e2e lib prisma public scripts simulator worker'.split(' '),
);
/** Files at the top that documents name; any other bare file name stands for a kind of file. */
const TOP_FILE =
  /^(README\.md|SECURITY\.md|LICENSE|NOTICE|\.env\.example|package(-lock)?\.json|tsconfig\.json|biome\.json|proxy\.ts|instrumentation\.ts|[\w-]+\.config\.(js|mjs|ts))$/;
/** Made by the first command or build, and not there in a clean clone. */
const GENERATED = /^(lib\/db\/generated|bench\/results\.json)/;

/** README.md and the other documents at the top, and everything under docs. */
export function documents(root: string): string[] {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  const rest = globSync('docs/**/*.md', { cwd: root });
  return [...top, ...rest].sort();
}

/**
 * The places where a document names something that is not there: a path of the repository in backticks (`*`, `<name>`
 * and `{name}` stand for any name), a relative link or picture, a heading.
 */
export function brokenReferences(root: string, file: string): BrokenReference[] {
  const broken: BrokenReference[] = [];
  let isFenced = false;
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .forEach((text, index) => {
      if (/^\s*(```|~~~)/.test(text)) isFenced = !isFenced;
      else if (!isFenced) {
        const references = [...pathsIn(text), ...linksIn(text)];
        for (const { written, exists } of references) {
          if (!exists(root, file)) broken.push({ file, line: index + 1, reference: written });
        }
      }
    });
  return broken;
}

type Reference = { readonly written: string; readonly exists: (root: string, file: string) => boolean };

function pathsIn(text: string): Reference[] {
  return [...text.matchAll(/`([^`]+)`/g)].flatMap(([, written = '']) => {
    const path = written.replace(/:\d+$/, '');
    const isPath =
      TOP_FILE.test(path) || (/^[^\s]+\/[^\s]*$/.test(path) && TOP_FOLDERS.has(path.split('/')[0] ?? ''));
    if (!isPath || GENERATED.test(path)) return [];
    return [{ written: path, exists: (root) => hasPath(root, path) }];
  });
}

function linksIn(text: string): Reference[] {
  const withoutCode = text.replace(/`[^`]*`/g, '');
  return [...withoutCode.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].flatMap(([, written = '']) => {
    if (/^[a-z][a-z+.-]*:/i.test(written)) return [];
    const [target = '', heading] = written.split('#');
    return [
      {
        written,
        exists: (root, file) => {
          const path = target ? posix.join(posix.dirname(file), decodeURI(target)) : file;
          return (
            existsSync(join(root, path)) && (heading === undefined || hasHeading(join(root, path), heading))
          );
        },
      },
    ];
  });
}

function hasPath(root: string, path: string): boolean {
  const pattern = path.replace(/<[^>]*>|\{[^}]*\}/g, '*').replace(/\/$/, '');
  if (!pattern.includes('*')) return existsSync(join(root, pattern));
  // Brackets name a folder of Next's router, not a set of characters.
  return globSync(pattern.replace(/[[\]()]/g, '?'), { cwd: root }).length > 0;
}

/** Whether a document has the heading that a link names, in the form in which GitHub writes it. */
function hasHeading(file: string, anchor: string): boolean {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => /^#{1,6}\s+(.*?)\s*$/.exec(text)?.[1] ?? [])
    .some((heading) => headingAnchor(heading) === anchor);
}

const headingAnchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
