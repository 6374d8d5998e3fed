import type { Services } from '#lib/domain/context.ts';
import { addSubscriptions } from '#lib/domain/subscription-additions/add.ts';
import { lookForSubscriptions } from '#lib/domain/subscription-additions/look.ts';
import { type AdditionJob, addSubscriptionsJob, lookForSubscriptionsJob } from '#lib/jobs/contracts.ts';
import type { JobHandler } from '#lib/jobs/queue.ts';

const actorOf = (job: string, { organizationId }: AdditionJob) =>
  ({ type: 'job', job, organizationId }) as const;

/** Looks what a person who has signed in may add. */
export const lookForSubscriptionsHandler =
  (services: Services): JobHandler<AdditionJob> =>
  async (job) => {
    await lookForSubscriptions({ ...services, actor: actorOf(lookForSubscriptionsJob.name, job) }, job);
  };

/** Adds what the person chose. */
export const addSubscriptionsHandler =
  (services: Services): JobHandler<AdditionJob> =>
  async (job) => {
    await addSubscriptions({ ...services, actor: actorOf(addSubscriptionsJob.name, job) }, job);
  };
