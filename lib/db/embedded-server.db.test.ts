import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { serve } from './embedded.ts';
import type { EmbeddedServer } from './embedded-server.ts';
import { poolConfig } from './target.ts';

/** Longer than what a socket delivers at once. */
const LONG = 300_000;

let folder: string;
let db: PGlite;
let server: EmbeddedServer;
const pools: pg.Pool[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cts-server-'));
  db = await PGlite.create();
  server = await serve(db, folder);
  await db.exec('CREATE TABLE entry (n int)');
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
});
afterAll(async () => {
  await server.stop();
  await db.close();
  await rm(folder, { recursive: true });
});

function openPool(max: number): pg.Pool {
  const pool = new pg.Pool({ ...poolConfig({ type: 'embedded', socketFolder: folder }, max) });
  pools.push(pool);
  return pool;
}

async function length(pool: pg.Pool | pg.PoolClient, size: number): Promise<unknown> {
  const { rows } = await pool.query('SELECT length($1::text) AS length', ['x'.repeat(size)]);
  return rows[0]?.length;
}

async function next(pool: pg.Pool | pg.PoolClient, n: number): Promise<unknown> {
  const { rows } = await pool.query('SELECT $1::int + 1 AS next', [n]);
  return rows[0]?.next;
}

test('statements of several clients keep apart, however long they are', async () => {
  const pool = openPool(4);
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, n) => (n % 2 ? length(pool, LONG + n) : next(pool, n))),
  );
  expect(answers).toEqual(Array.from({ length: 80 }, (_, n) => (n % 2 ? LONG + n : n + 1)));
});

test('a transaction is alone, and the statements that came meanwhile follow it whole', async () => {
  const pool = openPool(6);
  const inTransaction = async (n: number) => {
    const client = await pool.connect();
    await client.query('BEGIN');
    const answer = await length(client, LONG + n);
    await client.query('COMMIT');
    client.release();
    return answer;
  };
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => (n % 2 ? inTransaction(n) : next(pool, n))),
  );
  expect(answers).toEqual(Array.from({ length: 60 }, (_, n) => (n % 2 ? LONG + n : n + 1)));
});

test('a refused statement harms neither its connection nor the others', async () => {
  const pool = openPool(2);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => (n % 2 ? pool.query('SELECT 1 / $1::int', [0]) : next(pool, n))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(
    Array.from({ length: 20 }, (_, n) => (n % 2 ? 'rejected' : 'fulfilled')),
  );
  expect(await next(pool, 41)).toBe(42);
});

test('what a client leaves behind in the middle of a transaction is rolled back', async () => {
  const pool = openPool(1);
  const leaver = new pg.Client(poolConfig({ type: 'embedded', socketFolder: folder }));
  leaver.on('error', () => undefined);
  await leaver.connect();
  await leaver.query('BEGIN');
  await leaver.query('INSERT INTO entry VALUES (1)');
  const others = pool.query('SELECT count(*)::int AS entries FROM entry');
  leaver.connection.stream.destroy();
  expect((await others).rows).toEqual([{ entries: 0 }]);
});

test('a client that dies within a statement leaves the others alone', async () => {
  const pool = openPool(1);
  const socket = connect(join(folder, '.s.PGSQL.5432'));
  await once(socket, 'connect');
  const startup = Buffer.from('\0\0\0\0\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1');
  startup.writeInt32BE(startup.length, 0);
  socket.write(startup);
  await once(socket, 'data');
  const parse = Buffer.from('P\0\0\0\0\0SELECT $1::int\0\0\0H\0\0\0\x04', 'latin1');
  parse.writeInt32BE(parse.length - 6, 1);
  socket.write(parse);
  await once(socket, 'data');
  socket.destroy();
  expect(await next(pool, 1)).toBe(2);
});

test('something that is no message ends its connection only', async () => {
  const pool = openPool(1);
  const socket = connect(join(folder, '.s.PGSQL.5432'));
  socket.on('error', () => undefined);
  socket.write('\0\0\0\x01GET / HTTP/1.1\r\n');
  await once(socket, 'close');
  expect(await next(pool, 1)).toBe(2);
});
