import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { migrate } from '#lib/db/migrate.ts';
import { type DatabaseTarget, embeddedSocketFolder, poolConfig } from '#lib/db/target.ts';
import { startTemporaryPostgres } from '../scripts/temporary-postgres.ts';
import { type Environment, nextMessage, ROOT, startProcess } from './processes.ts';
import { type Scope, withScope } from './scope.ts';

const MIGRATIONS = join(ROOT, 'prisma/migrations');

/** A migrated database without a row, for one trial. */
export type TrialDatabase = {
  readonly target: DatabaseTarget;
  /** What a process of the product needs, to find it. */
  readonly env: Environment;
};

export type DatabaseKind = {
  readonly title: string;
  /** A database that is gone when the scope is closed. */
  create(scope: Scope): Promise<TrialDatabase>;
};

/** A server of PostgreSQL for the whole run, and a copy of one migrated database for each trial. */
export async function nativeDatabases(scope: Scope): Promise<DatabaseKind> {
  const server = await startTemporaryPostgres();
  scope.defer(() => server.stop());
  const urlOf = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  await execute(server.url, 'CREATE DATABASE template_of_trials');
  await migrate({ type: 'server', url: urlOf('template_of_trials') }, MIGRATIONS);
  return {
    title: `PostgreSQL ${server.version}`,
    async create(trial) {
      const name = `trial_${randomBytes(6).toString('hex')}`;
      await execute(server.url, `CREATE DATABASE ${name} TEMPLATE template_of_trials`);
      trial.defer(() => execute(server.url, `DROP DATABASE ${name} WITH (FORCE)`));
      const url = urlOf(name);
      return { target: { type: 'server', url }, env: { DATABASE_URL: url } };
    },
  };
}

/** For figures that are about a server: throws where there is none. */
export async function requireNative(bench: {
  nativeDatabases(): Promise<DatabaseKind | undefined>;
}): Promise<DatabaseKind> {
  const kind = await bench.nativeDatabases();
  if (!kind) throw new Error('This is measured on a PostgreSQL server only.');
  return kind;
}

/** A data folder for each trial, all copies of one, each served by a process of its own as in an installation. */
export async function embeddedDatabases(scope: Scope): Promise<DatabaseKind> {
  const template = await temporaryFolder(scope);
  await withScope(scope, async (starting) => {
    await migrate(await startEmbedded(starting, template), MIGRATIONS);
  });
  return {
    title: 'embedded PostgreSQL',
    async create(trial) {
      const folder = await temporaryFolder(trial);
      await cp(template, folder, { recursive: true });
      return { target: await startEmbedded(trial, folder), env: { DATA_DIR: folder } };
    },
  };
}

async function startEmbedded(scope: Scope, dataDir: string): Promise<DatabaseTarget> {
  const socketFolder = embeddedSocketFolder(dataDir);
  scope.defer(() => rm(socketFolder, { recursive: true, force: true }));
  const owner = startProcess(scope, {
    file: 'scripts/embedded-database.ts',
    env: { DATA_DIR: dataDir },
  });
  await nextMessage(owner, z.literal('ready'));
  return { type: 'embedded', socketFolder };
}

export async function temporaryFolder(scope: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cloud-tenant-setup-bench-'));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A pool for a few statements of the benchmark itself; the scope closes it. */
export function openPool(scope: Scope, target: DatabaseTarget): pg.Pool {
  const pool = new pg.Pool(poolConfig(target, 2));
  scope.defer(() => pool.end());
  return pool;
}
