import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DirectoryId, RunId } from '#lib/core/ids.ts';
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

test('of three workers the one with the run is killed: another goes on with it, and ends exact', async () => {
  const tenant = await bed.connect(directoryId);
  // It waits for the fourth page until it is killed, however long the others take to start.
  const slow = { kind: 'latency', path: 'skiptoken', after: 2, times: 1, delayMs: 600_000 };
  await bed.simulator.control.fault({ ...slow, tenantId: directoryId });
  const runId = await start(tenant);
  const victim = await workers.start();
  await untilPage(tenant, runId, 3);
  const others = await Promise.all([workers.start(), workers.start()]);
  await endChild(victim, 'SIGKILL');
  const pages = await pagesOf(tenant, runId);
  await expect
    .poll(() => pagesOf(tenant, runId), { timeout: TAKE_OVER_MS, interval: 20 })
    .toBeGreaterThan(pages);
  await untilEnded(tenant, runId);
  await expectExact(tenant, runId, 1);
  for (const other of others) expect(await endChild(other, 'SIGTERM')).toBe(0);
}, 120_000);

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
