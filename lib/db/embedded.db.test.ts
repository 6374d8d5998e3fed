import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataDirInUseError, startEmbeddedDatabase } from './embedded.ts';
import { embeddedSocketFolder, poolConfig } from './target.ts';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/embedded-database.ts');
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cts-data-'));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true });
  await rm(embeddedSocketFolder(dataDir), { recursive: true, force: true });
});

async function startOwner() {
  const child = fork(SCRIPT, { env: { ...process.env, DATA_DIR: dataDir }, execArgv: [] });
  await once(child, 'message');
  return child;
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client(poolConfig({ type: 'embedded', socketFolder: embeddedSocketFolder(dataDir) }));
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

test('a second process is refused and told what to do; a killed one leaves nothing in the way', async () => {
  const owner = await startOwner();
  await query('CREATE TABLE kept (id int)');
  await query('INSERT INTO kept VALUES (1), (2)');

  const refusal = await startEmbeddedDatabase(dataDir).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(DataDirInUseError);
  expect(String(refusal)).toContain(`(${owner.pid})`);
  expect(String(refusal)).toContain('DATABASE_URL');

  owner.kill('SIGKILL');
  await once(owner, 'exit');
  const next = await startEmbeddedDatabase(dataDir);
  expect(await query('SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 2 }]);
  await next.stop();
});

test('it ends when its parent is asked to stop it', async () => {
  const owner = await startOwner();
  owner.kill('SIGTERM');
  const [code] = await once(owner, 'exit');
  expect(code).toBe(0);
});

test('no other user of the machine can come to the files of the database', async () => {
  const database = await startEmbeddedDatabase(dataDir);
  await database.stop();
  expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
});

test('a socket folder that is a link is not used, even if it leads to a private folder of ours', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'cts-link-'));
  await symlink(elsewhere, embeddedSocketFolder(dataDir));
  await expect(startEmbeddedDatabase(dataDir)).rejects.toThrow('is not a private folder of this user');
  await rm(elsewhere, { recursive: true });
});
