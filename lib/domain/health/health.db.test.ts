import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '#lib/db/database.ts';
import { STORAGE_SETTING } from '#lib/db/embedded-care.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { quietLog } from '#lib/microsoft/testing.ts';
import { checkHealth } from './check.ts';
import { beat, endBeat, forgetSilentWorkers } from './heartbeat.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await startTestDatabase();
});
afterAll(() => db.stop());

const check = () => checkHealth({ database: db.database, log: quietLog });
const age = (workerId: string, interval: string) =>
  db.database.pool.query('UPDATE worker_heartbeat SET beat_at = now() - $2::interval WHERE worker_id = $1', [
    workerId,
    interval,
  ]);

test('all is well while some worker lives', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  expect(await check()).toEqual({ status: 'unavailable', database: 'ok', worker: 'unavailable' });
  await beat(db, first);
  await beat(db, second);
  expect(await check()).toEqual({ status: 'ok', database: 'ok', worker: 'ok' });
  await endBeat(db, first);
  expect(await check()).toMatchObject({ status: 'ok' });
  await age(second, '61 s');
  expect(await check()).toEqual({ status: 'unavailable', database: 'ok', worker: 'unavailable' });
  await beat(db, second);
  expect(await check()).toMatchObject({ status: 'ok' });
  await endBeat(db, second);
});

test('a database that has no room left says so', async () => {
  const workerId = randomUUID();
  await beat(db, workerId);
  // What is set in a session of a server is known there only.
  const database = createDatabase(db.target, quietLog, 1);
  const say = (storage: string) =>
    database.pool.query('SELECT set_config($1, $2, false)', [STORAGE_SETTING, storage]);
  await say('full');
  expect(await checkHealth({ database, log: quietLog })).toEqual({
    status: 'unavailable',
    database: 'full',
    worker: 'ok',
  });
  await say('ok');
  expect(await checkHealth({ database, log: quietLog })).toEqual({
    status: 'ok',
    database: 'ok',
    worker: 'ok',
  });
  await database.close();
  await endBeat(db, workerId);
});

test('the rows of dead workers go after a day', async () => {
  const [living, dead] = [randomUUID(), randomUUID()];
  await beat(db, living);
  await beat(db, dead);
  await age(dead, '25 hours');
  await forgetSilentWorkers(db);
  const { rows } = await db.database.pool.query('SELECT worker_id FROM worker_heartbeat');
  expect(rows).toEqual([{ worker_id: living }]);
});

test('a database that is not there, and one that does not answer, are said within seconds', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cts-health-'));
  const down = { status: 'unavailable', database: 'unavailable', worker: 'unavailable' };
  const database = createDatabase({ type: 'embedded', socketFolder: folder }, quietLog);
  expect(await checkHealth({ database, log: quietLog })).toEqual(down);

  const silent = createServer();
  await new Promise<void>((done) => silent.listen(join(folder, '.s.PGSQL.5432'), done));
  expect(await checkHealth({ database, log: quietLog })).toEqual(down);
  silent.close();
  await rm(folder, { recursive: true });
});
