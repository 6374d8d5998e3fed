import type { DirectoryId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { type EntraClient, PERSONAL_ACCOUNTS, type RegistrationName, registrationOf } from './client.ts';
import { readClaimedDirectory, verifyIdToken } from './id-token.ts';
import { type Authority, withMsal } from './msal.ts';
import { IDENTITY_SCOPES } from './urls.ts';

export type CodeRedemption = {
  readonly registration: RegistrationName;
  /**
   * The tenant the sign-in was asked for; another one is a `wrong-tenant`. `organizations`: any tenant will do, but
   * not that of personal accounts, which is a `wrong-account`.
   */
  readonly directoryId: Authority;
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
 * Problems: wrong-tenant, wrong-account, token-invalid, credential-invalid, consent-required, sign-in-required,
 * blocked-by-policy …
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export async function redeemCode(
  entra: EntraClient,
  redemption: CodeRedemption,
  signal?: AbortSignal,
): Promise<Result<RedeemedCode>> {
  const { registration, nonce, oauthScopes } = redemption;
  const redeemed = await withMsal(entra, redemption, { signal }, (app) =>
    app.acquireTokenByCode({
      code: redemption.code,
      codeVerifier: redemption.codeVerifier,
      redirectUri: redemption.redirectUri,
      scopes: [...oauthScopes],
      // MSAL checks it before we do, and takes none for a mismatch.
      nonce,
    }),
  );
  if (!redeemed.ok) return redeemed;
  const { idToken, accessToken, expiresOn } = redeemed.value;
  const { clientId } = registrationOf(entra, registration);
  // What the token claims decides only whose keys and issuer it is then held against.
  const directoryId =
    redemption.directoryId === 'organizations' ? readClaimedDirectory(idToken) : redemption.directoryId;
  if (!directoryId) return fail({ code: 'token-invalid', reason: 'claims' });
  if (directoryId === PERSONAL_ACCOUNTS) return fail({ code: 'wrong-account' });
  const verified = await verifyIdToken(entra, { idToken, clientId, directoryId, nonce }, { signal });
  if (!verified.ok) return verified;
  const person = verified.value;
  const isForResource = oauthScopes.some((scope) => !IDENTITY_SCOPES.some((own) => own === scope));
  if (!isForResource || !accessToken || !expiresOn) return ok({ person });
  return ok({ person, accessToken, accessTokenExpiresAt: expiresOn });
}
