import type { FlowId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { endDelegation } from '../delegation/end.ts';
import { useDelegation } from '../delegation/use.ts';
import { applyAccessChange } from './apply.ts';
import { type ChangeReference, DelegationSubject } from './model.ts';

export type RunChange = ChangeReference & {
  /** The sign-in whose rights it uses. */
  readonly flowId: FlowId;
  readonly signal?: AbortSignal;
};

/**
 * Applies a change with the rights of the person who signed in for it, and gives them back once nothing is left to do;
 * while something is left they stay for another try, until their hour is over. What is left then waits for the next
 * sign-in. Problems: forbidden, not-found, delegation-ended, access-change-running.
 */
export async function runAccessChange(
  ctx: Ctx,
  { tenantId, changeId, flowId, signal }: RunChange,
): Promise<Result<undefined>> {
  const used = await useDelegation(ctx, flowId, async (arm, delegation) => {
    const subject = DelegationSubject.safeParse(delegation.subject).data;
    if (delegation.tenantId !== tenantId || subject?.changeId !== changeId) {
      return fail({ code: 'not-found', entity: 'access-change' });
    }
    return applyAccessChange(ctx, { tenantId, changeId, arm, ...(signal && { signal }) });
  });
  const applied = used.ok ? used.value : used;
  if (!applied.ok) {
    await ctx.database.prisma.accessChange.updateMany({
      where: { tenantId, id: changeId, flowId },
      data: { queuedAt: null },
    });
    return applied;
  }
  if (applied.value.isComplete) await endDelegation(ctx, flowId, 'finished');
  return ok(undefined);
}
