import { createHash, randomBytes } from 'node:crypto';

export type Pkce = { readonly codeVerifier: string; readonly codeChallenge: string };

/**
 * A fresh PKCE pair, method S256; the verifier stays on the server.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export function createPkce(): Pkce {
  const codeVerifier = randomBytes(32).toString('base64url');
  return { codeVerifier, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') };
}
