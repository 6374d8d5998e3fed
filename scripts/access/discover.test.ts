import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { actionsOf, discover, exportsOf, INLINE } from './discover.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'access-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, source = ''): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), source);
}

test('pages by their addresses: without groups and slots, with parameters, without private folders', () => {
  for (const folder of [
    '',
    '(portal)/users/',
    '(portal)/users/[id]/',
    '@side/(a)/b/',
    '_parts/',
    'x/_parts/y/',
  ])
    write(`app/${folder}page.tsx`);
  write('app/users/[...rest]/page.ts');
  write('app/layout.tsx');
  const pages = discover(root).map((one) => (one.type === 'page' ? one.route : one));
  expect(pages.sort()).toEqual(['/', '/b', '/users', '/users/[...rest]', '/users/[id]']);
});

test('route handlers by their methods, however they are exported; icons are handlers too', () => {
  write(
    'app/a/route.ts',
    'export const GET = 1;\nexport async function POST() {}\nexport const dynamic = 1;',
  );
  write('app/b/route.ts', "export { start as DELETE, type PUT, PATCH } from './x.ts';");
  write('app/icon.svg');
  const handlers = discover(root).map((one) => (one.type === 'handler' ? `${one.method} ${one.route}` : one));
  expect(handlers.sort()).toEqual(['DELETE /b', 'GET /a', 'GET /icon.svg', 'PATCH /b', 'POST /a']);
});

test('server actions in all places that a bundler sees', () => {
  write(
    'app/actions.ts',
    "'use server';\n\nexport const one = 1;\nexport async function two() {}\nconst three = 1;",
  );
  write(
    'components/form.tsx',
    "export function Form() {\n  async function send() {\n    'use server';\n  }\n}",
  );
  write('lib/deep/actions.ts', "// first a comment\n'use server';\nexport default async () => {};");
  expect(discover(root)).toEqual([
    { type: 'action', name: 'one', file: 'app/actions.ts' },
    { type: 'action', name: 'two', file: 'app/actions.ts' },
    { type: 'action', name: INLINE, file: 'components/form.tsx' },
    { type: 'action', name: 'default', file: 'lib/deep/actions.ts' },
  ]);
});

test('the directive is one only at the beginning of a file or a body', () => {
  expect(
    actionsOf('a.ts', "export const text = 'use server';\nexport const other = say('use server');"),
  ).toEqual([]);
  expect(actionsOf('a.ts', "const act = async () => {\n  'use server';\n};")).toMatchObject([
    { name: INLINE },
  ]);
  expect(actionsOf('a.ts', "const act = async () => {\n  'use strict';\n  'use server';\n};")).toMatchObject([
    { name: INLINE },
  ]);
});

test('exports are named, or it is said that they cannot be', () => {
  expect(exportsOf('export type A = 1;\nexport interface B {}\nexport { type C, d, e as f };')).toEqual([
    'd',
    'f',
  ]);
  expect(() => exportsOf("export * from './x.ts';")).toThrow('export *');
  expect(() => exportsOf('export const { GET } = handlers;')).toThrow('takes something apart');
});

test('what it cannot place, it refuses', () => {
  write('app/(.)photo/page.tsx');
  expect(() => discover(root)).toThrow('intercepting');
});
