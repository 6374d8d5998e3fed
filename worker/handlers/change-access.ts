import { runAccessChange } from '#lib/domain/access-changes/run.ts';
import type { Services } from '#lib/domain/context.ts';
import { type ChangeAccessJob, changeAccessJob } from '#lib/jobs/contracts.ts';
import type { JobHandler } from '#lib/jobs/queue.ts';

/** Longer than the right of a dead worker lasts. */
const LOOK_AGAIN_SECONDS = 10;

/** Changes roles as planned; what another worker is at, or was at when it died, is looked at again a little later. */
export const changeAccess =
  (services: Services): JobHandler<ChangeAccessJob> =>
  async (job, signal) => {
    const { organizationId, ...change } = job;
    const actor = { type: 'job', job: changeAccessJob.name, organizationId } as const;
    const result = await runAccessChange({ ...services, actor }, { ...change, signal });
    const isHeld = !result.ok && result.problem.code === 'access-change-running';
    if (!isHeld && !signal.aborted) {
      if (!result.ok)
        services.log.info('a change was not applied', { ...change, problem: result.problem.code });
      return;
    }
    const startAfterSeconds = isHeld ? LOOK_AGAIN_SECONDS : 0;
    await services.jobs.enqueue(changeAccessJob, job, { singletonKey: change.changeId, startAfterSeconds });
  };
