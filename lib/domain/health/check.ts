import { setTimeout as wait } from 'node:timers/promises';
import type { Services } from '#lib/domain/context.ts';
import { SILENT_SECONDS } from './heartbeat.ts';

export type PartHealth = 'ok' | 'unavailable';

export type Health = {
  readonly status: PartHealth;
  readonly database: PartHealth;
  /** Whether some worker lives; unavailable too while the database cannot be asked. */
  readonly worker: PartHealth;
};

const ANSWER_MS = 3_000;

/** Whether the parts of an installation work. Always answers within seconds, also when the database hangs. */
export async function checkHealth(services: Pick<Services, 'database' | 'log'>): Promise<Health> {
  const done = new AbortController();
  const workers = await Promise.race([
    countWorkers(services),
    wait(ANSWER_MS, undefined, { signal: done.signal, ref: false }).catch(() => undefined),
  ]).finally(() => done.abort());
  const database = workers === undefined ? 'unavailable' : 'ok';
  const worker = workers ? 'ok' : 'unavailable';
  return { status: worker, database, worker };
}

/** Undefined when the database cannot say. */
async function countWorkers({
  database,
  log,
}: Pick<Services, 'database' | 'log'>): Promise<number | undefined> {
  try {
    const { rows } = await database.pool.query<{ living: number }>(
      `SELECT count(*)::int AS living FROM worker_heartbeat WHERE beat_at > now() - make_interval(secs => $1)`,
      [SILENT_SECONDS],
    );
    return rows[0]?.living;
  } catch (error) {
    log.warn('the database cannot be reached', { error });
    return undefined;
  }
}
