import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import pg from 'pg';
import { createLog } from '#lib/log/log.ts';
import { createDatabase, type Database } from './database.ts';
import { serve } from './embedded.ts';
import { migrate, migrationsFingerprint } from './migrate.ts';
import type { DatabaseTarget } from './target.ts';

export const MIGRATIONS = resolve(import.meta.dirname, '../../prisma/migrations');
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/test-database');

export type TestDatabase = {
  readonly target: DatabaseTarget;
  readonly database: Database;
  stop(): Promise<void>;
};

/**
 * A migrated, empty database of the test file's own: on the server of TEST_DATABASE_URL when that is set, else
 * an embedded one in memory. Both are copies of one template, so that a file starts in well under a second.
 */
export async function startTestDatabase(): Promise<TestDatabase> {
  const { target, stop } = await startBlankDatabase(true);
  const database = createDatabase(target, createLog({ level: 'silent' }), 5);
  return {
    target,
    database,
    async stop() {
      await database.close();
      await stop();
    },
  };
}

/** A database of the test file's own, either migrated or without any table. */
export async function startBlankDatabase(
  isMigrated = false,
): Promise<{ target: DatabaseTarget; stop(): Promise<void> }> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  return serverUrl ? onServer(serverUrl, isMigrated) : embedded(isMigrated);
}

async function onServer(serverUrl: string, isMigrated: boolean) {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = isMigrated ? await serverTemplate(serverUrl) : 'template0';
  await runOnServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    target: { type: 'server', url: withDatabase(serverUrl, name) } as const,
    stop: () => runOnServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Test files start at the same time: whoever comes first builds the template, under a name of its own. */
async function serverTemplate(serverUrl: string): Promise<string> {
  const template = `template_${(await migrationsFingerprint(MIGRATIONS)).slice(0, 16)}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(1)');
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (!rowCount) {
      const draft = `draft_${randomBytes(8).toString('hex')}`;
      await client.query(`CREATE DATABASE ${draft} TEMPLATE template0`);
      await migrate({ type: 'server', url: withDatabase(serverUrl, draft) }, MIGRATIONS);
      await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
    }
    return template;
  } finally {
    await client.end();
  }
}

async function runOnServer(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function embedded(isMigrated: boolean) {
  const socketFolder = await mkdtemp(join(tmpdir(), 'cts-test-'));
  const db = await openInMemory(isMigrated ? await embeddedTemplate() : undefined);
  const server = await serve(db, socketFolder);
  return {
    target: { type: 'embedded', socketFolder } as const,
    async stop() {
      await server.stop();
      await db.close();
      await rm(socketFolder, { recursive: true, force: true });
    },
  };
}

const openInMemory = (loadDataDir?: Blob): Promise<PGlite> =>
  PGlite.create({ extensions: { pg_trgm }, ...(loadDataDir && { loadDataDir }) });

/** The migrated database as an archive, kept between runs under the fingerprint of the migrations. */
async function embeddedTemplate(): Promise<Blob> {
  const file = join(CACHE, `${await migrationsFingerprint(MIGRATIONS)}.tar`);
  const cached = await readFile(file).catch(() => undefined);
  if (cached) return new Blob([cached]);
  const socketFolder = await mkdtemp(join(tmpdir(), 'cts-test-'));
  const db = await openInMemory();
  const server = await serve(db, socketFolder);
  await migrate({ type: 'embedded', socketFolder }, MIGRATIONS);
  await server.stop();
  const archive = await db.dumpDataDir('none');
  await db.close();
  await mkdir(CACHE, { recursive: true });
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, Buffer.from(await archive.arrayBuffer()));
  await rename(draft, file);
  await rm(socketFolder, { recursive: true, force: true });
  return archive;
}
