import { OrganizationId, RunId, TenantId } from '#lib/core/ids.ts';
import type { Services } from '#lib/domain/context.ts';
import { enqueueRun } from './enqueue.ts';
import { plannedPhases } from './model.ts';

/** Daily imports begin at an hour of the night (UTC), spread over it so that not all tenants are read at once. */
const NIGHT_MINUTES = 6 * 60;
/** For one call; what is left over is found by the next one, a minute later. */
const STARTS_MAX = 200;

const sha256 = (text: string): string => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;

/**
 * A tenant is due when its minute of the night has passed and no run of it, of whatever trigger, was made since. So a
 * worker that was off at night catches up in the morning, and a tenant added at noon waits for the next night. The
 * run's id follows from tenant and day: whoever comes second, finds it there.
 */
const INSERT_DUE = `
WITH slot AS (
  SELECT tenant.id AS tenant_id, tenant.organization_id, tenant.kind, tenant.bound_at,
         $1::timestamptz + make_interval(mins => (('x' || left(${sha256('tenant.id::text')}, 7))::bit(28)::int % $2)) AS starts_at
  FROM tenant
  WHERE tenant.removed_at IS NULL AND tenant.status IN ('connected', 'limited', 'ea_api_migration_required', 'could_not_check', 'cannot_connect')
),
due AS (
  SELECT * FROM slot
  WHERE bound_at < starts_at AND starts_at <= $3::timestamptz AND NOT EXISTS (
    SELECT 1 FROM import_run WHERE import_run.tenant_id = slot.tenant_id
      AND (import_run.created_at >= slot.starts_at OR import_run.status = 'running'))
  LIMIT $4
),
started AS (
  INSERT INTO import_run (tenant_id, id, trigger, status, phases, created_at)
  SELECT tenant_id, left(${sha256('tenant_id::text || $6')}, 32)::uuid, 'schedule', 'running', $5::jsonb -> kind::text, $3::timestamptz
  FROM due
  ON CONFLICT DO NOTHING
  RETURNING tenant_id, id
)
SELECT started.tenant_id, started.id, due.organization_id FROM started JOIN due USING (tenant_id)`;

type StartedRow = { tenant_id: string; id: string; organization_id: string };

/**
 * Starts the daily imports that are due: one a tenant and day (UTC), however many workers ask, however often.
 * Returns how many it started.
 */
export async function startDueImports(
  services: Pick<Services, 'database' | 'clock' | 'jobs' | 'log'>,
): Promise<number> {
  const now = services.clock();
  const day = now.toISOString().slice(0, 10);
  const { rows } = await services.database.pool.query<StartedRow>(INSERT_DUE, [
    `${day}T00:00:00Z`,
    NIGHT_MINUTES,
    now,
    STARTS_MAX,
    JSON.stringify({ azure: plannedPhases('azure'), office365: plannedPhases('office365') }),
    day,
  ]);
  for (const row of rows) await enqueueRun(services, toJob(row));
  return rows.length;
}

/** The ids of a run, for its job. */
export const toJob = (row: StartedRow) => ({
  organizationId: OrganizationId.parse(row.organization_id),
  tenantId: TenantId.parse(row.tenant_id),
  runId: RunId.parse(row.id),
});
