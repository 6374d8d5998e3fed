import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unknownCommands } from './commands.ts';
import { dependencyDifferences } from './dependencies.ts';
import { brokenReferences, documents } from './references.ts';

let root: string;

function write(file: string, content = '') {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'docs-'));
  write('package.json');
  write('README.md', '# Title\n\n## What it is, and for whom\n');
  write('lib/domain/tenants/model.ts');
  write('app/(portal)/users/[id]/page.tsx');
  write('docs/glossary.md', '# Glossary\n');
});

afterAll(() => rmSync(root, { recursive: true }));

function broken(text: string): string[] {
  write('docs/page.md', text);
  return brokenReferences(root, 'docs/page.md').map(({ line, reference }) => `${line} ${reference}`);
}

test.each([
  '`lib/domain/tenants/model.ts`',
  '`lib/domain/tenants/model.ts:12`',
  '`lib/domain/`',
  '`lib/domain/*/model.ts`',
  '`lib/domain/<noun>/model.ts`',
  '`app/(portal)/users/[id]/page.tsx`',
  '`app/(portal)/users/[id]/*.tsx`',
  '`package.json`',
  '`lib/db/generated/client.ts`',
  '`/v1.0/users` and `GET /api/health` and `read/write` and `npm run lib/x`',
  '[here](glossary.md) [there](../README.md#what-it-is-and-for-whom) [web](https://example.com/x.md)',
  '[self](#title)\n# Title',
  '`[not a link](nowhere.md)`',
  '```\n[not a link](nowhere.md) `lib/gone.ts`\n```',
])('accepts %s', (text) => {
  expect(broken(text)).toEqual([]);
});

test.each([
  ['first\n`lib/gone.ts`', '2 lib/gone.ts'],
  ['`lib/gone/*.ts`', '1 lib/gone/*.ts'],
  ['`gone.config.ts`', '1 gone.config.ts'],
  ['[here](gone.md)', '1 gone.md'],
  ['![picture](images/gone.png "title")', '1 images/gone.png'],
  ['[there](../README.md#gone)', '1 ../README.md#gone'],
  ['[self](#gone)', '1 #gone'],
])('refuses %s', (text, reference) => {
  expect(broken(text)).toEqual([reference]);
});

test('finds the documents', () => {
  write('lib/notes.md');
  write('docs/operations/install.md');
  write('docs/page.md');
  expect(documents(root)).toEqual([
    'README.md',
    'docs/glossary.md',
    'docs/operations/install.md',
    'docs/page.md',
  ]);
});

test('compares the list of dependencies', () => {
  const document =
    '# Dependencies\n\n- `next`: pages.\n- `@types/pg`: types.\n- `left-pad`: gone.\n- `next`: again.\n';
  expect(dependencyDifferences(document, ['next', 'pg', '@types/pg'])).toEqual([
    'does not say what pg is for',
    'lists left-pad, which is not used',
    'lists next twice',
  ]);
});

test('knows the commands', () => {
  const document =
    'Run `npm start`.\n\n```\nnpm run demo\nnpm run gone:away # and\nnpm test -- unit\n```\nnpm ci, npm install\n';
  expect(unknownCommands('README.md', document, ['start', 'demo'])).toEqual([
    { file: 'README.md', line: 5, reference: 'npm script gone:away' },
    { file: 'README.md', line: 6, reference: 'npm script test' },
  ]);
});
