import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DirectoryId, RunId } from '#lib/core/ids.ts';
import { seededNumbers } from '#lib/core/testing.ts';
import {
  graphUserIds,
  type ImportBed,
  presentUserIds,
  runState,
  start,
  startImportBed,
  type TestTenant,
} from '#lib/domain/imports/testing.ts';
import { AZURE_APP, GRAPH_APP } from '../simulator/testing.ts';
import { createWorkers, endChild, type WorkerFactory } from './testing.ts';

/** How many workers are killed, and at which pages. */
const KILLS = Number(process.env.KILLS ?? 3);
const SEED = Number(process.env.KILL_SEED ?? 1);
const KILLS_PER_RUN = 3;

const USERS = 82;
const PAGE = 10;
const PAGES = Math.ceil(USERS / PAGE);
/** A lease lasts 15 seconds, unattended runs are looked for every 5. */
const TAKE_OVER_MS = 30_000;

let bed: ImportBed;
let workers: WorkerFactory;
let directoryId: DirectoryId;

beforeAll(async () => {
  bed = await startImportBed();
  directoryId = await bed.createDirectory(USERS);
  // Slow enough to be killed in the middle of the users.
  await bed.simulator.control.settings({ latencyMs: 200, pageSizeMax: PAGE });
  workers = await createWorkers({
    target: bed.db.target,
    microsoftUrl: bed.simulator.url,
    clients: { azure: AZURE_APP, graph: GRAPH_APP },
  });
});
afterAll(async () => {
  await workers.stop();
  await bed.stop();
});

const pagesOf = async (tenant: TestTenant, runId: RunId): Promise<number> =>
  (await runState(tenant, runId)).checkpoint?.pages ?? 0;

const untilPage = (tenant: TestTenant, runId: RunId, page: number) =>
  expect
    .poll(() => pagesOf(tenant, runId), { timeout: TAKE_OVER_MS, interval: 20 })
    .toBeGreaterThanOrEqual(page);

const untilEnded = (tenant: TestTenant, runId: RunId) =>
  expect
    .poll(async () => (await runState(tenant, runId)).status, { timeout: 2 * TAKE_OVER_MS, interval: 100 })
    .not.toBe('running');

/** All users are there, each once, and the pages were read once but for those under way at each interruption. */
async function expectExact(tenant: TestTenant, runId: RunId, interruptions: number): Promise<void> {
  const run = await runState(tenant, runId);
  expect(run).toMatchObject({ status: 'completed', checkpoint: null, leaseHolder: null });
  expect(run.phase('users')).toMatchObject({ received: USERS, expected: USERS, restarts: 0 });
  expect(run.phase('users').requests).toBeLessThanOrEqual(PAGES + 6 * interruptions);
  expect(await presentUserIds(tenant)).toEqual(await graphUserIds(bed.simulator.url, directoryId));
}

test('the run of a killed worker is continued by the next, and ends exact', async () => {
  const tenant = await bed.connect(directoryId);
  const runId = await start(tenant);
  const victim = await workers.start();
  await untilPage(tenant, runId, 2);
  await endChild(victim, 'SIGKILL');
  const pages = await pagesOf(tenant, runId);
  const next = await workers.start();
  await expect
    .poll(() => pagesOf(tenant, runId), { timeout: TAKE_OVER_MS, interval: 20 })
    .toBeGreaterThan(pages);
  await untilEnded(tenant, runId);
  await expectExact(tenant, runId, 1);
  expect(await endChild(next, 'SIGTERM')).toBe(0);
}, 120_000);

test(
  'it also ends exact when workers are killed again and again',
  async () => {
    const random = seededNumbers(SEED);
    const tenant = await bed.connect(directoryId);
    for (let killed = 0; killed < KILLS; killed += KILLS_PER_RUN) {
      const runId = await start(tenant, 'schedule');
      const pages = Array.from({ length: KILLS_PER_RUN }, () => Math.floor(random() * (PAGES - 1)));
      for (const page of pages.toSorted((a, b) => a - b)) {
        const victim = await workers.start();
        await untilPage(tenant, runId, page);
        await endChild(victim, 'SIGKILL');
        // The dead worker's lease ends now instead of in a quarter of a minute.
        await bed.pool.query('UPDATE import_run SET lease_until = now() WHERE id = $1', [runId]);
      }
      const last = await workers.start();
      await untilEnded(tenant, runId);
      await expectExact(tenant, runId, KILLS_PER_RUN);
      expect(await endChild(last, 'SIGTERM')).toBe(0);
    }
  },
  60_000 + KILLS * 20_000,
);

test('a worker that is asked to end hands its run to another at once', async () => {
  const tenant = await bed.connect(directoryId);
  const [first, second] = await Promise.all([workers.start(), workers.start()]);
  const runId = await start(tenant);
  await untilPage(tenant, runId, 1);
  expect(await endChild(first, 'SIGTERM')).toBe(0);
  await untilEnded(tenant, runId);
  await expectExact(tenant, runId, 1);
  expect(await endChild(second, 'SIGTERM')).toBe(0);
}, 120_000);
