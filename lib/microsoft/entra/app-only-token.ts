import type { DirectoryId } from '#lib/core/ids.ts';
import type { Result } from '#lib/core/result.ts';
import type { EntraClient, RegistrationName } from './client.ts';

export type AppOnlyTokenRequest = {
  readonly registration: RegistrationName;
  readonly directoryId: DirectoryId;
  readonly resource: 'graph' | 'arm';
  /** Bypasses every cache: a token from before consent keeps its old roles until it expires. */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal;
};

export type AppOnlyToken = {
  readonly token: string;
  readonly expiresAt: Date;
  /** From the claims; absent when the token cannot be read (it is opaque by contract). */
  readonly directoryId?: DirectoryId;
  /** Object id of our service principal in the tenant, lower case; absent when the token cannot be read. */
  readonly servicePrincipalId?: string;
  /** Application permissions granted in the tenant. A token is issued without any: only this list proves consent. */
  readonly roles: readonly string[];
};

/**
 * A token of our application itself in a tenant (client credentials), from memory where a cached one still lives.
 * Problems: consent-required (not in that tenant yet), credential-invalid, application-disabled, tenant-unknown,
 * blocked-by-policy, throttled, upstream-unavailable …
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function appOnlyToken(
  _entra: EntraClient,
  _request: AppOnlyTokenRequest,
): Promise<Result<AppOnlyToken>> {
  throw new Error('not implemented');
}
