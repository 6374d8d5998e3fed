import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startImport } from '#lib/domain/imports/start.ts';
import { type Bench, type Measurement, scaled, USERS } from '../bench.ts';
import { type Figure, formatMegabytes, formatSeconds, median, type Pair, toFigure } from '../figures.ts';
import { nextMessage, peakMemoryMb, startProcess } from '../processes.ts';
import { connectTenant, openProduct, productEnvironment } from '../product.ts';
import { type Scope, withScope } from '../scope.ts';

const FEW = scaled(10_000);
const MANY = scaled(1_000_000);
const POLL_MS = 200;
const IMPORT_MS_MAX = 30 * 60_000;

/** Does the memory of a worker depend on how many users it imports? */
export const importMemory: Measurement = {
  name: 'import-memory',
  measure: (bench) => compare(bench, { name: 'import-memory', users: USERS, target: 1.2 }),
};

/** The same for the largest directory; that it comes to a good end is half of the figure. */
export const millionUsers: Measurement = {
  name: 'import-1m',
  measure: (bench) => compare(bench, { name: 'import-1m-memory', users: MANY, target: 1.3 }),
};

type Subject = { readonly name: string; readonly users: number; readonly target: number };

async function compare(bench: Bench, { name, users, target }: Subject): Promise<Figure[]> {
  const pairs: Pair[] = [];
  const times: number[] = [];
  for (let run = 1; run <= bench.runs; run += 1) {
    const reference = await withScope(bench.scope, (scope) => workerPeak(bench, scope, FEW));
    const measured = await withScope(bench.scope, (scope) => workerPeak(bench, scope, users));
    if (measured.mb === undefined || reference.mb === undefined) {
      bench.say(`${name}: left out, since only Linux tells the most memory that a process had.`);
      return [];
    }
    bench.say(
      `${name} ${run}: ${formatMegabytes(measured.mb)} ÷ ${formatMegabytes(reference.mb)}, after ${formatSeconds(measured.ms)}`,
    );
    pairs.push({ measured: measured.mb, reference: reference.mb });
    times.push(measured.ms);
  }
  return [
    toFigure({
      name,
      reference: `the same worker importing ${FEW.toLocaleString('en')} users`,
      target,
      pairs,
      format: formatMegabytes,
      note: `VmHWM of a worker process that imported ${users.toLocaleString('en')} users, in ${formatSeconds(median(times))}`,
    }),
  ];
}

type Peak = { readonly mb: number | undefined; readonly ms: number };

/** The most memory of a worker from its start to the end of one import that it was given by the queue. */
async function workerPeak(bench: Bench, scope: Scope, users: number): Promise<Peak> {
  const generator = await bench.loadGenerator(users);
  const kind = (await bench.nativeDatabases()) ?? (await bench.embeddedDatabases());
  const env = productEnvironment(await kind.create(scope), generator.url);
  const product = openProduct(scope, env);
  const tenant = await connectTenant(product);
  const worker = startProcess(scope, { file: 'worker/main.ts', env });
  await nextMessage(worker, z.literal('ready'));

  const { organizationId, tenantId } = tenant;
  const startedAt = performance.now();
  const actor = { type: 'job', job: 'bench', organizationId } as const;
  const started = await startImport({ ...product.services, actor }, { tenantId, trigger: 'schedule' });
  if (!started.ok) throw new Error(`The import was not started: ${started.problem.code}.`);
  const { runId } = started.value;
  const giveUp = AbortSignal.timeout(IMPORT_MS_MAX);
  for (;;) {
    const { status } = await product.services.database.prisma.importRun.findUniqueOrThrow({
      where: { tenantId_id: { tenantId, id: runId } },
      select: { status: true },
    });
    if (status === 'completed') return { mb: peakMemoryMb(worker), ms: performance.now() - startedAt };
    if (status !== 'running') throw new Error(`The import ended as ${status}.`);
    await sleep(POLL_MS, undefined, { signal: giveUp });
  }
}
