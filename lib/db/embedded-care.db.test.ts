import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { serve } from './embedded.ts';
import { type Care, createCare, STORAGE_SETTING } from './embedded-care.ts';
import type { EmbeddedServer } from './embedded-server.ts';
import { poolConfig } from './target.ts';

const LONG = 'x'.repeat(20_000);
const MB = 2 ** 20;

let folder: string;
let db: PGlite;
let care: Care;
let server: EmbeddedServer;
let pool: pg.Pool;
let freeBytes: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cts-care-'));
  db = await PGlite.create();
  care = createCare(db, { freeBytes: () => freeBytes, logBytesMax: MB });
  server = await serve(db, folder, care);
  pool = new pg.Pool(poolConfig({ type: 'embedded', socketFolder: folder }, 2));
  await pool.query('CREATE TABLE entry (text text)');
});
beforeEach(() => {
  freeBytes = 1000 * MB;
});
afterAll(async () => {
  await pool.end();
  await server.stop();
  await db.close();
  await rm(folder, { recursive: true });
});

const one = async (sql: string): Promise<unknown> => Object.values((await pool.query(sql)).rows[0] ?? {})[0];
const insert = (text: string) => pool.query('INSERT INTO entry VALUES ($1)', [text]);
const checkpoint = () => one('SELECT redo_lsn::text FROM pg_control_checkpoint()');

test('a checkpoint is made when the log has grown, and not before', async () => {
  await pool.query('CHECKPOINT');
  const before = await checkpoint();
  await insert('short');
  await care.upkeep();
  expect(await checkpoint()).toBe(before);

  await pool.query(`INSERT INTO entry SELECT repeat('x', 1000) FROM generate_series(1, 2000)`);
  await care.upkeep();
  const after = await checkpoint();
  expect(after).not.toBe(before);
  await insert('short');
  await care.upkeep();
  expect(await checkpoint()).toBe(after);
});

test('on a disk that is nearly full, long statements are refused, and everything else goes on', async () => {
  await pool.query('TRUNCATE entry');
  freeBytes = 63 * MB;
  await expect(insert(LONG)).rejects.toMatchObject({
    code: '53100',
    hint: expect.stringContaining('DATA_DIR'),
  });
  await insert('short');
  expect(await one("SELECT string_agg(text, ',') FROM entry")).toBe('short');

  freeBytes = 65 * MB;
  await insert(LONG);
  expect(await one('SELECT count(*)::int FROM entry')).toBe(2);
});

test('a transaction that meets a full disk is rolled back as a whole', async () => {
  await pool.query('TRUNCATE entry');
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query(`INSERT INTO entry VALUES ('first')`);
  freeBytes = 0;
  await expect(client.query('INSERT INTO entry VALUES ($1)', [LONG])).rejects.toMatchObject({
    code: '53100',
  });
  await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
  await client.query('COMMIT');
  client.release();
  expect(await one('SELECT count(*)::int FROM entry')).toBe(0);
});

test('whoever asks is told that the disk is full, as long as it is', async () => {
  const storage = () => one(`SELECT current_setting('${STORAGE_SETTING}', true)`);
  await care.upkeep();
  expect(await storage()).not.toBe('full');
  freeBytes = 0;
  await care.upkeep();
  expect(await storage()).toBe('full');
  freeBytes = 1000 * MB;
  await care.upkeep();
  expect(await storage()).toBe('ok');
});
