import type { MicrosoftSettings } from '#lib/config/clouds.ts';
import type { DirectoryId } from '#lib/core/ids.ts';
import type { Log } from '#lib/log/log.ts';
import type { ArmClient } from './arm/client.ts';
import type { EntraClient } from './entra/client.ts';
import type { GraphClient } from './graph/client.ts';

/** The only way out of the process towards Microsoft. One instance per process: it holds the token cache. */
export type MicrosoftClients = {
  readonly entra: EntraClient;
  /** Graph in a tenant, as our application (registration `graph`). */
  graph(directoryId: DirectoryId): GraphClient;
  /** Azure Resource Manager in a tenant, as our application (registration `azure`). */
  armAsApp(directoryId: DirectoryId): ArmClient;
  /** Azure Resource Manager as the person whose token this is; the token stays in the returned client alone. */
  armAsPerson(accessToken: string): ArmClient;
};

/** Builds the clients; nothing is sent until one is used. */
export function createMicrosoftClients(_settings: MicrosoftSettings, _log: Log): MicrosoftClients {
  throw new Error('not implemented');
}
