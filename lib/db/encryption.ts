import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A 256-bit key by its id. The first of a ring encrypts, all decrypt. */
export type EncryptionKey = { readonly id: string; readonly key: Buffer };
export type KeyRing = readonly [EncryptionKey, ...EncryptionKey[]];

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM. `identity` names the record and column the secret belongs to; it is authenticated, so that a
 * ciphertext copied to another record does not decrypt. Layout: one byte length of the key id, key id, nonce,
 * tag, ciphertext.
 */
export function encrypt(ring: KeyRing, plaintext: string, identity: string): Uint8Array<ArrayBuffer> {
  const { id, key } = ring[0];
  const keyId = Buffer.from(id, 'utf8');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(identity, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return Uint8Array.from(
    Buffer.concat([Buffer.from([keyId.length]), keyId, nonce, cipher.getAuthTag(), ciphertext]),
  );
}

/** The plaintext. Throws when no key of that id is in the ring, or the secret belongs to another record. */
export function decrypt(ring: KeyRing, secret: Uint8Array, identity: string): string {
  const bytes = Buffer.from(secret);
  const idLength = bytes.readUInt8(0);
  const keyId = bytes.subarray(1, 1 + idLength).toString('utf8');
  const key = ring.find((candidate) => candidate.id === keyId)?.key;
  if (!key) throw new Error(`no encryption key with id ${JSON.stringify(keyId)} is configured`);
  const nonceStart = 1 + idLength;
  const tagStart = nonceStart + NONCE_BYTES;
  const textStart = tagStart + TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(nonceStart, tagStart))
    .setAAD(Buffer.from(identity, 'utf8'))
    .setAuthTag(bytes.subarray(tagStart, textStart));
  return Buffer.concat([decipher.update(bytes.subarray(textStart)), decipher.final()]).toString('utf8');
}
