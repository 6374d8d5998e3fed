import { deny } from '#lib/access/permissions.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { RenameTenant } from './model.ts';

/** Renames a tenant in the portal; the directory itself is not touched. Problems: forbidden, not-found. */
export async function renameTenant(
  ctx: Ctx,
  { tenantId, name }: RenameTenant,
): Promise<Result<{ readonly name: string }>> {
  const denied = deny(ctx.actor, 'tenant.update');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  return ctx.database.prisma.$transaction(async (tx) => {
    const before = await tx.tenant.findFirst({
      where: { id: tenantId, organizationId, removedAt: null },
      select: { name: true },
    });
    if (!before) return fail({ code: 'not-found', entity: 'tenant' });
    if (before.name === name) return ok({ name });
    await tx.tenant.update({
      where: { id: tenantId, organizationId },
      data: { name },
      select: { id: true },
    });
    await recordAudit(tx, ctx, {
      action: 'tenant.update',
      entity: 'tenant',
      entityId: tenantId,
      before,
      after: { name },
    });
    return ok({ name });
  });
}
