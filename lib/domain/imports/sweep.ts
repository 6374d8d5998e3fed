import type { Services } from '#lib/domain/context.ts';
import { enqueueRun } from './enqueue.ts';
import { toJob } from './schedule.ts';

/** For one call; what is left over is found by the next one, seconds later. */
const RUNS_MAX = 100;
/** Whoever started a run has this long to enqueue it. */
const UNCLAIMED_SECONDS = 5;

const FIND_UNATTENDED = `
SELECT run.tenant_id, run.id, tenant.organization_id
FROM import_run run JOIN tenant ON tenant.id = run.tenant_id
WHERE run.status = 'running' AND CASE
  WHEN run.lease_until IS NULL THEN run.created_at < $1::timestamptz - make_interval(secs => $2)
  ELSE run.lease_until < now() END
ORDER BY run.lease_until NULLS LAST, run.created_at
LIMIT $3`;

/**
 * Finds the runs that nobody works on: their worker died, their pause is over, or the process that made them died
 * before it could enqueue them. Gives them to the workers. Returns how many there were.
 */
export async function enqueueUnattendedRuns(
  services: Pick<Services, 'database' | 'clock' | 'jobs' | 'log'>,
): Promise<number> {
  const { rows } = await services.database.pool.query<{
    tenant_id: string;
    id: string;
    organization_id: string;
  }>(FIND_UNATTENDED, [services.clock(), UNCLAIMED_SECONDS, RUNS_MAX]);
  for (const row of rows) await enqueueRun(services, toJob(row));
  return rows.length;
}
