// What `npm run test:chaos` runs: the long forms of the tests in which things break. Ends by itself, after about an hour.
//
//   node scripts/chaos.ts [stage …]     only the named stages
//   CHAOS_SEED=7 …                      the same moments and the same inputs as in an earlier run
//   KILLS=10 …                          how often each test kills, by default 50 times

import { randomInt } from 'node:crypto';
import { delimiter, join, resolve } from 'node:path';
import { NoPostgresError, startTemporaryPostgres } from './temporary-postgres.ts';
import { runProgram, stopProgram } from './test/program.ts';

type Stage = { readonly name: string; readonly title: string; readonly run: () => Promise<number> };

const root = resolve(import.meta.dirname, '..');
process.chdir(root);
process.env.PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

const seed = process.env.CHAOS_SEED ?? String(randomInt(2 ** 31));
const kills = process.env.KILLS ?? '50';
let isInterrupted = false;

const database = (env: Record<string, string>, ...files: readonly string[]): Promise<number> =>
  runProgram(bin('vitest'), ['run', '--project', 'db', ...files], { TEST_DATABASE_URL: '', ...env });

async function onServer(env: Record<string, string>, ...files: readonly string[]): Promise<number> {
  try {
    const server = await startTemporaryPostgres();
    try {
      return await database({ ...env, TEST_DATABASE_URL: server.url }, ...files);
    } finally {
      await server.stop();
    }
  } catch (error) {
    if (!(error instanceof NoPostgresError)) throw error;
    console.log(`Skipped: ${error.message}.`);
    return 0;
  }
}

const KILLED_WORKERS = { KILLS: kills, KILL_SEED: seed };
const STAGES: readonly Stage[] = [
  {
    name: 'workers-embedded',
    title: 'Workers are killed, on the embedded database',
    run: () => database(KILLED_WORKERS, 'worker/kills.db.test.ts'),
  },
  {
    name: 'workers-server',
    title: 'Workers are killed, on a PostgreSQL server',
    run: () => onServer(KILLED_WORKERS, 'worker/kills.db.test.ts'),
  },
  {
    name: 'portal',
    title: 'Portal and embedded database are killed',
    run: () =>
      runProgram(bin('playwright'), ['test', '--reporter=list', 'e2e/kills.spec.ts'], {
        KILLS: kills,
        KILL_SEED: seed,
      }),
  },
  {
    name: 'faults',
    title: 'Any combination of faults',
    run: () => database({ FAULT_CASES: '400', FAULT_SEED: seed }, 'lib/domain/imports/any-faults.db.test.ts'),
  },
  {
    name: 'histories',
    title: 'Any history of changes, read incrementally',
    run: () =>
      database({ TEST_HISTORIES: '100', TEST_SEED: seed }, 'lib/domain/imports/histories.db.test.ts'),
  },
  {
    name: 'inputs',
    title: 'Any input at every border',
    run: () =>
      runProgram(bin('vitest'), ['run', '--project', 'unit', 'property'], {
        HOSTILE_FACTOR: '10',
        TEST_SEED: seed,
      }),
  },
];

function selected(names: readonly string[]): readonly Stage[] {
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown) {
    console.error(`There is no stage ${unknown}. Known: ${STAGES.map(({ name }) => name).join(', ')}.`);
    process.exit(2);
  }
  return names.length === 0 ? STAGES : STAGES.filter(({ name }) => names.includes(name));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    isInterrupted = true;
    stopProgram();
  });
}

console.log(`CHAOS_SEED=${seed}`);
const lines: string[] = [];
for (const { name, title, run } of selected(process.argv.slice(2))) {
  if (isInterrupted) break;
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 76 - title.length))}\n`);
  const startedAt = performance.now();
  const code = await run().catch((error: unknown) => {
    console.error(error);
    return 1;
  });
  if (code !== 0) process.exitCode = 1;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  lines.push(`${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  console.log(`\n${lines.at(-1)}`);
}
if (isInterrupted) process.exitCode = 1;
console.log(
  `\n${lines.join('\n')}\n${isInterrupted ? 'Interrupted: not everything ran.\n' : ''}CHAOS_SEED=${seed}`,
);
