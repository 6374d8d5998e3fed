import { decrypt } from '#lib/db/encryption.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type AccessTokenReference, keyIdentity } from './model.ts';

/** The text of a kept key; undefined where it cannot be decrypted, which is for the operator to mend. */
export function readKept(
  { encryptionKeys, log }: Pick<Ctx, 'encryptionKeys' | 'log'>,
  reference: AccessTokenReference,
  encrypted: Uint8Array,
): string | undefined {
  try {
    return decrypt(encryptionKeys, encrypted, keyIdentity(reference));
  } catch (error) {
    log.error('a kept access token cannot be decrypted', { ...reference, error });
    return undefined;
  }
}
