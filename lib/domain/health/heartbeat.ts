import type { Services } from '#lib/domain/context.ts';

/** How often a worker says that it lives. */
export const BEAT_SECONDS = 10;
/** A worker that was silent for so long is counted as gone; its row is deleted much later. */
export const SILENT_SECONDS = 60;
const FORGOTTEN_SECONDS = 24 * 60 * 60;

/** Says that a worker lives. The time is that of the database, so that clocks of machines do not matter. */
export async function beat(services: Pick<Services, 'database'>, workerId: string): Promise<void> {
  await services.database.pool.query(
    `INSERT INTO worker_heartbeat (worker_id, started_at, beat_at) VALUES ($1, now(), now())
     ON CONFLICT (worker_id) DO UPDATE SET beat_at = now()`,
    [workerId],
  );
}

/** Says that a worker stops, so that nobody counts on it for another minute. */
export async function endBeat(services: Pick<Services, 'database'>, workerId: string): Promise<void> {
  await services.database.pool.query('DELETE FROM worker_heartbeat WHERE worker_id = $1', [workerId]);
}

/** Whether some worker has said of late that it lives. */
export async function isWorkerAlive(services: Pick<Services, 'database'>): Promise<boolean> {
  const { rows } = await services.database.pool.query(
    'SELECT 1 FROM worker_heartbeat WHERE beat_at > now() - make_interval(secs => $1) LIMIT 1',
    [SILENT_SECONDS],
  );
  return rows.length > 0;
}

/** Deletes what dead workers left behind. */
export async function forgetSilentWorkers(services: Pick<Services, 'database'>): Promise<void> {
  await services.database.pool.query(
    'DELETE FROM worker_heartbeat WHERE beat_at < now() - make_interval(secs => $1)',
    [FORGOTTEN_SECONDS],
  );
}
