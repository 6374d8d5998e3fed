import { type Config, configuredSecrets, readConfig } from '#lib/config/env.ts';
import { systemClock } from '#lib/core/clock.ts';
import { createDatabase } from '#lib/db/database.ts';
import { type DatabaseTarget, embeddedSocketFolder } from '#lib/db/target.ts';
import type { Services } from '#lib/domain/context.ts';
import { createServiceBudget } from '#lib/domain/limits/service-budget.ts';
import { createQueue, type Queue } from '#lib/jobs/queue.ts';
import { createLog } from '#lib/log/log.ts';
import { createMicrosoftClients } from '#lib/microsoft/clients.ts';
import { createAllowance } from '#lib/microsoft/http/allowance.ts';

/** Everything that exists once in a process. */
export type Runtime = {
  readonly config: Config;
  readonly databaseTarget: DatabaseTarget;
  readonly services: Services;
  readonly queue: Queue;
  close(): Promise<void>;
};

export function databaseTarget(config: Config): DatabaseTarget {
  return config.databaseUrl
    ? { type: 'server', url: config.databaseUrl }
    : { type: 'embedded', socketFolder: embeddedSocketFolder(config.dataDir) };
}

/** Builds database, queue and Microsoft clients from the settings. Nothing connects before it is used. */
export function createRuntime(config: Config): Runtime {
  const log = createLog({ level: config.logLevel, secrets: configuredSecrets(config) });
  const target = databaseTarget(config);
  const database = createDatabase(target, log);
  const queue = createQueue(target, log);
  const ledger = createServiceBudget(database);
  const allowance = createAllowance({ clock: systemClock, log, ledger });
  const services: Services = {
    database,
    clock: systemClock,
    microsoft: createMicrosoftClients(config.microsoft, log, { allowance }),
    jobs: queue,
    log,
    encryptionKeys: config.encryptionKeys,
    appUrl: config.appUrl,
  };
  return {
    config,
    databaseTarget: target,
    services,
    queue,
    async close() {
      await queue.close();
      await database.close();
    },
  };
}

// Next gives instrumentation and route handlers different instances of this module, so what exists once in a
// process hangs on the global object.
const holder = globalThis as { cloudTenantSetupRuntime?: Runtime };

/** The runtime of this process, built at the first call from the environment. */
export function runtime(): Runtime {
  holder.cloudTenantSetupRuntime ??= createRuntime(readConfig());
  return holder.cloudTenantSetupRuntime;
}
