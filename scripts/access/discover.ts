import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Token, tokenize } from '../layers/tokens.ts';

/** Something of the portal that can be asked for, and the file that it comes from. */
export type Discovered =
  | { readonly type: 'page'; readonly route: string; readonly file: string }
  | { readonly type: 'handler'; readonly method: string; readonly route: string; readonly file: string }
  | { readonly type: 'action'; readonly name: string; readonly file: string };

/** The name of an action that stands within a function: it can be called like any other, but has no name of its own. */
export const INLINE = '(inline)';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
const SOURCES = '{ts,tsx,js,jsx,mjs}';
/** Files of Next's conventions that answer requests without being called route. */
const METADATA = /\/(favicon|icon|apple-icon|opengraph-image|twitter-image|robots|sitemap|manifest)\d*\.\w+$/;

/** Every page, route handler and server action of the repository at `root`. */
export function discover(root: string): Discovered[] {
  const files = globSync('app/**/*', { cwd: root }).sort();
  const sources = globSync(`{app,components,lib}/**/*.${SOURCES}`, { cwd: root }).sort();
  return [
    ...files.flatMap((file) => routesOf(file, () => read(root, file))),
    ...sources.flatMap((file) => actionsOf(file, read(root, file))),
  ];
}

const read = (root: string, file: string) => readFileSync(join(root, file), 'utf8');

function routesOf(file: string, source: () => string): Discovered[] {
  const folder = file.slice(0, file.lastIndexOf('/'));
  const name = file.slice(folder.length + 1);
  if (folder.split('/').some((segment) => segment.startsWith('_'))) return [];
  if (/^page\.(ts|js)x?$/.test(name)) return [{ type: 'page', route: routeOf(folder), file }];
  if (/^route\.(ts|js)$/.test(name))
    return exportsOf(source())
      .filter((method) => METHODS.has(method))
      .map((method) => ({ type: 'handler', method, route: routeOf(folder), file }));
  if (METADATA.test(file))
    return [{ type: 'handler', method: 'GET', route: `${routeOf(folder)}/${name}`.replace('//', '/'), file }];
  return [];
}

/** The address of a folder: groups and slots are not part of it. */
function routeOf(folder: string): string {
  const segments = folder.split('/').slice(1);
  const intercepting = segments.find((segment) => /^\(\.{1,3}\)/.test(segment));
  if (intercepting) throw new Error(`${folder}: intercepting routes are not known to the access check.`);
  return `/${segments.filter((segment) => !/^(\(.*\)|@.*)$/.test(segment)).join('/')}`;
}

/** The server actions of a file: all that a file with the directive exports, and functions that have it themselves. */
export function actionsOf(file: string, source: string): Discovered[] {
  if (!source.includes('use server')) return [];
  const tokens = tokenize(source);
  const isDirective = (token: Token) => token.kind === 'string' && token.text === 'use server';
  const [first] = tokens;
  const isWhole = first !== undefined && isDirective(first);
  // A directive is the first thing in a function's body; the same words in an object or a call are none.
  const isInline = tokens.some(
    (token, at) => at > 0 && isDirective(token) && ['{', ';'].includes(tokens[at - 1]?.text ?? ''),
  );
  return [...(isWhole ? exportsOf(source) : []), ...(isInline ? [INLINE] : [])].map((name) => ({
    type: 'action',
    name,
    file,
  }));
}

/** The names of the values that a file exports. Throws where it cannot name them. */
export function exportsOf(source: string): string[] {
  const tokens = tokenize(source);
  return tokens.flatMap((token, at) => {
    if (token.kind !== 'word' || token.text !== 'export' || !token.startsLine) return [];
    const words = tokens.slice(at + 1);
    const [first, second, third] = words.map(({ text }) => text);
    if (first === 'type' || first === 'interface') return [];
    if (first === 'default') return ['default'];
    if (first === '*') throw new Error(`line ${token.line}: export * hides what it exports`);
    if (first === '{') return listedNames(words.slice(1));
    if (first === 'async' && second === 'function') return [third ?? ''];
    if (['const', 'let', 'var'].includes(first ?? '') && /^[{[]$/.test(second ?? ''))
      throw new Error(`line ${token.line}: an export that takes something apart hides its names`);
    return [second ?? ''];
  });
}

/** `a, b as c, type D }` exports a and c. */
function listedNames(tokens: readonly Token[]): string[] {
  const end = tokens.findIndex(({ text }) => text === '}');
  const items: string[][] = [[]];
  for (const { text } of tokens.slice(0, end)) {
    if (text === ',') items.push([]);
    else items.at(-1)?.push(text);
  }
  return items.flatMap((words) => (words.length === 0 || words[0] === 'type' ? [] : [words.at(-1) ?? '']));
}
