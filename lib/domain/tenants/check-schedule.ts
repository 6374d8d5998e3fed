import { OrganizationId, TenantId } from '#lib/core/ids.ts';
import type { Services } from '#lib/domain/context.ts';
import { verifyTenantJob } from '#lib/jobs/contracts.ts';
import { VERIFIABLE } from './verify.ts';

/** For one call; what is left over is found by the next one, a minute later. */
const CHECKS_MAX = 200;

/**
 * Takes the tenants whose check is due, each by one worker only. Taken ones are due again after a while, in case the
 * job is lost. A tenant that was never checked since it was bound is due after a day.
 */
const TAKE_DUE = `
UPDATE tenant SET next_check_at = $1::timestamptz + interval '10 minutes'
WHERE id IN (
  SELECT id FROM tenant
  WHERE removed_at IS NULL AND status::text = ANY($2)
    AND coalesce(next_check_at, bound_at + interval '1 day') <= $1::timestamptz
  ORDER BY next_check_at NULLS FIRST
  LIMIT $3
  FOR UPDATE SKIP LOCKED)
RETURNING id, organization_id`;

/**
 * Lets the workers prove again what each tenant has granted: daily, hourly where it could not be looked up, and where
 * a series of checks was left by a worker that died. A check is a handful of requests. Returns how many are due.
 */
export async function startDueChecks(
  services: Pick<Services, 'database' | 'clock' | 'jobs' | 'log'>,
): Promise<number> {
  const { rows } = await services.database.pool.query<{ id: string; organization_id: string }>(TAKE_DUE, [
    services.clock(),
    VERIFIABLE,
    CHECKS_MAX,
  ]);
  for (const { id, organization_id } of rows) {
    const tenantId = TenantId.parse(id);
    const organizationId = OrganizationId.parse(organization_id);
    await services.jobs.enqueue(verifyTenantJob, { organizationId, tenantId }, { singletonKey: tenantId });
  }
  return rows.length;
}
