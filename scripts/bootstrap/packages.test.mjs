import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { packagesAreInstalled } from './packages.mjs';

let root;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bootstrap-packages-'));
  mkdirSync(join(root, 'node_modules'));
  vi.stubEnv('NODE_ENV', 'development');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const A = { version: '1.0.0', integrity: 'sha512-a' };
const B = { version: '2.0.0', integrity: 'sha512-b', dev: true };
const MANIFEST = { dependencies: { a: '1.0.0' }, devDependencies: { b: '2.0.0' } };

function given({ manifest = MANIFEST, lock = { a: A, b: B }, installed }) {
  const packages = (entries) =>
    Object.fromEntries(Object.entries(entries).map(([name, entry]) => [`node_modules/${name}`, entry]));
  const write = (file, content) => writeFileSync(join(root, file), JSON.stringify(content));
  write('package.json', manifest);
  write('package-lock.json', { packages: { '': MANIFEST, ...packages(lock) } });
  if (installed) write('node_modules/.package-lock.json', { packages: packages(installed) });
}

test('an installation that npm has finished', () => {
  given({ installed: { a: A, b: B } });
  expect(packagesAreInstalled(root)).toBe(true);
});

test.each([
  ['nothing is installed', {}],
  ['a package is missing', { installed: { a: A } }],
  ['a package has another version', { installed: { a: { ...A, version: '1.0.1' }, b: B } }],
  ['a package has another content', { installed: { a: { ...A, integrity: 'sha512-x' }, b: B } }],
  [
    'package.json asks for something that the lock file does not know',
    { manifest: { ...MANIFEST, dependencies: { a: '1.0.0', c: '3.0.0' } }, installed: { a: A, b: B } },
  ],
])('is repeated when %s', (_, state) => {
  given(state);
  expect(packagesAreInstalled(root)).toBe(false);
});

test('is repeated when a file cannot be read as JSON', () => {
  given({});
  writeFileSync(join(root, 'node_modules/.package-lock.json'), '{"packages":');
  expect(packagesAreInstalled(root)).toBe(false);
});

test('packages for other platforms may be missing', () => {
  given({ lock: { a: A, b: B, darwin: { ...A, optional: true } }, installed: { a: A, b: B } });
  expect(packagesAreInstalled(root)).toBe(true);
});

test('a production machine does without development packages', () => {
  vi.stubEnv('NODE_ENV', 'production');
  given({ installed: { a: A } });
  expect(packagesAreInstalled(root)).toBe(true);
});
