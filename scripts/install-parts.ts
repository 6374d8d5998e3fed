import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Config, ConfigError, configuredSecrets, readConfig } from '#lib/config/env.ts';
import { MigrationError, migrate } from '#lib/db/migrate.ts';
import { textRedactor } from '#lib/log/secret-texts.ts';
import { databaseTarget } from '#lib/runtime.ts';
import { answers, Installation, type PartSpec, sentReady } from './parts.ts';
import { PORTAL_NODE_ARGS } from './portal-node.ts';

const ROOT = resolve(import.meta.dirname, '..');

type Environment = Readonly<Record<string, string | undefined>>;

/** What the launched processes get: the settings, and what Next needs to know before it starts. */
export function partEnvironment(config: Config, env: Environment): Environment {
  return {
    ...env,
    NODE_ENV: 'production',
    PORT: String(config.port),
    APP_URL: config.appUrl,
    DATA_DIR: config.dataDir,
    NEXTAUTH_URL: config.appUrl,
    NEXTAUTH_SECRET: config.authSecret,
    NEXT_MANUAL_SIG_HANDLE: '1',
    NEXT_TELEMETRY_DISABLED: '1',
  };
}

/** Reads the settings, or says what is wrong with them and ends the process. */
export function configOrExit(env: Environment): Config {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/** Brings the database up to date, or says what to do and ends the process. */
export async function migrateOrExit(config: Config): Promise<void> {
  try {
    const applied = await migrate(databaseTarget(config), join(ROOT, 'prisma', 'migrations'));
    if (applied.length > 0) console.log(`Applied ${applied.length} database migrations.`);
  } catch (error) {
    const words = error instanceof MigrationError ? error.message : unreachable(config, error);
    console.error(textRedactor(configuredSecrets(config))(words));
    process.exit(1);
  }
}

function unreachable(config: Config, error: unknown): string {
  const reason =
    error instanceof Error ? error.message || ('code' in error ? error.code : error.name) : error;
  return config.databaseUrl
    ? `The database of DATABASE_URL cannot be used: ${reason}. Check address, user and rights, then start again.`
    : `The embedded database of ${config.dataDir} cannot be used: ${reason}. "npm start" or "npm run demo" must be running.`;
}

/**
 * Starts the installation: the embedded database where no other is configured, migrations, then the given parts
 * and the portal. Stops everything on SIGINT and SIGTERM. Prints one line when a browser can use the portal.
 */
export async function runInstallation(env: Environment, extra: readonly PartSpec[]): Promise<void> {
  const config = configOrExit(env);
  const installation = new Installation((message) => void stop(1, message));
  let isStopping = false;
  const stop = async (code: number, message?: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    if (message) console.error(message);
    await installation.stop();
    process.exit(code);
  };
  process.on('SIGINT', () => void stop(0));
  process.on('SIGTERM', () => void stop(0));

  const childEnv = partEnvironment(config, env);
  try {
    if (!config.databaseUrl) {
      await installation.start({
        name: 'embedded database',
        file: join(ROOT, 'scripts/embedded-database.ts'),
        env: childEnv,
        ready: sentReady,
      });
    }
    await migrateOrExit(config);
    for (const part of extra) await installation.start({ ...part, env: { ...childEnv, ...part.env } });
    await installation.start({
      name: 'portal',
      file: join(ROOT, 'node_modules/next/dist/bin/next'),
      args: ['start', ROOT, '--port', String(config.port)],
      nodeArgs: PORTAL_NODE_ARGS,
      env: childEnv,
      ready: answers(`http://localhost:${config.port}/api/health`),
    });
    console.log(`Portal ready at ${config.appUrl}`);
  } catch (error) {
    if (!isStopping) await stop(1, error instanceof Error ? error.message : String(error));
  }
  // Keeps the launcher alive without a timer of its own firing: the parts' channels are not enough once unref'd.
  while (!isStopping) await wait(60_000);
}
