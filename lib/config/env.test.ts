import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError, ENVIRONMENT_KEYS, readConfig } from './env.ts';

const ROOT = resolve(import.meta.dirname, '../..');
let dataDir: string;
let minimal: Record<string, string>;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'cts-env-'));
  minimal = {
    DATA_DIR: dataDir,
    MICROSOFT_CLIENT_ID: '11111111-2222-4333-8444-555555555555',
    MICROSOFT_CLIENT_SECRET: 'secret',
  };
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test('.env.example names the same variables in the same order', () => {
  const lines = readFileSync(join(ROOT, '.env.example'), 'utf8').split('\n');
  const keys = lines.flatMap((line) => /^([A-Z0-9_]+)=/.exec(line)?.slice(1) ?? []);
  expect(keys).toEqual(ENVIRONMENT_KEYS);
});

test('the least environment is enough, and its generated secrets stay the same', () => {
  const first = readConfig(minimal);
  const second = readConfig({ ...minimal, PORT: '' });
  expect(first.port).toBe(3000);
  expect(first.appUrl).toBe('http://localhost:3000');
  expect(first.authSecret).toHaveLength(43);
  expect(second.authSecret).toBe(first.authSecret);
  expect(second.encryptionKeys[0].key.equals(first.encryptionKeys[0].key)).toBe(true);
  expect(statSync(join(dataDir, 'auth-secret')).mode & 0o077).toBe(0);
  expect(readdirSync(dataDir).sort()).toEqual(['auth-secret', 'encryption-key']);
  expect(first.microsoft.registrations.graph).toBe(first.microsoft.registrations.azure);
  expect(first.microsoft.cloud.graphUrl).toBe('https://graph.microsoft.com');
});

test.each(['', 'cut'])('a generated secret that reads "%s" is refused, not used', (text) => {
  writeFileSync(join(dataDir, 'auth-secret'), text);
  expect(() => readConfig(minimal)).toThrow(ConfigError);
  expect(() => readConfig(minimal)).toThrow(/auth-secret.*empty or cut off/);
});

test('every wrong variable is named at once', () => {
  const failure = (): unknown =>
    readConfig({
      PORT: '99999',
      APP_URL: 'http://portal.example.com',
      DATABASE_URL: 'mysql://x',
      ENCRYPTION_KEYS: 'a:b',
    });
  expect(failure).toThrow(ConfigError);
  expect(failure).toThrow(
    /PORT must be between.*APP_URL must be an https origin.*DATABASE_URL must be.*ENCRYPTION_KEYS must be.*MICROSOFT_CLIENT_ID is missing/s,
  );
});

test('a server needs secrets of its own, and a registration needs a credential', () => {
  const failure = (): unknown =>
    readConfig({ ...minimal, MICROSOFT_CLIENT_SECRET: '', DATABASE_URL: 'postgresql://u:p@db/x' });
  expect(failure).toThrow(
    /AUTH_SECRET is required.*ENCRYPTION_KEYS is required.*MICROSOFT_CLIENT_SECRET is missing/s,
  );
});

test.each([
  ['http://localhost:4010', 'http://localhost:4010'],
  ['https://login.example.com/', 'https://login.example.com'],
])('the origin %s is taken', (given, origin) => {
  expect(readConfig({ ...minimal, MICROSOFT_AUTHORITY_URL: given }).microsoft.cloud.authorityUrl).toBe(
    origin,
  );
});

test.each([
  'http://127.0.0.1:4010',
  'http://localhost.example.com',
  'http://graph.microsoft.com',
  'https://user@login.example.com',
  'https://login.example.com/path',
  'ftp://localhost',
  'localhost:4010',
])('the origin %s is refused', (given) => {
  expect(() => readConfig({ ...minimal, MICROSOFT_AUTHORITY_URL: given })).toThrow('MICROSOFT_AUTHORITY_URL');
});
