import type { MicrosoftSettings } from '#lib/config/clouds.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { Log } from '#lib/log/log.ts';

/** Names of the app registrations in the settings. */
export type RegistrationName = keyof MicrosoftSettings['registrations'];

/** What the functions of this folder need to reach the login service. Made by `createMicrosoftClients`. */
export type EntraClient = {
  readonly settings: MicrosoftSettings;
  readonly log: Log;
  readonly clock: Clock;
};
