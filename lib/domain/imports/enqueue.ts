import type { Services } from '#lib/domain/context.ts';
import { type ImportTenant, importTenantJob } from '#lib/jobs/contracts.ts';

/**
 * Tells the workers about a run that is in the database already. Asking twice does no harm, and neither does not
 * being able to ask: workers look for runs that nobody works on.
 */
export async function enqueueRun(services: Pick<Services, 'jobs' | 'log'>, run: ImportTenant): Promise<void> {
  try {
    await services.jobs.enqueue(importTenantJob, run, { singletonKey: run.runId });
  } catch (error) {
    services.log.warn('an import waits until a worker finds it: it could not be enqueued', { ...run, error });
  }
}
