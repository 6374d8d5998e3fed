// What `npm test` runs, once the checkout is ready: every check and every test, and the totals as the last line.
//
//   node scripts/test.ts [stage …]     only the named stages

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { NoPostgresError, startTemporaryPostgres } from './temporary-postgres.ts';
import { runProgram, stopProgram } from './test/program.ts';
import { sum, type Totals, totalsLine, totalsOfCheck, totalsOfReport } from './test/totals.ts';

type Stage = { readonly name: string; readonly title: string; readonly run: () => Promise<Totals> };

const root = resolve(import.meta.dirname, '..');
process.chdir(root);
const reports = mkdtempSync(join(tmpdir(), 'cloud-tenant-setup-test-'));
let isInterrupted = false;

const SKIPPED: Totals = { passed: 0, failed: 0, skipped: 1 };

// The pinned Node.js comes first, also when this script is started without npm.
process.env.PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

/** Stages that are one check each: every program must end well. */
async function check(...programs: readonly (readonly string[])[]): Promise<Totals> {
  for (const [command = '', ...args] of programs) {
    const code = await runProgram(command, args, { NEXT_TELEMETRY_DISABLED: '1' });
    if (code !== 0) return totalsOfCheck(code);
  }
  return totalsOfCheck(0);
}

async function vitest(project: string, env: Record<string, string> = {}): Promise<Totals> {
  const report = join(reports, `${project}-${Object.keys(env).length}.json`);
  const options = [
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  return totalsOfReport(report, await runProgram(bin('vitest'), ['run', ...options], env));
}

let hasServer = false;

async function onServer(): Promise<Totals> {
  const server = await startTemporaryPostgres().catch((error: unknown) => {
    if (error instanceof NoPostgresError) return error;
    throw error;
  });
  if (server instanceof NoPostgresError) {
    console.log(`Skipped: ${server.message}.`);
    return SKIPPED;
  }
  console.log(`PostgreSQL ${server.version}`);
  hasServer = true;
  try {
    return await vitest('db', { TEST_DATABASE_URL: server.url });
  } finally {
    await server.stop();
  }
}

/** Traces, pictures and the log of the portal stay where a test failed. */
async function endToEnd(): Promise<Totals> {
  const report = join(reports, 'e2e.json');
  const output = mkdtempSync(join(tmpdir(), 'cloud-tenant-setup-e2e-'));
  const code = await runProgram(bin('playwright'), ['test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    E2E_OUTPUT: output,
  });
  const totals = totalsOfReport(report, code);
  if (totals.failed === 0) rmSync(output, { recursive: true, force: true });
  else console.log(`\nTraces and the portal's log are in ${output}`);
  return totals;
}

const node = process.execPath;
const STAGES: readonly Stage[] = [
  {
    name: 'types',
    title: 'Type check',
    // Next writes the types of routes, which the pages use.
    run: () => check([bin('next'), 'typegen'], [bin('tsc'), '--noEmit']),
  },
  { name: 'lint', title: 'Lint', run: () => check([bin('biome'), 'check', '--error-on-warnings']) },
  { name: 'layers', title: 'Layers', run: () => check([node, 'scripts/check-layers.ts']) },
  { name: 'docs', title: 'Documents', run: () => check([node, 'scripts/check-docs.ts']) },
  { name: 'unit', title: 'Unit tests', run: () => vitest('unit') },
  { name: 'db-server', title: 'Database tests on a PostgreSQL server', run: onServer },
  {
    name: 'db-embedded',
    title: 'Database tests on the embedded database',
    run: () =>
      vitest('db', { TEST_DATABASE_URL: '', ...(hasServer && { RANDOM_TESTS_HAVE_RUN: 'on a server' }) }),
  },
  { name: 'build', title: 'Build', run: () => check([node, 'scripts/bootstrap.mjs', '--build']) },
  { name: 'e2e', title: 'Browser tests', run: endToEnd },
];

function selected(names: readonly string[]): readonly Stage[] {
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown) {
    console.error(`There is no stage ${unknown}. Known: ${STAGES.map(({ name }) => name).join(', ')}.`);
    process.exit(2);
  }
  return names.length === 0 ? STAGES : STAGES.filter(({ name }) => names.includes(name));
}

/** A stage that breaks down counts as a failure, and the next one has its turn. */
async function runStage({ title, run }: Stage): Promise<Totals> {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 76 - title.length))}\n`);
  const startedAt = performance.now();
  const totals = await run().catch((error: unknown) => {
    console.error(error);
    return totalsOfCheck(1);
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const summary = `${title}: ${totalsLine(totals)} in ${seconds} s`;
  console.log(`\n${summary}`);
  summaries.push(summary);
  return totals;
}

const summaries: string[] = [];

async function main(): Promise<void> {
  const results: Totals[] = [];
  for (const stage of selected(process.argv.slice(2))) {
    if (!isInterrupted) results.push(await runStage(stage));
  }
  rmSync(reports, { recursive: true, force: true });
  const total = sum(results);
  console.log(`\n── Totals ${'─'.repeat(70)}\n\n${summaries.join('\n')}`);
  if (isInterrupted) console.log('Interrupted: not everything ran.');
  console.log(`\n${totalsLine(total)}`);
  process.exitCode = total.failed > 0 || isInterrupted ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    isInterrupted = true;
    stopProgram();
  });
}

await main();
