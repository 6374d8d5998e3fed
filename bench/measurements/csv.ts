import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { poolConfig } from '#lib/db/target.ts';
import { type Bench, type Measurement, USERS } from '../bench.ts';
import { type Figure, formatMegabytes, formatSeconds, type Pair, toFigure } from '../figures.ts';
import type { FilledDirectory } from '../filled-directory.ts';
import { startPortal } from '../next-servers.ts';
import { peakMemoryMb, presentMemoryMb } from '../processes.ts';
import { withScope } from '../scope.ts';
import { type SessionCookie, signIn } from '../session.ts';

const ADDED_MB_MAX = 96;
const LATER_MS_MAX = 50;

/** All users as a file: what it costs the portal's process, and how soon it begins. */
export const csv: Measurement = {
  name: 'csv-memory',
  async measure(bench) {
    const directory = await bench.filledDirectory();
    const memory: Pair[] = [];
    const firstByte: Pair[] = [];
    for (let run = 1; run <= bench.runs; run += 1) {
      const { addedMb, firstByteMs, wholeMs, queryMs } = await download(bench, directory);
      bench.say(
        `csv-memory ${run}: ${addedMb === undefined ? 'memory unknown' : formatMegabytes(addedMb)} added, ` +
          `first byte after ${firstByteMs.toFixed(1)} ms, the query's after ${queryMs.toFixed(1)} ms, ` +
          `the whole file after ${formatSeconds(wholeMs)}`,
      );
      if (addedMb !== undefined) memory.push({ measured: addedMb, reference: ADDED_MB_MAX });
      firstByte.push({ measured: Math.max(0, firstByteMs - queryMs), reference: LATER_MS_MAX });
    }
    return [...memoryFigure(memory), firstByteFigure(firstByte)];
  },
};

const memoryFigure = (pairs: readonly Pair[]): Figure[] =>
  pairs.length === 0
    ? []
    : [
        toFigure({
          name: 'csv-memory',
          reference: `budget of ${ADDED_MB_MAX} MB`,
          target: 1,
          pairs,
          format: formatMegabytes,
          note: "memory that the file of 100,000 users adds at its peak to the portal's process",
        }),
      ];

const firstByteFigure = (pairs: readonly Pair[]): Figure =>
  toFigure({
    name: 'csv-first-byte',
    reference: `budget of ${LATER_MS_MAX} ms`,
    target: 1,
    pairs,
    format: (ms) => `${ms.toFixed(1)} ms`,
    note: 'from the first row that the database gives a bare client to the first byte of the file',
  });

/** One file from a portal that has answered a few requests before. */
async function download(bench: Bench, { env, product }: FilledDirectory) {
  return withScope(bench.scope, async (scope) => {
    const portal = await startPortal(scope, env);
    const cookie = await signIn(portal.url);
    // The code of both is loaded then, and the connections are open.
    await read(`${portal.url}/users`, cookie);
    await read(`${portal.url}/users/export?q=nobody-is-called-so`, cookie);
    const client = new pg.Client(poolConfig(product.databaseTarget));
    await client.connect();
    scope.defer(() => client.end());
    await firstRowMs(client);
    const queryMs = await firstRowMs(client);

    const before = presentMemoryMb(portal.process);
    forgetPeak(portal.process);
    const { firstByteMs, wholeMs, lines } = await read(`${portal.url}/users/export`, cookie);
    const peak = peakMemoryMb(portal.process);
    if (lines < USERS) throw new Error(`The file has only ${lines} lines.`);
    return {
      firstByteMs,
      wholeMs,
      queryMs,
      addedMb: peak === undefined || before === undefined ? undefined : peak - before,
    };
  });
}

/** Linux then takes the memory of now for the most there ever was. */
function forgetPeak({ pid }: ChildProcess): void {
  if (process.platform === 'linux') writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

async function read(url: string, { name, value }: SessionCookie) {
  const startedAt = performance.now();
  const response = await fetch(url, { headers: { cookie: `${name}=${value}` }, redirect: 'error' });
  if (!response.ok || !response.body) throw new Error(`${url} answered with status ${response.status}.`);
  let firstByteMs: number | undefined;
  let lines = 0;
  for await (const bytes of response.body) {
    firstByteMs ??= performance.now() - startedAt;
    for (const byte of bytes) if (byte === LINE_FEED) lines += 1;
  }
  const wholeMs = performance.now() - startedAt;
  return { firstByteMs: firstByteMs ?? wholeMs, wholeMs, lines };
}

const LINE_FEED = 10;

/** How long the database takes to the first row of the same users in the same order. */
async function firstRowMs(client: pg.Client): Promise<number> {
  const startedAt = performance.now();
  let first: number | undefined;
  const query = client.query(new pg.Query('SELECT * FROM directory_user ORDER BY tenant_id, id LIMIT 2000'));
  query.on('row', () => {
    first ??= performance.now() - startedAt;
  });
  await new Promise((resolve, reject) => query.on('end', resolve).on('error', reject));
  return first ?? performance.now() - startedAt;
}
