import type { Ctx } from '#lib/domain/context.ts';
import { verifyTenantJob } from '#lib/jobs/contracts.ts';
import type { SignedInPerson } from '#lib/microsoft/entra/redeem-code.ts';
import { bindTenant, bindUnlessConnected, judgeDirectoryRole, nameOfPerson } from './bind-tenant.ts';
import type { Flow } from './flow-row.ts';
import type { Progress } from './progress.ts';

/**
 * Binds an Office 365 directory after the sign-in of the person behind the approval: only a Global Administrator or
 * Privileged Role Administrator of that directory. What the approval granted is proven afterwards, by a job.
 * The outcome is written to the flow; where it fails nothing is stored for the tenant.
 */
export async function bindOffice365(
  ctx: Ctx,
  flow: Flow,
  person: SignedInPerson,
  progress: Progress,
): Promise<void> {
  const judgement = judgeDirectoryRole(flow, person);
  if ('problem' in judgement) {
    const state = judgement.problem.code === 'directory-role-unknown' ? 'could-not-check' : 'needs-you';
    return progress.fail(judgement.problem, { step: 'role', state });
  }
  await progress.record({
    step: 'role',
    state: 'ok',
    detail: `${nameOfPerson(person)} is ${judgement.role} of this tenant.`,
  });
  const bound = await bindUnlessConnected(ctx, flow, () =>
    ctx.database.prisma.$transaction((tx) =>
      bindTenant(tx, ctx, flow, { person, steps: progress.steps, flowStatus: 'succeeded' }),
    ),
  );
  if (!bound.ok) return progress.fail(bound.problem);
  const tenantId = bound.value;
  ctx.log.info('tenant bound', { flowId: flow.id, tenantId, kind: flow.kind });
  const { organizationId } = flow;
  await ctx.jobs.enqueue(verifyTenantJob, { organizationId, tenantId }, { singletonKey: `${tenantId} now` });
}
