import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunId } from '#lib/core/ids.ts';
import { seededNumbers } from '#lib/core/testing.ts';
import { createDatabase, type Database } from '#lib/db/database.ts';
import { embeddedSocketFolder } from '#lib/db/target.ts';
import { readStored, readTruth } from '#lib/domain/imports/test-truth.ts';
import { connectTenant, runState, start, type TestTenant } from '#lib/domain/imports/testing.ts';
import { testServices } from '#lib/domain/testing.ts';
import { createLog } from '#lib/log/log.ts';
import { AZURE_APP, GRAPH_APP, type RunningSimulator, startSimulator } from '../simulator/testing.ts';
import { expect, test } from './fixtures.ts';
import { freePorts } from './product.ts';

/*
 * `npm start` with its portal, in which the worker is, and its embedded database: each of them is killed in the middle of
 * imports, without a warning, and comes back by itself. KILLS says how often, KILL_SEED at which pages.
 */
const KILLS = Number(process.env.KILLS ?? 2);
const SEED = Number(process.env.KILL_SEED ?? 1);
const VICTIMS = ['portal', 'database'] as const;

const USERS = 120;
const PAGE = 10;
const ROOT = resolve(import.meta.dirname, '..');
const WAIT = { timeout: 60_000, intervals: [25] };

let folder: string;
let simulator: RunningSimulator;
let launcher: ChildProcess;
let portalUrl: string;
let database: Database;
let tenant: TestTenant;
let output = '';

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = await mkdtemp(join(tmpdir(), 'cts-kills-'));
  simulator = await startSimulator({ settings: { pageSizeMax: PAGE, latencyMs: 60 } });
  const [port = 0] = await freePorts(1);
  portalUrl = `http://localhost:${port}`;
  launcher = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: ROOT,
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      PORT: `${port}`,
      DATA_DIR: folder,
      LOG_LEVEL: 'error',
      MICROSOFT_AUTHORITY_URL: simulator.url,
      MICROSOFT_GRAPH_URL: simulator.url,
      MICROSOFT_ARM_URL: simulator.url,
      MICROSOFT_CLIENT_ID: AZURE_APP.clientId,
      MICROSOFT_CLIENT_SECRET: AZURE_APP.secret,
      MICROSOFT_GRAPH_CLIENT_ID: GRAPH_APP.clientId,
      MICROSOFT_GRAPH_CLIENT_SECRET: GRAPH_APP.secret,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [launcher.stdout, launcher.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  await expect(async () => expect(output).toContain('Portal ready'), output).toPass({ timeout: 90_000 });
  const target = { type: 'embedded', socketFolder: embeddedSocketFolder(folder) } as const;
  database = createDatabase(target, createLog({ level: 'silent' }), 1);
  const { tenant: directory } = await simulator.control.createTenant({
    domain: 'kills.example',
    users: USERS,
  });
  await simulator.control.grant(directory.id, GRAPH_APP.clientId);
  tenant = await connectTenant(
    testServices(database),
    directory.id as TestTenant['directoryId'],
    'office365',
  );
});

test.afterAll(async () => {
  await database.close();
  launcher.kill('SIGTERM');
  if (launcher.exitCode === null) await once(launcher, 'exit');
  await simulator.stop();
  await rm(folder, { recursive: true });
});

test('imports end exact, though portal and database are killed in the middle of them', async () => {
  test.setTimeout(30_000 + KILLS * 60_000);
  const random = seededNumbers(SEED);
  for (let kill = 0; kill < KILLS; kill++) {
    const victim = VICTIMS[kill % VICTIMS.length] ?? 'portal';
    const page = 1 + Math.floor(random() * (USERS / PAGE - 3));
    await test.step(`${victim} killed after page ${page}`, async () => {
      await changeDirectory(tenant);
      const runId = await start(tenant, 'schedule');
      await untilPage(runId, page);
      process.kill(pidOf(victim), 'SIGKILL');
      // Neither is back within the first moment.
      expect(await health()).toEqual(
        victim === 'portal'
          ? 'no answer'
          : { status: 'unavailable', database: 'unavailable', worker: 'unavailable' },
      );
      await expect.poll(health, WAIT).toEqual({ status: 'ok', database: 'ok', worker: 'ok' });
      // The lease of whoever held the run ends now instead of in a quarter of a minute.
      await query('UPDATE import_run SET lease_until = now() WHERE id = $1 AND lease_until IS NOT NULL', [
        runId,
      ]);
      await expect.poll(async () => (await stateOf(runId))?.status, WAIT).not.toBe('running');
      // The first run has nobody to retire yet.
      await expectExact(runId, kill === 0 ? 0 : 1);
    });
  }
});

/** Nothing is missing and nothing is doubled; nobody began anew. */
async function expectExact(runId: RunId, retired: number): Promise<void> {
  const run = await runState(tenant, runId);
  expect(run).toMatchObject({ status: 'completed', problem: undefined, leaseHolder: null, checkpoint: null });
  const truth = await readTruth(simulator.url, tenant.directoryId);
  const stored = await readStored(tenant);
  expect(stored.users.filter((user) => user.deleted_at === null)).toEqual(truth.users);
  expect(stored.exported).toEqual(truth.users.map(({ id }) => id));
  expect(stored.skus).toEqual(truth.skus);
  const users = run.phase('users');
  expect(users).toMatchObject({
    received: truth.users.length,
    expected: truth.users.length,
    retired,
    restarts: 0,
  });
}

/** Each run has something to write, and somebody to retire. */
async function changeDirectory({ directoryId }: TestTenant): Promise<void> {
  const { users } = await readTruth(simulator.url, directoryId);
  await simulator.control.deleteUser(directoryId, String(users.at(0)?.id));
  await simulator.control.createUser(directoryId, { displayName: 'New' });
  await simulator.control.updateUser(directoryId, String(users.at(-1)?.id), {
    department: `${users.length}`,
  });
}

type Health = Readonly<Record<string, string>>;

async function health(): Promise<Health | 'no answer'> {
  try {
    const answer = await fetch(`${portalUrl}/api/health`);
    const body = (await answer.json()) as Health;
    expect(answer.status).toBe(body.status === 'ok' ? 200 : 503);
    return body;
  } catch {
    return 'no answer';
  }
}

/** Undefined while the database does not answer. */
const stateOf = (runId: RunId) => runState(tenant, runId).catch(() => undefined);

/** Progress is written down now and then: the last pages may come and the run end without having been seen. */
const untilPage = (runId: RunId, page: number) =>
  expect
    .poll(async () => {
      const run = await stateOf(runId);
      return run !== undefined && (run.status !== 'running' || (run.checkpoint?.pages ?? 0) >= page);
    }, WAIT)
    .toBe(true);

async function query(sql: string, values: unknown[]): Promise<void> {
  await expect(async () => database.pool.query(sql, values)).toPass({ timeout: 30_000 });
}

/** The process of a part, by its parent and what it runs. */
function pidOf(victim: (typeof VICTIMS)[number]): number {
  const children = execFileSync('ps', ['-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'args='], {
    encoding: 'utf8',
  })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match?.[2] === String(launcher.pid));
  const isDatabase = (args = '') => args.includes('embedded-database.ts');
  const found = children.filter((match) => isDatabase(match?.[3]) === (victim === 'database'));
  expect(found, `${victim} among ${children.map((match) => match?.[3])}`).toHaveLength(1);
  return Number(found[0]?.[1]);
}
