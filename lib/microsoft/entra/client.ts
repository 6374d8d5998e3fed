import type { MicrosoftSettings, Registration } from '#lib/config/clouds.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { Log } from '#lib/log/log.ts';
import type { Http } from '../http/http.ts';
import type { AppOnlyToken } from './app-only-token.ts';

export type { CloudName } from '#lib/config/clouds.ts';

/** Names of the app registrations in the settings. */
export type RegistrationName = keyof MicrosoftSettings['registrations'];

/**
 * The one directory of all personal accounts; it is nobody's organization.
 * @see https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
 */
export const PERSONAL_ACCOUNTS = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** A token and the moment from which a new one is fetched instead. */
export type CachedToken = { readonly token: AppOnlyToken; readonly renewAt: number };

/** What the functions of this folder need to reach the login service. Made by `createMicrosoftClients`. */
export type EntraClient = {
  readonly settings: MicrosoftSettings;
  readonly http: Http;
  readonly log: Log;
  readonly clock: Clock;
  /** Tokens of our applications, by registration, directory and resource; in memory alone. */
  readonly appTokens: Map<string, CachedToken>;
};

export function registrationOf(entra: EntraClient, name: RegistrationName): Registration {
  return entra.settings.registrations[name];
}

/** The address of one tenant at the login service; the tenant is encoded, whatever it holds. */
export function tenantUrl(entra: EntraClient, tenant: string, path: string): string {
  return `${entra.settings.cloud.authorityUrl}/${encodeURIComponent(tenant)}/${path}`;
}
