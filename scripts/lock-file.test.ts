import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { entriesOfMissingPackages, LockFile, missingOptionalPackages } from './lock-file.ts';

const lock = LockFile.parse({
  lockfileVersion: 3,
  packages: {
    '': { version: '1.0.0' },
    'node_modules/a': {
      version: '2.0.0',
      optionalDependencies: {
        '@a/linux-x64-musl': '2.0.0',
        '@a/darwin-arm64': '2.0.0',
        inner: '1.0.0',
        outer: '1.0.0',
      },
    },
    'node_modules/a/node_modules/inner': { version: '1.0.0' },
    'node_modules/outer': { version: '1.0.0' },
    'node_modules/z': { version: '1.0.0', dev: true, optionalDependencies: { '@z/wasm32-wasi': '1.0.0' } },
  },
});

test('finds optional packages that are listed nowhere the asking package would look', () => {
  expect(missingOptionalPackages(lock).map(({ name }) => name)).toEqual([
    '@a/linux-x64-musl',
    '@a/darwin-arm64',
    '@z/wasm32-wasi',
  ]);
});

test('describes them by version and platform', () => {
  expect(entriesOfMissingPackages(lock)).toEqual({
    'node_modules/@a/darwin-arm64': { version: '2.0.0', cpu: ['arm64'], optional: true, os: ['darwin'] },
    'node_modules/@a/linux-x64-musl': {
      version: '2.0.0',
      cpu: ['x64'],
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    },
    'node_modules/@z/wasm32-wasi': { version: '1.0.0', cpu: ['wasm32'], dev: true, optional: true },
  });
});

test('our own lock file is complete: npm ci refuses another', () => {
  const own: unknown = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  expect(missingOptionalPackages(LockFile.parse(own)), 'run: node scripts/complete-lock.ts').toEqual([]);
});
