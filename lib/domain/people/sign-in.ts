import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { Services } from '#lib/domain/context.ts';
import { redeemCode } from '#lib/microsoft/entra/redeem-code.ts';
import { readRedirectError } from '#lib/microsoft/entra/redirect-error.ts';
import type { SessionIdentity } from './model.ts';
import { recordSignIn } from './record-sign-in.ts';

/** What signing in to the portal asks Microsoft for: who the person is, nothing else. */
export const SIGN_IN_SCOPES = ['openid', 'profile', 'email'] as const;

export type SignInReturn = {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
  readonly nonce: string;
};

/**
 * Signs a person in who came back from Microsoft with a code, from whichever organization's directory: redeems it,
 * verifies the ID token, and remembers the person. The caller has compared the state.
 * Problems: wrong-account (a personal one), and those of `redeemCode`.
 */
export async function signIn(services: Services, returned: SignInReturn): Promise<Result<SessionIdentity>> {
  const redeemed = await redeemCode(services.microsoft.entra, {
    ...returned,
    registration: 'azure',
    directoryId: 'organizations',
    oauthScopes: SIGN_IN_SCOPES,
  });
  if (!redeemed.ok) return redeemed;
  return ok(await recordSignIn(services, redeemed.value.person));
}

/** Why Microsoft sent a person back without a code; undefined where it sent one. */
export function readSignInRefusal(query: URLSearchParams): Problem | undefined {
  return readRedirectError(query);
}
