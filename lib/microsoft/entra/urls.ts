import type { DirectoryId } from '#lib/core/ids.ts';
import type { EntraClient, RegistrationName } from './client.ts';

/** What a sign-in asks for about the person; a resource's scope is added to it. */
export const IDENTITY_SCOPES = ['openid', 'profile'] as const;

/** The delegated permission to act for a person in Azure, for `oauthScopes`. */
export function armUserScope(_entra: EntraClient): string {
  throw new Error('not implemented');
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
export function authorizeUrl(_entra: EntraClient, _request: AuthorizeRequest): string {
  throw new Error('not implemented');
}

export type AdminConsentRequest = {
  readonly registration: RegistrationName;
  readonly directoryId: DirectoryId;
  readonly redirectUri: string;
  readonly state: string;
};

/**
 * Where an administrator approves all permissions of the registration, those of the application included
 * (v2.0, `{graphResource}/.default`).
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function adminConsentUrl(_entra: EntraClient, _request: AdminConsentRequest): string {
  throw new Error('not implemented');
}
