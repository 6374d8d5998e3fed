import type { DirectoryId } from '#lib/core/ids.ts';
import { type EntraClient, type RegistrationName, registrationOf, tenantUrl } from './client.ts';

/** What a sign-in asks for about the person; a resource's scope is added to it. */
export const IDENTITY_SCOPES = ['openid', 'profile'] as const;

/** The delegated permission to act for a person in Azure, for `oauthScopes`. */
export function armUserScope(entra: EntraClient): string {
  return `${entra.settings.cloud.armResource}/user_impersonation`;
}

export type AuthorizeRequest = {
  readonly registration: RegistrationName;
  readonly directoryId: DirectoryId;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  readonly oauthScopes: readonly string[];
  readonly prompt?: 'select_account' | 'login' | 'consent';
};

/**
 * Where the browser goes to sign in, in exactly this tenant; the answer comes to `redirectUri` as a query.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export function authorizeUrl(entra: EntraClient, request: AuthorizeRequest): string {
  const query = new URLSearchParams({
    client_id: registrationOf(entra, request.registration).clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: request.redirectUri,
    scope: request.oauthScopes.join(' '),
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    ...(request.prompt && { prompt: request.prompt }),
  });
  return `${tenantUrl(entra, request.directoryId, 'oauth2/v2.0/authorize')}?${query}`;
}

export type AdminConsentRequest = {
  readonly registration: RegistrationName;
  readonly directoryId: DirectoryId;
  readonly redirectUri: string;
  readonly state: string;
};

/**
 * Where an administrator approves all permissions of the registration. Only the v2.0 form with `.default` includes
 * those of the application itself.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function adminConsentUrl(entra: EntraClient, request: AdminConsentRequest): string {
  const query = new URLSearchParams({
    client_id: registrationOf(entra, request.registration).clientId,
    redirect_uri: request.redirectUri,
    scope: `${entra.settings.cloud.graphResource}/.default`,
    state: request.state,
  });
  return `${tenantUrl(entra, request.directoryId, 'v2.0/adminconsent')}?${query}`;
}
