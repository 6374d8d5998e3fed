import type { Problem } from '#lib/core/problem.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { toJson } from '../problem-json.ts';
import type { Flow } from './flow-row.ts';
import { type Step, type StepUpdate, withStep } from './model.ts';

/** The checklist of a flow while one process works on it. */
export type Progress = {
  readonly steps: readonly Step[];
  /** Brings one step up to date; writes follow one another, and a later one may carry several changes. */
  record(update: StepUpdate): Promise<void>;
  /** Ends the flow without success; the step shows the same Problem. */
  fail(problem: Problem, update?: Omit<StepUpdate, 'problem'>): Promise<void>;
  succeed(): Promise<void>;
};

/** Starts from the steps the flow has. A flow that has ended, by whomever, stays as it is. */
export function trackProgress(ctx: Ctx, flow: Pick<Flow, 'id' | 'organizationId' | 'steps'>): Progress {
  let { steps } = flow;
  let writing: Promise<void> | undefined;
  let isAhead = false;

  const update = async (data: object) => {
    await ctx.database.prisma.consentFlow.updateMany({
      where: {
        id: flow.id,
        organizationId: flow.organizationId,
        status: { in: ['redirected', 'working'] },
      },
      data: { ...data, steps: steps.map(toJson), updatedAt: ctx.clock() },
    });
  };
  const writeUntilCurrent = async () => {
    do {
      isAhead = false;
      await update({});
    } while (isAhead);
  };
  const settled = async () => {
    while (writing) await writing;
  };

  return {
    get steps() {
      return steps;
    },
    async record(step) {
      steps = withStep(steps, step, ctx.clock());
      isAhead = true;
      writing ??= writeUntilCurrent().finally(() => {
        writing = undefined;
      });
      await writing;
    },
    async fail(problem, step) {
      if (step) steps = withStep(steps, { ...step, problem }, ctx.clock());
      await settled();
      await update({ status: 'failed', problem: toJson(problem) });
      ctx.log.info('consent flow failed', { flowId: flow.id, problem: problem.code });
    },
    async succeed() {
      await settled();
      await update({ status: 'succeeded' });
      ctx.log.info('consent flow succeeded', { flowId: flow.id });
    },
  };
}
