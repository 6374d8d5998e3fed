import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startImport } from '#lib/domain/imports/start.ts';
import { type Bench, type Measurement, scaled, USERS } from '../bench.ts';
import { formatMegabytes, type Pair, toFigure } from '../figures.ts';
import { nextMessage, peakMemoryMb, startProcess } from '../processes.ts';
import { connectTenant, openProduct, productEnvironment } from '../product.ts';
import { type Scope, withScope } from '../scope.ts';

const FEW = scaled(10_000);
const POLL_MS = 200;
const IMPORT_MS_MAX = 300_000;

/** Does the memory of a worker depend on how many users it imports? */
export const importMemory: Measurement = {
  name: 'import-memory',
  async measure(bench) {
    const pairs: Pair[] = [];
    for (let run = 1; run <= bench.runs; run += 1) {
      const reference = await withScope(bench.scope, (scope) => workerPeakMb(bench, scope, FEW));
      const measured = await withScope(bench.scope, (scope) => workerPeakMb(bench, scope, USERS));
      if (measured === undefined || reference === undefined) {
        bench.say('import-memory: left out, since only Linux tells the most memory that a process had.');
        return [];
      }
      bench.say(`import-memory ${run}: ${formatMegabytes(measured)} ÷ ${formatMegabytes(reference)}`);
      pairs.push({ measured, reference });
    }
    return [
      toFigure({
        name: 'import-memory',
        reference: 'the same worker importing 10,000 users',
        target: 1.2,
        pairs,
        format: formatMegabytes,
        note: 'VmHWM of a worker process that imported 100,000 users',
      }),
    ];
  },
};

/** The most memory of a worker from its start to the end of one import that it was given by the queue. */
async function workerPeakMb(bench: Bench, scope: Scope, users: number): Promise<number | undefined> {
  const generator = await bench.loadGenerator(users);
  const kind = (await bench.nativeDatabases()) ?? (await bench.embeddedDatabases());
  const env = productEnvironment(await kind.create(scope), generator.url);
  const product = openProduct(scope, env);
  const tenant = await connectTenant(product);
  const worker = startProcess(scope, { file: 'worker/main.ts', env });
  await nextMessage(worker, z.literal('ready'));

  const { organizationId, tenantId } = tenant;
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
    if (status === 'completed') return peakMemoryMb(worker);
    if (status !== 'running') throw new Error(`The import ended as ${status}.`);
    await sleep(POLL_MS, undefined, { signal: giveUp });
  }
}
