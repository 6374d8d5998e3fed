import { decrypt, encrypt, type KeyRing } from '#lib/db/encryption.ts';

/** Whose token it is: one that is copied to another sign-in, person or organization does not decrypt. */
export type TokenOwner = {
  readonly flowId: string;
  readonly organizationId: string;
  readonly personId: string;
};

const identityOf = ({ flowId, organizationId, personId }: TokenOwner): string =>
  `delegation:${flowId}:${organizationId}:${personId}:access_token`;

export const sealToken = (keys: KeyRing, token: string, owner: TokenOwner): Uint8Array<ArrayBuffer> =>
  encrypt(keys, token, identityOf(owner));

export const openToken = (keys: KeyRing, sealed: Uint8Array, owner: TokenOwner): string =>
  decrypt(keys, sealed, identityOf(owner));
