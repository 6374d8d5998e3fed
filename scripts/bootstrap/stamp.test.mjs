import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprint } from './stamp.mjs';

let root;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bootstrap-stamp-'));
  mkdirSync(join(root, 'lib/inner'), { recursive: true });
  writeFileSync(join(root, 'lib/inner/a.ts'), 'one');
  writeFileSync(join(root, 'package.json'), '{}');
});

afterEach(() => rmSync(root, { recursive: true }));

const taken = () =>
  fingerprint(root, ['lib', 'missing', 'package.json'], (path) => path.endsWith('.test.ts'));

test('stays the same until something counts', () => {
  const before = taken();
  writeFileSync(join(root, 'lib/inner/a.test.ts'), 'left out');
  writeFileSync(join(root, 'lib/.swp'), 'a dot file');
  writeFileSync(join(root, 'other.json'), 'not asked for');
  expect(taken()).toBe(before);
});

test.each([
  ['content', () => writeFileSync(join(root, 'lib/inner/a.ts'), 'two')],
  ['a new file', () => writeFileSync(join(root, 'lib/b.ts'), '')],
  ['a removed file', () => rmSync(join(root, 'lib/inner/a.ts'))],
  ['a listed file', () => writeFileSync(join(root, 'package.json'), '{ }')],
  ['a listed file that was absent', () => writeFileSync(join(root, 'missing'), '')],
])('changes with %s', (_, change) => {
  const before = taken();
  change();
  expect(taken()).not.toBe(before);
});
