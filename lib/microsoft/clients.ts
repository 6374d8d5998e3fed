import { randomUUID } from 'node:crypto';
import type { MicrosoftSettings } from '#lib/config/clouds.ts';
import { systemClock } from '#lib/core/clock.ts';
import type { DirectoryId } from '#lib/core/ids.ts';
import { ok } from '#lib/core/result.ts';
import type { Log } from '#lib/log/log.ts';
import { type ArmClient, createArmClient } from './arm/client.ts';
import { createEaClient, type EaClient } from './ea/client.ts';
import { type AppOnlyTokenRequest, appOnlyToken } from './entra/app-only-token.ts';
import type { EntraClient } from './entra/client.ts';
import { createGraphClient, type GraphClient } from './graph/client.ts';
import { type Bearer, createHttp, type HttpSettings } from './http/http.ts';
import { trustedOrigin } from './http/origin.ts';
import { type CallWatch, watchCalls } from './http/watch-calls.ts';

/** The only way out of the process towards Microsoft. One instance per process: it holds the token cache. */
export type MicrosoftClients = {
  readonly entra: EntraClient;
  /** Graph in a tenant, as our application (registration `graph`). */
  graph(directoryId: DirectoryId): GraphClient;
  /** Azure Resource Manager in a tenant, as our application (registration `azure`). */
  armAsApp(directoryId: DirectoryId): ArmClient;
  /**
   * Azure Resource Manager as the person whose token this is; the token stays in the returned client alone. The watch
   * is told of every call.
   */
  armAsPerson(accessToken: string, watch?: CallWatch): ArmClient;
  /** The EA reporting API; each call brings its key. */
  readonly ea: EaClient;
};

/** What all processes share, and for tests clock, wait and chance. */
export type MicrosoftClientsOptions = Pick<
  HttpSettings,
  'allowance' | 'clock' | 'wait' | 'random' | 'patience'
>;

/**
 * Builds the clients; nothing is sent until one is used. Throws when an endpoint is neither https nor plain http on
 * this machine.
 */
export function createMicrosoftClients(
  settings: MicrosoftSettings,
  log: Log,
  options: MicrosoftClientsOptions = {},
): MicrosoftClients {
  const authorityUrl = trustedOrigin(settings.cloud.authorityUrl);
  const graphUrl = trustedOrigin(settings.cloud.graphUrl);
  const armUrl = trustedOrigin(settings.cloud.armUrl);
  const eaReportingUrl = trustedOrigin(settings.cloud.eaReportingUrl);
  const http = createHttp({ log, ...options });
  const entra: EntraClient = {
    settings: { ...settings, cloud: { ...settings.cloud, authorityUrl, graphUrl, armUrl, eaReportingUrl } },
    http,
    log,
    clock: options.clock ?? systemClock,
    appTokens: new Map(),
  };
  return {
    entra,
    graph: (directoryId) => {
      const bearer = appOnlyBearer(entra, { registration: 'graph', directoryId, resource: 'graph' });
      return createGraphClient({ http, graphUrl, bearer }, directoryId);
    },
    armAsApp: (directoryId) => {
      const bearer = appOnlyBearer(entra, { registration: 'azure', directoryId, resource: 'arm' });
      return createArmClient({ http, armUrl, bearer, quota: `arm ${directoryId}` });
    },
    armAsPerson: (accessToken, watch) => {
      const bearer: Bearer = { get: async () => ok(accessToken) };
      const watched = watch ? watchCalls(http, watch) : http;
      return createArmClient({ http: watched, armUrl, bearer, quota: `arm ${randomUUID()}` });
    },
    ea: createEaClient({ http, eaReportingUrl }),
  };
}

function appOnlyBearer(
  entra: EntraClient,
  request: Pick<AppOnlyTokenRequest, 'registration' | 'directoryId' | 'resource'>,
): Bearer {
  const acquire = async (more: Partial<AppOnlyTokenRequest>) => {
    const acquired = await appOnlyToken(entra, { ...more, ...request });
    return acquired.ok ? ok(acquired.value.token) : acquired;
  };
  return {
    get: ({ signal, patience, onRequest, onRetry }) => acquire({ signal, patience, onRequest, onRetry }),
    renew: (claims, { signal, patience, onRequest, onRetry }) =>
      acquire({ signal, patience, onRequest, onRetry, fresh: true, claims }),
  };
}
