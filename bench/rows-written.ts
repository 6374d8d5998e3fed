import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from './processes.ts';
import type { Workplace } from './workplace.ts';

/** What a run writes about itself, and about how fresh the data is; whatever is imported. */
const OF_THE_RUN = new Set([
  'import_run',
  'import_page',
  'import_freshness',
  'directory_sync',
  'service_budget',
]);

/** How the connections of a trial are called, so that they can be told from those of the benchmark. */
const TRIAL = 'trial';
const GONE_MS = 10_000;

/** A process with this environment is counted completely: see rowsWritten. */
export function countedEnvironment(env: Environment): Environment {
  const url = new URL(env.DATABASE_URL ?? '');
  url.searchParams.set('application_name', TRIAL);
  return { ...env, DATABASE_URL: url.href };
}

/**
 * How many rows have been inserted, updated or deleted in each table since the database was made. A connection tells
 * what it has written when it ends, at the latest: waits until those of the trial have.
 */
export async function rowsWritten({ product }: Workplace): Promise<ReadonlyMap<string, number>> {
  const { pool } = product.services.database;
  const giveUp = AbortSignal.timeout(GONE_MS);
  for (;;) {
    const { rowCount } = await pool.query('SELECT 1 FROM pg_stat_activity WHERE application_name = $1', [
      TRIAL,
    ]);
    if (rowCount === 0) break;
    await sleep(10, undefined, { signal: giveUp });
  }
  const { rows } = await pool.query<{ table: string; rows: number }>(
    `SELECT relname AS table, (n_tup_ins + n_tup_upd + n_tup_del)::float8 AS rows
     FROM pg_stat_user_tables WHERE schemaname = 'public'`,
  );
  return new Map(rows.map((row) => [row.table, row.rows]));
}

/** The tables that were written to between two counts: the run's own, and the others. */
export function writtenOutside(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>) {
  const written = [...after]
    .map(([table, rows]) => [table, rows - (before.get(table) ?? 0)] as const)
    .filter(([, rows]) => rows > 0);
  return {
    own: new Map(written.filter(([table]) => OF_THE_RUN.has(table))),
    others: new Map(written.filter(([table]) => !OF_THE_RUN.has(table))),
  };
}
