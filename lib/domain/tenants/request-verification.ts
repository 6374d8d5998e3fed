import { deny } from '#lib/access/permissions.ts';
import type { TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { verifyTenantJob } from '#lib/jobs/contracts.ts';
import { limitMember } from '../limits/limit.ts';
import { setTenantStatus } from './status.ts';

/**
 * Lets a worker prove again what an Office 365 tenant has granted, for as long as after an approval.
 * Problems: forbidden, rate-limited, not-found.
 */
export async function requestVerification(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: TenantId },
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'tenant.verify', tenantId);
  if (limited) return limited;
  const { organizationId } = ctx.actor;
  const isFound = await ctx.database.prisma.$transaction(async (tx) => {
    const tenant = await tx.tenant.findFirst({
      where: { id: tenantId, organizationId, kind: 'office365', removedAt: null },
      select: { id: true, status: true },
    });
    if (!tenant) return false;
    await setTenantStatus(tx, ctx, tenant, 'verifying');
    return true;
  });
  if (!isFound) return fail({ code: 'not-found', entity: 'tenant' });
  await ctx.jobs.enqueue(verifyTenantJob, { organizationId, tenantId }, { singletonKey: tenantId });
  return ok(undefined);
}
