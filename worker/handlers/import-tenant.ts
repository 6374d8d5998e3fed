import type { Services } from '#lib/domain/context.ts';
import { enqueueRun } from '#lib/domain/imports/enqueue.ts';
import { runImport } from '#lib/domain/imports/run.ts';
import { type ImportTenant, importTenantJob } from '#lib/jobs/contracts.ts';
import type { JobHandler } from '#lib/jobs/queue.ts';

/** Works on a run; when the worker stops before it has ended, the next worker is told at once. */
export const importTenant =
  (services: Services): JobHandler<ImportTenant> =>
  async (job, signal) => {
    const { organizationId, tenantId, runId } = job;
    const actor = { type: 'job', job: importTenantJob.name, organizationId } as const;
    const outcome = await runImport({ ...services, actor }, { tenantId, runId, signal });
    if (outcome === 'given-back') await enqueueRun(services, job);
  };
