import { type Bench, type LoadGenerator, type Measurement, USERS } from '../bench.ts';
import type { DatabaseKind } from '../databases.ts';
import { measureDrain } from '../drain.ts';
import { type Figure, formatSeconds, median, type Pair, sides, toFigure } from '../figures.ts';
import { connectTenant, createRun, fingerprint, openProduct, productEnvironment } from '../product.ts';
import { type Scope, withScope } from '../scope.ts';
import { type Outcome, runTrial } from '../trial.ts';

const DRAINS = 3;
/** Below this the generator would be part of what is measured. */
const DRAIN_RATE_MIN = 100_000;

export const importTime: Measurement = {
  name: 'import-100k',
  async measure(bench) {
    const generator = await bench.loadGenerator(USERS);
    await printDrainRate(bench, generator);
    const native = await bench.nativeDatabases();
    return [
      ...(native
        ? [await compare(bench, generator, native, { name: 'import-100k-native', target: 1.3 })]
        : []),
      await compare(bench, generator, await bench.embeddedDatabases(), {
        name: 'import-100k-embedded',
        target: 1.5,
      }),
    ];
  },
};

async function printDrainRate(bench: Bench, { url, users, averageBytes }: LoadGenerator): Promise<void> {
  const rates: number[] = [];
  for (let n = 0; n < DRAINS; n += 1) rates.push(await measureDrain(url, users));
  const rate = Math.round(median(rates));
  bench.say(
    `The load generator delivers ${rate.toLocaleString('en')} users/s of ${averageBytes} bytes each.`,
  );
  if (rate < DRAIN_RATE_MIN) bench.say('That is too slow: the generator itself is part of what is measured.');
}

async function compare(
  bench: Bench,
  generator: LoadGenerator,
  kind: DatabaseKind,
  { name, target }: { readonly name: string; readonly target: number },
): Promise<Figure> {
  const pairs: Pair[] = [];
  const cpu: Pair[] = [];
  for (let run = 1; run <= bench.runs; run += 1) {
    const reference = await withScope(bench.scope, (scope) => trial(scope, generator, kind, 'reference'));
    const product = await withScope(bench.scope, (scope) => trial(scope, generator, kind, 'product'));
    if (product.left !== reference.left) {
      throw new Error(`Product and reference wrote different rows: ${product.left}; ${reference.left}.`);
    }
    bench.say(`${name} ${run}: ${formatSeconds(product.ms)} ÷ ${formatSeconds(reference.ms)}`);
    pairs.push({ measured: product.ms, reference: reference.ms });
    cpu.push({ measured: product.cpuMs, reference: reference.cpuMs });
  }
  return toFigure({
    name,
    reference: `bare client draining and writing the same rows into ${kind.title}`,
    target,
    pairs,
    format: formatSeconds,
    note: `of that the process itself used ${sides(cpu, formatSeconds).join(' ÷ ')} of a processor`,
  });
}

/** One import into an empty database. */
async function trial(
  scope: Scope,
  generator: LoadGenerator,
  kind: DatabaseKind,
  side: 'product' | 'reference',
): Promise<Outcome & { readonly left: string }> {
  const database = await kind.create(scope);
  const env = productEnvironment(database, generator.url);
  const product = openProduct(scope, env);
  const tenant = await connectTenant(product);
  const ids = { ORGANIZATION_ID: tenant.organizationId, TENANT_ID: tenant.tenantId };
  const outcome =
    side === 'reference'
      ? await runTrial(scope, 'bench/reference.ts', { ...database.env, ...ids, GRAPH_URL: generator.url })
      : await runTrial(scope, 'bench/product-import.ts', {
          ...env,
          ...ids,
          RUN_ID: await createRun(product, tenant),
        });
  return { ...outcome, left: await fingerprint(product) };
}
