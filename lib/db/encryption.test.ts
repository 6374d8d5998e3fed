import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { decrypt, encrypt, type KeyRing } from './encryption.ts';

const oldKey = { id: 'old', key: randomBytes(32) };
const newKey = { id: 'new', key: randomBytes(32) };

test('a secret comes back as it went in, and never twice as the same bytes', () => {
  const ring: KeyRing = [newKey];
  const first = encrypt(ring, 'gehëim 🔑', 'token:1');
  expect(decrypt(ring, first, 'token:1')).toBe('gehëim 🔑');
  expect(Buffer.from(encrypt(ring, 'gehëim 🔑', 'token:1')).equals(Buffer.from(first))).toBe(false);
});

test('an older key still decrypts after rotation', () => {
  const secret = encrypt([oldKey], 's', 'token:1');
  expect(decrypt([newKey, oldKey], secret, 'token:1')).toBe('s');
  expect(() => decrypt([newKey], secret, 'token:1')).toThrow('"old"');
});

test('a secret moved to another record, or changed, does not decrypt', () => {
  const ring: KeyRing = [newKey];
  const secret = encrypt(ring, 's', 'token:1');
  expect(() => decrypt(ring, secret, 'token:2')).toThrow();
  const changed = Uint8Array.from(secret);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  expect(() => decrypt(ring, changed, 'token:1')).toThrow();
});
