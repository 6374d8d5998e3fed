import type { DirectoryId } from '#lib/core/ids.ts';
import type { Result } from '#lib/core/result.ts';
import type { EntraClient, RegistrationName } from './client.ts';

export type CodeRedemption = {
  readonly registration: RegistrationName;
  /** The tenant the sign-in was asked for; another one is a `wrong-tenant`. */
  readonly directoryId: DirectoryId;
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly oauthScopes: readonly string[];
};

/** A person as the verified ID token names them in this tenant. */
export type SignedInPerson = {
  readonly directoryId: DirectoryId;
  /** The person's object id in this tenant, lower case. */
  readonly objectId: string;
  readonly displayName: string;
  /** Mail-like name for display; mutable, never a key. */
  readonly userName: string;
  /** Template ids of the person's directory roles, lower case; absent when the token has no `wids` claim. */
  readonly wids?: readonly string[];
};

export type RedeemedCode = {
  readonly person: SignedInPerson;
  /** For the resource in `oauthScopes`; absent when only identity was asked for. */
  readonly accessToken?: string;
  readonly accessTokenExpiresAt?: Date;
};

/**
 * Redeems an authorization code and verifies the ID token: signature, audience, issuer, tenant, nonce, expiry.
 * The refresh token that Microsoft sends along is dropped.
 * Problems: wrong-tenant, token-invalid, credential-invalid, consent-required, sign-in-required, blocked-by-policy …
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export async function redeemCode(
  _entra: EntraClient,
  _redemption: CodeRedemption,
  _signal?: AbortSignal,
): Promise<Result<RedeemedCode>> {
  throw new Error('not implemented');
}
