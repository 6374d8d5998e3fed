import { deny } from '#lib/access/permissions.ts';
import type { TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { cancelRunningImport } from '../imports/cancel.ts';
import { startWork, workAgain } from './work-again.ts';

export type DisableTenant = { readonly tenantId: TenantId };

/**
 * Stops all that the portal does with a tenant by itself: a running import is cancelled, and neither imports nor checks
 * follow. What was imported stays, as of its day. Disabling twice does no harm. Problems: forbidden, not-found.
 */
export async function disableTenant(ctx: Ctx, { tenantId }: DisableTenant): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.disable');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  return ctx.database.prisma.$transaction(async (tx) => {
    const where = { id: tenantId, organizationId, removedAt: null } as const;
    const before = await tx.tenant.findFirst({ where, select: { status: true } });
    if (!before) return fail({ code: 'not-found', entity: 'tenant' });
    if (before.status === 'disabled') return ok(undefined);
    await tx.tenant.updateMany({
      where,
      data: {
        status: 'disabled',
        statusProblem: Prisma.DbNull,
        statusChangedAt: ctx.clock(),
        nextCheckAt: null,
      },
    });
    const isCancelled = await cancelRunningImport(tx, ctx, tenantId);
    await recordAudit(tx, ctx, {
      action: 'tenant.disable',
      entity: 'tenant',
      entityId: tenantId,
      before,
      after: { status: 'disabled', isImportCancelled: isCancelled },
    });
    return ok(undefined);
  });
}

/**
 * Lets the portal work with a disabled tenant again: its access is checked at once, and an import starts.
 * Problems: forbidden, not-found.
 */
export async function enableTenant(ctx: Ctx, { tenantId }: DisableTenant): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.disable');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const enabled = await ctx.database.prisma.$transaction(async (tx): Promise<Result<boolean>> => {
    const where = { id: tenantId, organizationId, removedAt: null } as const;
    const before = await tx.tenant.findFirst({ where, select: { status: true } });
    if (!before) return fail({ code: 'not-found', entity: 'tenant' });
    const { count } = await tx.tenant.updateMany({
      where: { ...where, status: 'disabled' },
      data: workAgain(ctx.clock()),
    });
    if (count === 0) return ok(false);
    await recordAudit(tx, ctx, {
      action: 'tenant.enable',
      entity: 'tenant',
      entityId: tenantId,
      before,
      after: { status: 'verifying' },
    });
    return ok(true);
  });
  if (!enabled.ok) return enabled;
  if (enabled.value) await startWork(ctx, tenantId);
  return ok(undefined);
}
