import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type DatabaseTarget, poolConfig } from './target.ts';

/** Arbitrary, the same for all who migrate: `pg_advisory_xact_lock` takes a number. */
const MIGRATION_LOCK = 7_201_954_063;

/** The table that `prisma migrate` keeps, so that either may apply the next migration. */
const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

type Migration = { name: string; sql: string; checksum: string };

/** A migration that could not be applied; the message says what to do. The database is as it was before. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Applies the migrations that are missing, all in one transaction: either the database is up to date afterwards
 * or nothing has changed. Any number of processes may call it at once; they wait for one another.
 * Returns the names of the migrations it applied. Throws MigrationError.
 */
export async function migrate(target: DatabaseTarget, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client(poolConfig(target));
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(HISTORY_TABLE);
    const pending = await findPending(client, migrations);
    for (const migration of pending) await apply(client, migration);
    await client.query('COMMIT');
    return pending.map(({ name }) => name);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    await client.end();
  }
}

/** Changes with every change to a migration; names the template that tests copy. */
export async function migrationsFingerprint(folder: string): Promise<string> {
  const checksums = (await readMigrations(folder)).map(({ name, checksum }) => `${name} ${checksum}`);
  return createHash('sha256').update(checksums.join('\n')).digest('hex');
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function findPending(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
    'SELECT migration_name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  for (const row of rows) {
    const known = migrations.find(({ name }) => name === row.migration_name);
    if (!known) {
      throw new MigrationError(
        `The database has the migration ${row.migration_name}, which this version does not know: it belongs to a newer one. Start that version, or restore a backup made before it.`,
      );
    }
    if (!row.finished) {
      throw new MigrationError(
        `The migration ${row.migration_name} was begun by another tool and did not finish. Resolve it with "prisma migrate resolve", then start again.`,
      );
    }
    if (known.checksum !== row.checksum) {
      throw new MigrationError(
        `The migration ${row.migration_name} was changed after it had been applied. Restore the file as it was released; a change to the schema is a migration of its own.`,
      );
    }
  }
  const applied = new Set(rows.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query(migration.sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(
      `The migration ${migration.name} failed, and the database is as it was before: ${reason}. Correct the cause, then start again.`,
      { cause: error },
    );
  }
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES (gen_random_uuid(), $1, $2, now(), now(), 1)`,
    [migration.checksum, migration.name],
  );
}
