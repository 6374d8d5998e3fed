import type { Services } from '#lib/domain/context.ts';
import { eraseTenant as erase } from '#lib/domain/lifecycle/erase-tenant.ts';
import { eraseTenantJob, type TenantJob } from '#lib/jobs/contracts.ts';
import type { JobHandler } from '#lib/jobs/queue.ts';

/** Erases a removed tenant. What a stopped worker leaves is found by the search for due erasures. */
export const eraseTenant =
  (services: Services): JobHandler<TenantJob> =>
  async ({ organizationId, tenantId }, signal) => {
    const actor = { type: 'job', job: eraseTenantJob.name, organizationId } as const;
    const outcome = await erase({ ...services, actor }, { tenantId, signal });
    if (outcome === 'not-due') services.log.info('a tenant was not erased: it is not due', { tenantId });
  };
