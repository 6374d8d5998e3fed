import { deny } from '#lib/access/permissions.ts';
import type { TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { verifyTenantJob } from '#lib/jobs/contracts.ts';
import { limitMember } from '../limits/limit.ts';
import { toJson } from '../problem-json.ts';
import { isDisabled } from './connected.ts';
import { CHECK_SILENT_MS, newCheck, readTenantCheck } from './tenant-check.ts';
import { VERIFIABLE } from './verify.ts';

/**
 * Lets a worker prove again, at once, what a tenant has granted. Its status stays as it is until the check has an
 * answer; while something is open, further checks follow as after an approval.
 * Problems: forbidden, rate-limited, tenant-disabled, not-found.
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
  const { tenant: tenants } = ctx.database.prisma;
  const where = { id: tenantId, organizationId, removedAt: null, status: { in: [...VERIFIABLE] } };
  if (await isDisabled(ctx, tenantId)) return fail({ code: 'tenant-disabled' });
  const tenant = await tenants.findFirst({ where, select: { lastCheck: true } });
  const now = ctx.clock();
  const last = readTenantCheck(tenant?.lastCheck);
  const check = { ...newCheck('person', now), ...(last && { token: last.token, excess: last.excess }) };
  const { count } = await tenants.updateMany({
    where,
    data: { lastCheck: toJson(check), nextCheckAt: new Date(now.getTime() + CHECK_SILENT_MS) },
  });
  if (count === 0) return fail({ code: 'not-found', entity: 'tenant' });
  // A key of its own: the next check of an open series may be waiting for its time under the other one.
  const singletonKey = `${tenantId} now`;
  await ctx.jobs.enqueue(verifyTenantJob, { organizationId, tenantId }, { singletonKey });
  return ok(undefined);
}
