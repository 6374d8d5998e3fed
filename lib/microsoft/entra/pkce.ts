export type Pkce = { readonly codeVerifier: string; readonly codeChallenge: string };

/**
 * A fresh PKCE pair, method S256; the verifier stays on the server.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export function createPkce(): Pkce {
  throw new Error('not implemented');
}
