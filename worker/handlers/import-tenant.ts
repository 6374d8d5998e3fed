import type { Services } from '#lib/domain/context.ts';
import { enqueueRun } from '#lib/domain/imports/enqueue.ts';
import type { Reading } from '#lib/domain/imports/reading.ts';
import { runImport } from '#lib/domain/imports/run.ts';
import { Turns } from '#lib/domain/imports/turns.ts';
import { type ImportTenant, importTenantJob } from '#lib/jobs/contracts.ts';
import type { JobHandler } from '#lib/jobs/queue.ts';

/** Works on a run; when the worker stops before it has ended, the next worker is told at once. */
export function importTenant(services: Services, reading?: Reading): JobHandler<ImportTenant> {
  const turns = new Turns();
  return async (job, signal, place) => {
    const { organizationId, tenantId, runId } = job;
    const actor = { type: 'job', job: importTenantJob.name, organizationId } as const;
    const turn = turns.begin(() => place?.leave());
    try {
      const input = { tenantId, runId, signal, turn, ...(reading && { reading }) };
      const outcome = await runImport({ ...services, actor }, input);
      if (outcome === 'given-back') await enqueueRun(services, job);
    } finally {
      turn.end();
    }
  };
}
