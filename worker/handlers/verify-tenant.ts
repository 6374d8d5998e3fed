import type { Services } from '#lib/domain/context.ts';
import { verifyTenant as verify } from '#lib/domain/tenants/verify.ts';
import { type TenantJob, verifyTenantJob } from '#lib/jobs/contracts.ts';
import type { JobHandler } from '#lib/jobs/queue.ts';

/** Proves what a tenant has granted; it asks for the next check itself. A tenant that is gone needs none. */
export const verifyTenant =
  (services: Services): JobHandler<TenantJob> =>
  async ({ organizationId, tenantId }) => {
    const actor = { type: 'job', job: verifyTenantJob.name, organizationId } as const;
    const result = await verify({ ...services, actor }, { tenantId });
    if (!result.ok)
      services.log.info('a tenant was not verified', { tenantId, problem: result.problem.code });
  };
