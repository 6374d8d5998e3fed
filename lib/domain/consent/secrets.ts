import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits nobody can guess, in characters that a URL and a cookie take as they are. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');

/** How a secret is kept and looked for: SHA-256, hex. The secret itself has 256 bits, so no salt is needed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Whether a secret is the one behind a hash, in constant time. */
export function matchesHash(secret: string | undefined, hash: string): boolean {
  if (secret === undefined) return false;
  const [given, kept] = [Buffer.from(hashSecret(secret)), Buffer.from(hash)];
  return given.length === kept.length && timingSafeEqual(given, kept);
}
