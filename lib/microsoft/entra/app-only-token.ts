import { decodeJwt } from 'jose';
import { z } from 'zod';
import { DirectoryId, Guid } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { CachedToken, EntraClient, RegistrationName } from './client.ts';
import { withMsal } from './msal.ts';

export type AppOnlyTokenRequest = CallOptions & {
  readonly registration: RegistrationName;
  readonly directoryId: DirectoryId;
  readonly resource: 'graph' | 'arm';
  /** Bypasses every cache: a token from before consent keeps its old roles until it expires. */
  readonly fresh?: boolean;
  /** What a service challenged for when it refused the last token; implies `fresh`. */
  readonly claims?: string;
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

/** A token is renewed this long before it expires, or in the last tenth of its life if that is shorter. */
const RENEWAL_MARGIN_MS = 5 * 60_000;

/**
 * A token of our application itself in a tenant (client credentials), from memory where a cached one still lives.
 * Problems: consent-required (not in that tenant yet), credential-invalid, application-disabled, tenant-unknown,
 * blocked-by-policy, throttled, upstream-unavailable …
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function appOnlyToken(
  entra: EntraClient,
  request: AppOnlyTokenRequest,
): Promise<Result<AppOnlyToken>> {
  const { registration, directoryId, resource, fresh, claims } = request;
  const key = [registration, directoryId, resource].join(' ');
  const now = entra.clock().getTime();
  const cached = entra.appTokens.get(key);
  if (cached && !fresh && !claims && now < cached.renewAt) return ok(cached.token);

  const { graphResource, armResource } = entra.settings.cloud;
  const scope = `${resource === 'graph' ? graphResource : armResource}/.default`;
  const acquired = await withMsal(entra, request, request, (app) =>
    app.acquireTokenByClientCredential({ scopes: [scope], skipCache: true, claims }),
  );
  if (!acquired.ok) return acquired;
  const { accessToken, expiresOn } = acquired.value;
  if (!accessToken || !expiresOn) return fail({ code: 'token-invalid', reason: 'no token' });
  const token = { token: accessToken, expiresAt: expiresOn, ...readClaims(accessToken) };
  const lifetimeMs = expiresOn.getTime() - now;
  dropStale(entra.appTokens, now);
  entra.appTokens.set(key, {
    token,
    renewAt: expiresOn.getTime() - Math.min(RENEWAL_MARGIN_MS, lifetimeMs / 10),
  });
  return ok(token);
}

/** Tenants come and go; what they leave behind does not pile up. */
function dropStale(tokens: Map<string, CachedToken>, now: number): void {
  for (const [key, { renewAt }] of tokens) if (renewAt <= now) tokens.delete(key);
}

const Claims = z.object({
  tid: DirectoryId.optional().catch(undefined),
  oid: Guid.optional().catch(undefined),
  roles: z.array(z.string()).catch([]),
});

function readClaims(token: string): Pick<AppOnlyToken, 'directoryId' | 'servicePrincipalId' | 'roles'> {
  try {
    const { tid, oid, roles } = Claims.parse(decodeJwt(token));
    return { directoryId: tid, servicePrincipalId: oid, roles };
  } catch {
    return { roles: [] };
  }
}
