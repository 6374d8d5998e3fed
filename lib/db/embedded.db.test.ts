import { fork, spawn } from 'node:child_process';
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

async function query(sql: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client(poolConfig({ type: 'embedded', socketFolder: embeddedSocketFolder(dataDir) }));
  // The end of the connection comes as a failure of the statement, too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
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

test('it ends at once when it cannot write its log, and nothing that it acknowledged is lost', async () => {
  const owner = await startOwner();
  await query('CREATE TABLE kept (id int, text text)');
  owner.kill('SIGTERM');
  await once(owner, 'exit');

  // No file may grow beyond 4 MB, so the log, which is one of 16 MB, cannot be written any further.
  const command = `trap '' XFSZ; ulimit -f 8192; exec "${process.execPath}" "${SCRIPT}"`;
  const limited = spawn('sh', ['-c', command], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  limited.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(limited, 'exit');
  await once(limited, 'message');
  let acknowledged = 0;
  const insert = `INSERT INTO kept SELECT ${'$'}1::int, repeat('x', 1000) FROM generate_series(1, 100)`;
  while (await query(insert, [acknowledged]).catch(() => undefined)) acknowledged += 1;
  expect(await ended).toEqual([1, null]);
  expect(said).toMatch(/had to stop: could not write to .*log file.*: File too large/);

  const next = await startEmbeddedDatabase(dataDir);
  expect(await query('SELECT id, count(*)::int AS rows FROM kept GROUP BY id ORDER BY id')).toEqual(
    Array.from({ length: acknowledged }, (_, id) => ({ id, rows: 100 })),
  );
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
