import { AccessTokenId, OrganizationId, TenantId } from '#lib/core/ids.ts';
import type { Services } from '#lib/domain/context.ts';
import { checkAccessTokenJob } from '#lib/jobs/contracts.ts';

/** For one call; what is left over is found by the next one, a minute later. */
const CHECKS_MAX = 200;

/**
 * Takes the tokens whose daily check is due, each by one worker only. Taken ones are due again after an hour, in case
 * the job is lost. A tenant that is switched off or removed is left alone.
 */
const TAKE_DUE = `
UPDATE access_token SET next_check_at = $1::timestamptz + interval '1 hour'
FROM tenant
WHERE tenant.id = access_token.tenant_id AND access_token.id IN (
  SELECT token.id FROM access_token token JOIN tenant ON tenant.id = token.tenant_id
  WHERE token.deleted_at IS NULL AND token.next_check_at <= $1::timestamptz
    AND tenant.removed_at IS NULL AND tenant.status NOT IN ('disabled', 'removed')
  ORDER BY token.next_check_at
  LIMIT $2
  FOR UPDATE OF token SKIP LOCKED)
RETURNING access_token.id, access_token.tenant_id, tenant.organization_id`;

type DueRow = { id: string; tenant_id: string; organization_id: string };

/** Lets the workers ask Microsoft again about each kept key, once a day. Returns how many are due. */
export async function startDueTokenChecks(
  services: Pick<Services, 'database' | 'clock' | 'jobs'>,
): Promise<number> {
  const { rows } = await services.database.pool.query<DueRow>(TAKE_DUE, [services.clock(), CHECKS_MAX]);
  for (const row of rows) {
    const accessTokenId = AccessTokenId.parse(row.id);
    const job = {
      organizationId: OrganizationId.parse(row.organization_id),
      tenantId: TenantId.parse(row.tenant_id),
      accessTokenId,
    };
    await services.jobs.enqueue(checkAccessTokenJob, job, { singletonKey: accessTokenId });
  }
  return rows.length;
}
