import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunId } from '#lib/core/ids.ts';
import { seededNumbers } from '#lib/core/testing.ts';
import { enqueueRun } from '#lib/domain/imports/enqueue.ts';
import { readStored, readTruth } from '#lib/domain/imports/test-truth.ts';
import {
  type ImportBed,
  runState,
  start,
  startImportBed,
  type TestTenant,
} from '#lib/domain/imports/testing.ts';
import { createQueue, type Queue } from '#lib/jobs/queue.ts';
import { quietLog } from '#lib/microsoft/testing.ts';
import { AZURE_APP, GRAPH_APP } from '../simulator/testing.ts';
import { createWorkers, endChild, type WorkerFactory } from './testing.ts';

/*
 * Workers are killed at any moment of their work, without a warning. KILLS says how often, for each number of workers;
 * KILL_SEED at which moments.
 */
const KILLS = Number(process.env.KILLS ?? 2);
const SEED = Number(process.env.KILL_SEED ?? 1);

/** Divided into ranges by the workers of this test, and read within about a second. */
const USERS = 160;
const PAGE = 10;
const LATENCY_MS = 40;
const RUN_MS = 1_000;
/** Nobody waits so long for anything, unless the machine has very much else to do. */
const WAIT = { timeout: 60_000, interval: 20 };

let bed: ImportBed;
let workers: WorkerFactory;
let queue: Queue;
const tenants: TestTenant[] = [];

beforeAll(async () => {
  bed = await startImportBed();
  await bed.simulator.control.settings({ latencyMs: LATENCY_MS, pageSizeMax: PAGE });
  queue = createQueue(bed.db.target, quietLog);
  workers = await createWorkers({
    target: bed.db.target,
    microsoftUrl: bed.simulator.url,
    clients: { azure: AZURE_APP, graph: GRAPH_APP },
  });
  for (let n = 0; n < 3; n++) tenants.push(await bed.connect(await bed.createDirectory(USERS)));
});
afterAll(async () => {
  await workers.stop();
  await queue.close();
  await bed.stop();
});

type Run = { readonly tenant: TestTenant; readonly runId: RunId };

/** As many tenants as workers, so that each of them has something to do. */
test.each([1, 3])(
  'imports end exact, though workers are killed at any moment: %i at work',
  async (count) => {
    const random = seededNumbers(SEED + count);
    const here = tenants.slice(0, count);
    let team = await Promise.all(here.map(() => workers.start('ranges')));
    let hits = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      // By turns in full and, from there on, what has changed.
      const isFull = kill % 2 === 0;
      for (const tenant of here) await changeDirectory(tenant);
      const runs = await Promise.all(here.map((tenant) => begin(tenant, isFull)));
      await expect.poll(() => attended(runs), WAIT).toBeGreaterThan(0);
      await sleep(random() * RUN_MS);
      const victim = team[Math.floor(random() * count)];
      if (!victim) throw new Error('nobody to kill');
      hits += await killInTheMiddle(victim);
      team = [...team.filter((worker) => worker !== victim), await workers.start('ranges')];
      await untilEnded(runs);
      for (const run of runs) await expectExact(run, isFull);
    }
    if (process.env.KILLS)
      console.log(`${KILLS} kills of ${count} workers, seed ${SEED}: ${hits} runs were under way`);
    for (const worker of team) expect(await endChild(worker, 'SIGTERM')).toBe(0);
  },
  60_000 + KILLS * 60_000,
);

/** Each run has something to write, and somebody to retire. */
async function changeDirectory({ directoryId }: TestTenant): Promise<void> {
  const { control, url } = bed.simulator;
  const { users } = await readTruth(url, directoryId);
  const idOf = (index: number) => String(users.at(index)?.id);
  await control.deleteUser(directoryId, idOf(0));
  await control.createUser(directoryId, { displayName: 'New' });
  for (const index of [1, 40, 80, -1]) {
    await control.updateUser(directoryId, idOf(index), { department: `${users.length} ${index}` });
  }
}

async function begin(tenant: TestTenant, isFull: boolean): Promise<Run> {
  const runId = await start(tenant, 'schedule', isFull);
  const { organizationId } = tenant.ctx.actor;
  await enqueueRun({ jobs: queue, log: quietLog }, { organizationId, tenantId: tenant.tenantId, runId });
  return { tenant, runId };
}

async function attended(runs: readonly Run[]): Promise<number> {
  const states = await Promise.all(runs.map(({ tenant, runId }) => runState(tenant, runId)));
  return states.filter(({ status, leaseHolder }) => status !== 'running' || leaseHolder !== null).length;
}

/** Kills a worker. Says how many runs had not ended, of which not all need be its own. */
async function killInTheMiddle(victim: ChildProcess): Promise<number> {
  await endChild(victim, 'SIGKILL');
  // The leases end now instead of in a quarter of a minute, also those of the living: they must notice.
  const { rowCount } = await bed.pool.query(
    `UPDATE import_run SET lease_until = now() WHERE status = 'running'`,
  );
  return rowCount ?? 0;
}

const untilEnded = (runs: readonly Run[]) =>
  expect
    .poll(async () => {
      const states = await Promise.all(runs.map(({ tenant, runId }) => runState(tenant, runId)));
      return states.filter(({ status }) => status === 'running').length;
    }, WAIT)
    .toBe(0);

/** Nothing is missing, nothing is doubled, and nobody read more than once what had been written. */
async function expectExact({ tenant, runId }: Run, isFull: boolean): Promise<void> {
  const run = await runState(tenant, runId);
  expect(run).toMatchObject({ status: 'completed', problem: undefined, leaseHolder: null, checkpoint: null });
  const truth = await readTruth(bed.simulator.url, tenant.directoryId);
  const stored = await readStored(tenant);
  expect(stored.users.filter((user) => user.deleted_at === null)).toEqual(truth.users);
  expect(stored.exported).toEqual(truth.users.map(({ id }) => id));
  expect(stored.skus).toEqual(truth.skus);
  const { certificate } = run.phase('users');
  expect(certificate).toMatchObject({ method: isFull ? 'full' : 'incremental', green: true });
  if (isFull) expect(certificate?.ranges.length).toBeGreaterThan(2);
  const { rows } = await bed.pool.query<{ pages: number }>(
    'SELECT count(*)::int AS pages FROM import_page WHERE run_id = $1',
    [runId],
  );
  expect(rows).toEqual([{ pages: 0 }]);
}
