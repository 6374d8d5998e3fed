import { setTimeout as wait } from 'node:timers/promises';
import { STORAGE_SETTING } from '#lib/db/embedded-care.ts';
import type { Services } from '#lib/domain/context.ts';
import { SILENT_SECONDS } from './heartbeat.ts';

export type PartHealth = 'ok' | 'unavailable';

export type Health = {
  readonly status: PartHealth;
  /** `full`: it can be read, and refuses to store more. Only the embedded database says so. */
  readonly database: PartHealth | 'full';
  /** Whether some worker lives; unavailable too while the database cannot be asked. */
  readonly worker: PartHealth;
};

const ANSWER_MS = 3_000;

/** Whether the parts of an installation work. Always answers within seconds, also when the database hangs. */
export async function checkHealth(services: Pick<Services, 'database' | 'log'>): Promise<Health> {
  const done = new AbortController();
  const answer = await Promise.race([
    askDatabase(services),
    wait(ANSWER_MS, undefined, { signal: done.signal, ref: false }).catch(() => undefined),
  ]).finally(() => done.abort());
  if (!answer) return { status: 'unavailable', database: 'unavailable', worker: 'unavailable' };
  const database = answer.storage === 'full' ? 'full' : 'ok';
  const worker = answer.workers > 0 ? 'ok' : 'unavailable';
  return { status: database === 'ok' ? worker : 'unavailable', database, worker };
}

/** Living workers, and what the database says of its disk. Undefined when it does not answer. */
async function askDatabase({
  database,
  log,
}: Pick<Services, 'database' | 'log'>): Promise<{ workers: number; storage: string | null } | undefined> {
  try {
    const { rows } = await database.pool.query<{ workers: number; storage: string | null }>(
      `SELECT count(*)::int AS workers, current_setting($2, true) AS storage
       FROM worker_heartbeat WHERE beat_at > now() - make_interval(secs => $1)`,
      [SILENT_SECONDS, STORAGE_SETTING],
    );
    return rows[0];
  } catch (error) {
    log.warn('the database cannot be reached', { error });
    return undefined;
  }
}
