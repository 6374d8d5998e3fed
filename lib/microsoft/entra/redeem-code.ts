import type { DirectoryId } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type EntraClient, type RegistrationName, registrationOf } from './client.ts';
import { verifyIdToken } from './id-token.ts';
import { withMsal } from './msal.ts';
import { IDENTITY_SCOPES } from './urls.ts';

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
 * The refresh token that Microsoft sends along is dropped with the MSAL application.
 * Problems: wrong-tenant, token-invalid, credential-invalid, consent-required, sign-in-required, blocked-by-policy …
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export async function redeemCode(
  entra: EntraClient,
  redemption: CodeRedemption,
  signal?: AbortSignal,
): Promise<Result<RedeemedCode>> {
  const { registration, directoryId, nonce, oauthScopes } = redemption;
  const redeemed = await withMsal(entra, redemption, { signal }, (app) =>
    app.acquireTokenByCode({
      code: redemption.code,
      codeVerifier: redemption.codeVerifier,
      redirectUri: redemption.redirectUri,
      scopes: [...oauthScopes],
    }),
  );
  if (!redeemed.ok) return redeemed;
  const { idToken, accessToken, expiresOn } = redeemed.value;
  const { clientId } = registrationOf(entra, registration);
  const verified = await verifyIdToken(entra, { idToken, clientId, directoryId, nonce }, { signal });
  if (!verified.ok) return verified;
  const person = verified.value;
  const isForResource = oauthScopes.some((scope) => !IDENTITY_SCOPES.some((own) => own === scope));
  if (!isForResource || !accessToken || !expiresOn) return ok({ person });
  return ok({ person, accessToken, accessTokenExpiresAt: expiresOn });
}
