import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { forAll, hostileText } from '#lib/core/testing.ts';
import { ConfigError, configuredSecrets, ENVIRONMENT_KEYS, readConfig } from './env.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloud-tenant-setup-env-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GOOD: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgresql://portal:hunter2hunter2@db:5432/portal',
  AUTH_SECRET: 's'.repeat(40),
  ENCRYPTION_KEYS: `k:${Buffer.alloc(32, 7).toString('base64')}`,
  MICROSOFT_CLIENT_ID: '11111111-aaaa-4bbb-8ccc-000000000001',
  MICROSOFT_CLIENT_SECRET: 'client-secret-of-azure',
  DATA_DIR: folder,
};

/** Variables whose value must not even be quoted in a complaint. */
const SECRET_VARIABLES = [
  'DATABASE_URL',
  'AUTH_SECRET',
  'ENCRYPTION_KEYS',
  'MICROSOFT_CLIENT_SECRET',
  'MICROSOFT_GRAPH_CLIENT_SECRET',
];

// The operating system hands over no NUL.
const value = fc.oneof(
  hostileText.map((text) => text.replaceAll('\0', '')),
  hostileText.map((text) => `postgres://user:${text}@host/${text}`),
  hostileText.map((text) => `https://${text}`),
  hostileText.map((text) => `a:${Buffer.alloc(32).toString('base64')},${text}`),
  fc.integer().map(String),
);
const changes = fc.dictionary(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...ENVIRONMENT_KEYS.filter((key) => key !== 'DATA_DIR')) },
    { weight: 1, arbitrary: hostileText },
  ),
  value,
  { maxKeys: 6 },
);

test('an environment is used, or refused by the names of its variables', () =>
  forAll(
    changes,
    (changed) => {
      const environment = { ...GOOD, ...changed };
      try {
        const config = readConfig(environment);
        expect(configuredSecrets(config).length).toBeGreaterThan(3);
        expect(config.port).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        expect(error.message).toMatch(/^The environment is not usable \(see \.env\.example\):\n {2}[A-Z]/);
        for (const name of SECRET_VARIABLES) {
          const secret = environment[name as keyof typeof environment] ?? '';
          if (secret.trim().length > 8) expect(error.message).not.toContain(secret);
        }
      }
    },
    800,
  ));

test('the secrets of the settings are known, that of a connection string as it is sent as well', () => {
  const secrets = configuredSecrets(
    readConfig({ ...GOOD, DATABASE_URL: 'postgresql://portal:p%40ss-word@db/x' }),
  );
  expect(secrets).toEqual(
    expect.arrayContaining([GOOD.AUTH_SECRET, GOOD.MICROSOFT_CLIENT_SECRET, 'p%40ss-word', 'p@ss-word']),
  );
});
