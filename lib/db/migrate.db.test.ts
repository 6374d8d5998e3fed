import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MigrationError, migrate } from './migrate.ts';
import { poolConfig } from './target.ts';
import { MIGRATIONS, startBlankDatabase } from './testing.ts';

let blank: Awaited<ReturnType<typeof startBlankDatabase>>;
let folder: string;

beforeEach(async () => {
  blank = await startBlankDatabase();
  folder = await mkdtemp(join(tmpdir(), 'cts-migrations-'));
  await cp(MIGRATIONS, folder, { recursive: true });
});

afterEach(async () => {
  await blank.stop();
  await rm(folder, { recursive: true });
});

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client(poolConfig(blank.target));
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'migration.sql'), sql);
}

test('several processes that start at once apply each migration once', async () => {
  const applied = await Promise.all([1, 2, 3].map(() => migrate(blank.target, folder)));
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await migrate(blank.target, folder)).toEqual([]);
});

test('a failed migration leaves the database as it was, and says what to do', async () => {
  await addMigration('8000_good', 'CREATE TABLE made_before_the_failure (id int)');
  await addMigration('9000_bad', 'CREATE TABLE broken (id no_such_type)');
  const failure = await migrate(blank.target, folder).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(MigrationError);
  expect(String(failure)).toMatch(/9000_bad failed.*no_such_type.*Correct the cause/s);
  expect(await query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  await rm(join(folder, '9000_bad'), { recursive: true });
  expect(await migrate(blank.target, folder)).toContain('8000_good');
});

test('a database of a newer version, and a changed migration, are refused', async () => {
  await addMigration('9000_newer', 'SELECT 1');
  await migrate(blank.target, folder);
  await rm(join(folder, '9000_newer'), { recursive: true });
  await expect(migrate(blank.target, folder)).rejects.toThrow(/9000_newer.*newer/s);
  await addMigration('9000_newer', 'SELECT 2');
  await expect(migrate(blank.target, folder)).rejects.toThrow(/changed after it had been applied/);
});
