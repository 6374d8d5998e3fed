import type { Problem } from '#lib/core/problem.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { CallbackOutcome } from './model.ts';
import { trackProgress } from './progress.ts';
import type { StateProblem } from './redirects.ts';

/**
 * Where a call with a bad state leads. Only an expired one ends its flow; a repeated one leaves the flow as it is,
 * and of somebody else's flow nothing is said.
 */
export async function refusedState(ctx: Ctx, { code, flow }: StateProblem): Promise<CallbackOutcome> {
  const problem: Problem = { code };
  ctx.log.warn('consent callback refused', { problem: code, flowId: flow?.id });
  if (!flow) return { next: 'nowhere', problem };
  if (code === 'state-expired') await trackProgress(ctx, flow).fail(problem);
  const { delegation } = flow;
  if (!delegation) return { next: 'flow', flowId: flow.id, notice: problem };
  const isActive = code === 'state-used' && flow.status === 'succeeded';
  return { next: 'delegation', flowId: flow.id, ...delegation, isActive, notice: problem };
}
