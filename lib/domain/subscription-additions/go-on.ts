import type { FlowId } from '#lib/core/ids.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { addSubscriptionsJob, lookForSubscriptionsJob } from '#lib/jobs/contracts.ts';
import { getDelegation } from '../delegation/queries.ts';
import { readSubject } from './model.ts';

/**
 * Goes on with an addition after a sign-in for it: with what was chosen and not added, where the earlier sign-in has
 * ended too soon, else with a look at what this person sees.
 */
export async function goOnWithAddition(ctx: Ctx, flowId: FlowId): Promise<void> {
  const delegation = await getDelegation(ctx, flowId);
  const subject = delegation.ok ? readSubject(delegation.value.subject) : undefined;
  if (!delegation.ok || !subject) return;
  const { tenantId, person } = delegation.value;
  const { organizationId } = ctx.actor;
  const { prisma } = ctx.database;
  const key = { tenantId, id: subject.additionId };
  const open = await prisma.subscriptionAdditionItem.count({
    where: { tenantId, additionId: subject.additionId, result: { in: ['waiting', 'adding'] } },
  });
  const addition = await prisma.subscriptionAddition.findFirst({
    where: key,
    select: { state: true, groupName: true },
  });
  const isOpen = open > 0 || (addition?.state === 'adding' && addition.groupName !== null);
  const state = isOpen ? ('adding' as const) : ('looking' as const);
  await prisma.subscriptionAddition.updateMany({
    where: key,
    data: { flowId, personId: person.personId, state, problem: Prisma.DbNull, updatedAt: ctx.clock() },
  });
  const payload = { organizationId, tenantId, additionId: subject.additionId };
  const job = isOpen ? addSubscriptionsJob : lookForSubscriptionsJob;
  await ctx.jobs.enqueue(job, payload, { singletonKey: subject.additionId });
}
