import { deny } from '#lib/access/permissions.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import type { StartedFlow } from '../consent/model.ts';
import type { Delegation } from '../delegation/model.ts';
import { currentDelegation } from '../delegation/queries.ts';
import { startDelegation } from '../delegation/start.ts';
import { enqueueChange } from './enqueue.ts';
import { type ChangeReference, DelegationSubject, OPEN_STATES } from './model.ts';

export type BegunChange =
  | { readonly next: 'microsoft'; readonly started: StartedFlow }
  /** The workers have it: the sign-in of before is still good. */
  | { readonly next: 'workers' };

/**
 * Begins or goes on with what is open of a change: with the rights of an earlier sign-in for it while they last, else
 * by signing in. Problems: forbidden, rate-limited, not-found.
 */
export async function beginChange(ctx: Ctx, change: ChangeReference): Promise<Result<BegunChange>> {
  const denied = deny(ctx.actor, 'access.change');
  if (denied) return denied;
  const { tenantId, changeId } = change;
  const open = await ctx.database.prisma.accessChangeItem.count({
    where: {
      tenantId,
      changeId,
      state: { in: [...OPEN_STATES] },
      change: { tenant: { organizationId: organizationOf(ctx), removedAt: null } },
    },
  });
  if (open === 0) return fail({ code: 'not-found', entity: 'access-change' });
  const delegation = await delegationFor(ctx, change);
  if (delegation) {
    await enqueueChange(ctx, change, delegation.flowId);
    return ok({ next: 'workers' });
  }
  const started = await startDelegation(ctx, { tenantId, purpose: 'change-access', subject: { changeId } });
  return started.ok ? ok({ next: 'microsoft', started: started.value }) : started;
}

/** The sign-in of the actor that is good for this change now. */
export async function delegationFor(
  ctx: Ctx,
  { tenantId, changeId }: ChangeReference,
): Promise<Delegation | undefined> {
  const delegation = await currentDelegation(ctx, tenantId, 'change-access');
  const subject = DelegationSubject.safeParse(delegation?.subject);
  return subject.data?.changeId === changeId ? delegation : undefined;
}
