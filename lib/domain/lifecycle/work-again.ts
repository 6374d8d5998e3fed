import type { TenantId } from '#lib/core/ids.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { verifyTenantJob } from '#lib/jobs/contracts.ts';
import { startImport } from '../imports/start.ts';
import { toJson } from '../problem-json.ts';
import { CHECK_SILENT_MS, newCheck } from '../tenants/tenant-check.ts';

/** What a tenant is set to that the portal takes up its work with again: nothing is believed of before. */
export const workAgain = (now: Date) =>
  ({
    status: 'verifying',
    statusProblem: Prisma.DbNull,
    statusChangedAt: now,
    lastCheck: toJson(newCheck('person', now)),
    // Should this process die before the job is there, the workers find it by this.
    nextCheckAt: new Date(now.getTime() + CHECK_SILENT_MS),
  }) as const;

/** Has the access of such a tenant checked at once, and what was missed meanwhile imported. */
export async function startWork(ctx: Ctx, tenantId: TenantId): Promise<void> {
  const { organizationId } = ctx.actor;
  await ctx.jobs.enqueue(verifyTenantJob, { organizationId, tenantId }, { singletonKey: `${tenantId} now` });
  const started = await startImport(ctx, { tenantId, trigger: 'manual' });
  if (!started.ok) ctx.log.info('no import was started', { tenantId, problem: started.problem.code });
}
