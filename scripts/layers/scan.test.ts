import { expect, test } from 'vitest';
import { scan } from './scan.ts';

const specifiers = (source: string) => scan(source).imports.map(({ specifier }) => specifier);

test.each([
  ["import './a.css';", './a.css'],
  ["import a from './a.ts';", './a.ts'],
  ["import * as a from './a.ts';", './a.ts'],
  ["import a, { b as c } from './a.ts';", './a.ts'],
  ["import { 'odd name' as c } from './a.ts';", './a.ts'],
  ["import {\n  a,\n  // from './no.ts'\n  b,\n} from './a.ts';", './a.ts'],
  ["import data from './a.json' with { type: 'json' };", './a.json'],
  ["export * from './a.ts';", './a.ts'],
  ["export * as a from './a.ts';", './a.ts'],
  ["export { a, b as c } from './a.ts';", './a.ts'],
  ["const a = await import('./a.ts');", './a.ts'],
  ['const a = await import(`./a.ts`);', './a.ts'],
  ["const a = await import(/* why */ './a.ts');", './a.ts'],
  ["const a = require('./a.cjs');", './a.cjs'],
  ["type A = import('./a.ts').A;", './a.ts'],
  [`const a = \`x \${await import('./a.ts')} y\`;`, './a.ts'],
  [`const a = \`x \${\`y \${require('./a.ts')}\`}\`;`, './a.ts'],
  [`const a = \`\${{ b: 1 }.b}\`;\nimport './a.ts';`, './a.ts'],
  ["const a = b / c; const d = e / f;\nimport './a.ts';", './a.ts'],
  ["const quote = /['\"`]/;\nimport './a.ts';", './a.ts'],
  ["const slash = /[/'`]/g.test(a) / 2;\nimport './a.ts';", './a.ts'],
  ["const page = <p>Don't {await import('./a.ts')}</p>;", './a.ts'],
  ["const page = <a href=\"x\">it's</a>;\nconst b = import('./a.ts');", './a.ts'],
])('%s', (source, specifier) => {
  expect(specifiers(source)).toEqual([specifier]);
});

test.each([
  "// import './a.ts'",
  "/*\nimport './a.ts'\n*/",
  'const text = "import \'./a.ts\'";',
  "const text = `\nimport './a.ts'\n`;",
  "const text = 'it\\'s import(\"./a.ts\")';",
  "const page = (\n  <p>import './a.ts' or export things from './b.ts'</p>\n);",
  'const here = import.meta.url;',
  'const later = import(name);',
  "loader.require('./a.ts');",
  'export const from = 1;',
  "export { a };\nconst b = 'from';",
  "export type A = { from: './a.ts' };",
  "const re = /import('.\\/a.ts')/;",
])('finds nothing in %s', (source) => {
  expect(specifiers(source)).toEqual([]);
});

test('tells types from values', () => {
  const { imports } = scan(`import type { A } from './a.ts';
import type B from './b.ts';
import { type C } from './c.ts';
import type from './d.ts';
import type, { e } from './e.ts';
export type { F } from './f.ts';
export type * from './g.ts';
`);
  expect(imports.map(({ specifier, isTypeOnly, line }) => [line, specifier, isTypeOnly])).toEqual([
    [1, './a.ts', true],
    [2, './b.ts', true],
    // The import itself stays in the program, only its names go.
    [3, './c.ts', false],
    [4, './d.ts', false],
    [5, './e.ts', false],
    [6, './f.ts', true],
    [7, './g.ts', true],
  ]);
});

test('counts lines through comments, templates and strings', () => {
  const { imports } = scan("/*\n\n*/\nconst a = `\n\n`;\nimport './a.ts';\n");
  expect(imports).toEqual([{ specifier: './a.ts', line: 7, isTypeOnly: false }]);
});

test.each([
  ['process.env.PORT', 'PORT'],
  ["process.env['PORT']", 'PORT'],
  ["process['env'].PORT", 'PORT'],
  ['process?.env?.PORT', 'PORT'],
  ['globalThis.process.env.PORT', 'PORT'],
  ['const env = { ...process.env };', undefined],
  ['const { env } = process;', undefined],
  ['parse(process.env)', undefined],
  ['process.env[name]', undefined],
  [`const url = \`http://localhost:\${process.env.PORT}\`;`, 'PORT'],
])('sees the environment in %s', (source, name) => {
  expect(scan(source).environmentReads).toEqual([{ name, line: 1 }]);
});

test.each([
  "'process.env.PORT'",
  '// process.env',
  'process.exit(1)',
  'once(process, "exit")',
  'processEnv.PORT',
])('sees no environment in %s', (source) => {
  expect(scan(source).environmentReads).toEqual([]);
});

test('does not pretend to have read a file with an endless template', () => {
  expect(() => scan('const a = `b;\n')).toThrow('line 1');
});
