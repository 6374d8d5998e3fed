import { deny } from '#lib/access/permissions.ts';
import { DirectoryId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { findConnected, isUniqueViolation, restorable } from '../tenants/connected.ts';
import type { TenantToChange } from './model.ts';
import { actorName, lockTenant, UNDER_WAY } from './remove-tenant.ts';
import { startWork, workAgain } from './work-again.ts';

/**
 * Takes a removal back, until its time is over or its erasure has begun: the tenant is there again with all that was
 * imported, its access is checked anew and an import starts. Secrets are gone, and role assignments that were taken
 * back stay so: the check says what is missing. Problems: forbidden, not-found, already-connected.
 */
export async function restoreTenant(ctx: Ctx, { tenantId }: TenantToChange): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.remove');
  if (denied) return denied;
  const restored = await restore(ctx, { tenantId }).catch(async (error: unknown) => {
    // The same directory was connected anew meanwhile.
    if (!isUniqueViolation(error)) throw error;
    return (await connectedInstead(ctx, tenantId)) ?? fail({ code: 'not-found', entity: 'tenant' });
  });
  if (restored.ok) await startWork(ctx, tenantId);
  return restored;
}

function restore(ctx: Ctx, { tenantId }: TenantToChange): Promise<Result<undefined>> {
  const { organizationId } = ctx.actor;
  return ctx.database.prisma.$transaction(async (tx): Promise<Result<undefined>> => {
    const now = ctx.clock();
    await lockTenant(tx, tenantId);
    const { count } = await tx.tenant.updateMany({
      where: { id: tenantId, organizationId, ...restorable(now) },
      data: { ...workAgain(now), removedAt: null, eraseAt: null },
    });
    if (count === 0) return fail({ code: 'not-found', entity: 'tenant' });
    await tx.tenantRemoval.updateMany({
      where: { organizationId, formerTenantId: tenantId, ...UNDER_WAY },
      data: { restoredAt: now, restoredBy: actorName(ctx) },
    });
    await recordAudit(tx, ctx, {
      action: 'tenant.restore',
      entity: 'tenant',
      entityId: tenantId,
      before: { status: 'removed' },
      after: { status: 'verifying' },
    });
    return ok(undefined);
  });
}

async function connectedInstead(ctx: Ctx, tenantId: string) {
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: ctx.actor.organizationId },
    select: { directoryId: true, kind: true },
  });
  return tenant ? findConnected(ctx, DirectoryId.parse(tenant.directoryId), tenant.kind) : undefined;
}
