import type { RunId, TenantId } from '#lib/core/ids.ts';
import type { Services } from '#lib/domain/context.ts';
import { isWorkerAlive } from '../health/heartbeat.ts';

/**
 * Who looks after a running run. `attended`: a worker is on it, or it rests until a set time. `awaited`: a worker takes
 * it up within seconds. `no-worker`: none lives that could.
 */
export type Attendance = 'attended' | 'awaited' | 'no-worker';

/** By the database's clock, which leases and heartbeats go by. */
export async function attendanceOf(
  services: Pick<Services, 'database'>,
  tenantId: TenantId,
  runId: RunId,
): Promise<Attendance> {
  const { rows } = await services.database.pool.query<{ is_attended: boolean | null }>(
    'SELECT lease_until >= now() AS is_attended FROM import_run WHERE tenant_id = $1 AND id = $2',
    [tenantId, runId],
  );
  if (rows[0]?.is_attended) return 'attended';
  return (await isWorkerAlive(services)) ? 'awaited' : 'no-worker';
}
