import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { RunId } from '#lib/core/ids.ts';
import { plannedPhases } from '#lib/domain/imports/model.ts';
import { importTenantJob } from '#lib/jobs/contracts.ts';
import type { Runtime } from '#lib/runtime.ts';
import { type Bench, type Measurement, scaled } from '../bench.ts';
import { requireNative } from '../databases.ts';
import { formatSeconds, median, type Pair, toFigure } from '../figures.ts';
import { nextMessage, startProcess } from '../processes.ts';
import {
  type ConnectedTenant,
  connectSmallTenants,
  connectTenant,
  openProduct,
  productEnvironment,
} from '../product.ts';
import { type Scope, withScope } from '../scope.ts';

const TENANTS = scaled(500);
const LARGE_USERS = scaled(300_000);
const LATENCY_MS = 50;
const WORKERS = 3;
const SPEED_UP = 2.2;
const POLL_MS = 100;
const GIVE_UP_MS = 15 * 60_000;
/** Until then nobody takes a job; they are let go all at once. */
const HELD_SECONDS = 60 * 60;

/** Do three workers do more than one, and does a huge tenant hold up the others? */
export const workers: Measurement = {
  name: 'workers',
  async measure(bench) {
    const pairs: Pair[] = [];
    const huge: Pair[] = [];
    const generator = await bench.loadGenerator(LARGE_USERS);
    await withScope(bench.scope, async (scope) => {
      await generator.tell({ latencyMs: LATENCY_MS });
      scope.defer(() => generator.tell({ latencyMs: 0 }));
      for (let run = 1; run <= bench.runs; run += 1) {
        const one = await night(bench, scope, { workers: 1, isWithLarge: false });
        const three = await night(bench, scope, { workers: WORKERS, isWithLarge: false });
        const withLarge = await night(bench, scope, { workers: WORKERS, isWithLarge: true });
        const times = [one, three, withLarge].map(formatSeconds).join(', ');
        bench.say(`workers ${run}: one, three, three with a large tenant: ${times}`);
        pairs.push({ measured: three, reference: one });
        huge.push({ measured: withLarge, reference: three });
      }
    });
    const speedUp = median(pairs.map(({ measured, reference }) => reference / measured));
    const tenants = `${TENANTS.toLocaleString('en')} tenants of 200 users, ${LATENCY_MS} ms an answer`;
    return [
      toFigure({
        name: 'workers-3',
        reference: 'one worker',
        target: 1 / SPEED_UP,
        pairs,
        format: formatSeconds,
        note: `${speedUp.toFixed(2)} times as fast, ${SPEED_UP} are wanted; ${tenants}`,
      }),
      toFigure({
        name: 'workers-large-tenant',
        reference: 'the same without it',
        target: 1.3,
        pairs: huge,
        format: formatSeconds,
        note: `until the last small tenant is done, with a tenant of ${LARGE_USERS.toLocaleString('en')} users that was there first; ${WORKERS} workers, ${tenants}`,
      }),
    ];
  },
};

type Night = { readonly workers: number; readonly isWithLarge: boolean };

/** Milliseconds from the moment when all tenants become due until the last small one is imported. */
async function night(bench: Bench, parent: Scope, options: Night): Promise<number> {
  return withScope(parent, async (scope) => {
    const generator = await bench.loadGenerator(LARGE_USERS);
    const kind = await requireNative(bench);
    const env = productEnvironment(await kind.create(scope), generator.url);
    const product = openProduct(scope, env);
    const large = options.isWithLarge ? [await connectTenant(product)] : [];
    const small = await connectSmallTenants(product, TENANTS);
    await enqueueHeld(product, [...large, ...small]);
    const started = Array.from({ length: options.workers }, () =>
      startProcess(scope, { file: 'scripts/worker.ts', env }),
    );
    await Promise.all(started.map((worker) => nextMessage(worker, z.literal('ready'))));
    const startedAt = performance.now();
    await letGo(product);
    await untilDone(product, small[0]?.organizationId ?? '');
    return performance.now() - startedAt;
  });
}

/** Runs with their jobs, which nobody takes yet. The first ones are the first in the queue. */
async function enqueueHeld({ services }: Runtime, tenants: readonly ConnectedTenant[]): Promise<void> {
  const runs = tenants.map(({ organizationId, tenantId }) => ({
    organizationId,
    tenantId,
    runId: RunId.parse(crypto.randomUUID()),
  }));
  await services.database.prisma.importRun.createMany({
    data: runs.map(({ tenantId, runId }) => ({
      tenantId,
      id: runId,
      trigger: 'schedule' as const,
      status: 'running' as const,
      phases: plannedPhases('office365'),
      // A worker that looks for runs without a job must not find them meanwhile.
      createdAt: new Date(Date.now() + HELD_SECONDS * 1000),
    })),
  });
  for (const run of runs) {
    await services.jobs.enqueue(importTenantJob, run, {
      singletonKey: run.runId,
      startAfterSeconds: HELD_SECONDS,
    });
  }
}

async function letGo({ services }: Runtime): Promise<void> {
  const { rowCount } = await services.database.pool.query(
    `WITH due AS (UPDATE import_run SET created_at = now())
     UPDATE pgboss.job SET start_after = now() WHERE name = $1 AND state = 'created'`,
    [importTenantJob.name],
  );
  if (!rowCount) throw new Error('There are no jobs to let go.');
}

/** Until no run of the organization waits or goes on any more. Throws when one did not come to a good end. */
async function untilDone({ services }: Runtime, organizationId: string): Promise<void> {
  const giveUp = AbortSignal.timeout(GIVE_UP_MS);
  for (;;) {
    const { rows } = await services.database.pool.query<{ status: string; runs: number }>(
      `SELECT run.status::text, count(*)::int AS runs FROM import_run run JOIN tenant ON tenant.id = run.tenant_id
       WHERE tenant.organization_id = $1 GROUP BY 1`,
      [organizationId],
    );
    const statuses = new Set(rows.map(({ status }) => status));
    if (!statuses.has('running')) {
      if (statuses.size === 1 && statuses.has('completed')) return;
      throw new Error(`Imports ended as ${rows.map(({ status, runs }) => `${status} ${runs}`).join(', ')}.`);
    }
    await sleep(POLL_MS, undefined, { signal: giveUp });
  }
}
