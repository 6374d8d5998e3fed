import { createBench, type Measurement, SCALE } from './bench.ts';
import { type Figure, keepResults, table } from './figures.ts';
import { csv } from './measurements/csv.ts';
import { firstLoadJs } from './measurements/first-load-js.ts';
import { firstNumber } from './measurements/first-number.ts';
import { footprint } from './measurements/footprint.ts';
import { importMemory, millionUsers } from './measurements/import-memory.ts';
import { importTime } from './measurements/import-time.ts';
import { pages } from './measurements/pages.ts';
import { secondImport } from './measurements/second-import.ts';
import { slowNetwork } from './measurements/slow-network.ts';
import { workers } from './measurements/workers.ts';
import { Scope } from './scope.ts';

/** `npm run bench [-- NAME …]`: measures everything, or what is named, and keeps the figures in bench/results.json. */
const MEASUREMENTS: readonly Measurement[] = [
  importTime,
  slowNetwork,
  secondImport,
  importMemory,
  millionUsers,
  workers,
  footprint,
  csv,
  pages,
  firstLoadJs,
  firstNumber,
];

const scope = new Scope();
const bench = createBench(scope, runsWanted(), (text) => console.log(text));

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(130));
// Whatever goes wrong, nothing that was started here stays behind.
process.once('uncaughtException', (error) => {
  console.error(error);
  void end(1);
});

await end(await run(selected(process.argv.slice(2))));

/** A measurement that breaks down is told, and the others go on. */
async function run(measurements: readonly Measurement[]): Promise<number> {
  const figures: Figure[] = [];
  let exitCode = 0;
  for (const { name, measure } of measurements) {
    try {
      figures.push(...(await measure(bench)));
    } catch (error) {
      console.error(`${name} could not be measured:`, error);
      exitCode = 1;
    }
  }
  if (figures.length > 0) {
    if (SCALE === 1) await keepResults(figures);
    console.log(`\n${table(figures)}`);
  }
  return exitCode;
}

async function end(exitCode: number): Promise<void> {
  await scope.close();
  process.exit(exitCode);
}

function selected(names: readonly string[]): readonly Measurement[] {
  const unknown = names.find((name) => !MEASUREMENTS.some((measurement) => measurement.name === name));
  if (unknown !== undefined) {
    console.error(
      `There is no measurement ${unknown}. Known: ${MEASUREMENTS.map(({ name }) => name).join(', ')}.`,
    );
    process.exit(2);
  }
  return names.length === 0 ? MEASUREMENTS : MEASUREMENTS.filter(({ name }) => names.includes(name));
}

/** Medians of five, unless BENCH_RUNS says otherwise. */
function runsWanted(): number {
  const runs = Number(process.env.BENCH_RUNS ?? '5');
  if (Number.isInteger(runs) && runs > 0) return runs;
  console.error('BENCH_RUNS must be a whole number above 0.');
  process.exit(2);
}
