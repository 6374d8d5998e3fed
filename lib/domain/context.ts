import type { Actor } from '#lib/access/actor.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { OrganizationId } from '#lib/core/ids.ts';
import type { Database } from '#lib/db/database.ts';
import type { KeyRing } from '#lib/db/encryption.ts';
import type { Jobs } from '#lib/jobs/jobs.ts';
import type { Log } from '#lib/log/log.ts';
import type { MicrosoftClients } from '#lib/microsoft/clients.ts';

/** What every use of the domain has in common, whoever acts: built once in a process by `lib/runtime.ts`. */
export type Services = {
  readonly database: Database;
  readonly clock: Clock;
  readonly microsoft: MicrosoftClients;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly encryptionKeys: KeyRing;
  /** The portal's public origin, without a trailing slash. */
  readonly appUrl: string;
};

/** Who acts, and with what. The first argument of every domain function that is about an organization. */
export type Ctx = Services & { readonly actor: Actor };

export const organizationOf = (ctx: Ctx): OrganizationId => ctx.actor.organizationId;
