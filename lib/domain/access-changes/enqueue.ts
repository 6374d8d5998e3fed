import type { FlowId } from '#lib/core/ids.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { changeAccessJob } from '#lib/jobs/contracts.ts';
import { getDelegation } from '../delegation/queries.ts';
import { type ChangeReference, DelegationSubject } from './model.ts';

/** Hands a change to the workers, to be applied with the rights of a sign-in. Asking twice does no harm. */
export async function enqueueChange(
  ctx: Ctx,
  { tenantId, changeId }: ChangeReference,
  flowId: FlowId,
): Promise<void> {
  const { organizationId } = ctx.actor;
  const { count } = await ctx.database.prisma.accessChange.updateMany({
    where: { tenantId, id: changeId, tenant: { organizationId, removedAt: null } },
    data: { flowId, queuedAt: ctx.clock() },
  });
  if (count === 0) return;
  const job = { organizationId, tenantId, changeId, flowId };
  await ctx.jobs.enqueue(changeAccessJob, job, { singletonKey: changeId });
}

/**
 * Begins the change that somebody has just signed in for. Where that does not work, the page of the change offers to
 * begin it.
 */
export async function enqueueSignedIn(ctx: Ctx, flowId: FlowId): Promise<void> {
  const delegation = await getDelegation(ctx, flowId);
  if (!delegation.ok || delegation.value.purpose !== 'change-access') return;
  const { tenantId, subject } = delegation.value;
  const about = DelegationSubject.safeParse(subject);
  if (!about.success) return;
  try {
    await enqueueChange(ctx, { tenantId, changeId: about.data.changeId }, flowId);
  } catch (error) {
    ctx.log.warn('a change waits until somebody begins it: it could not be enqueued', { flowId, error });
  }
}
