import { deny } from '#lib/access/permissions.ts';
import { TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { clearFields } from '#lib/domain/imports/phases/users/clear-fields.ts';
import type { ChangeRetention, SwitchField } from './model.ts';

/**
 * Switches a field of users off or on. What is kept of it goes from the history at once and from the users with the next
 * import, which reads the whole directory; switched on again, it comes back with the next import. Problems: forbidden.
 */
export async function switchField(ctx: Ctx, { field, to }: SwitchField): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'data-settings.change');
  if (denied) return denied;
  const organizationId = organizationOf(ctx);
  const { prisma, pool } = ctx.database;
  await prisma.$transaction(async (tx) => {
    // Of two switches at once, neither takes the other back.
    await tx.$queryRaw`SELECT 1 FROM organization WHERE id = ${organizationId}::uuid FOR NO KEY UPDATE`;
    const { switchedOffFields: before } = await tx.organization.findUniqueOrThrow({
      where: { id: organizationId },
      select: { switchedOffFields: true },
    });
    const others = before.filter((name) => name !== field);
    const after = to === 'off' ? [...others, field].sort() : others;
    if (after.length === before.length) return;
    await tx.organization.update({
      where: { id: organizationId },
      data: { switchedOffFields: after },
      select: { id: true },
    });
    await recordAudit(tx, ctx, {
      action: 'organization.update',
      entity: 'organization',
      entityId: organizationId,
      before: { switchedOffFields: before },
      after: { switchedOffFields: after },
    });
  });
  if (to === 'on') return ok(undefined);
  // Not in the transaction, which would hold up imports meanwhile: should this be interrupted, the next import does it.
  const tenants = await prisma.tenant.findMany({ where: { organizationId }, select: { id: true } });
  for (const { id } of tenants) await clearFields(pool, TenantId.parse(id), [field]);
  return ok(undefined);
}

/**
 * Changes for how many days the history of users is kept. A worker erases what is older. Problems: forbidden;
 * invalid-input where something would be erased and that was not confirmed.
 */
export async function changeRetention(
  ctx: Ctx,
  { days, erasesOlder }: ChangeRetention,
): Promise<Result<{ readonly days: number }>> {
  const denied = deny(ctx.actor, 'data-settings.change');
  if (denied) return denied;
  const organizationId = organizationOf(ctx);
  return ctx.database.prisma.$transaction(async (tx) => {
    const before = await tx.organization.findUniqueOrThrow({
      where: { id: organizationId },
      select: { historyDays: true },
    });
    if (before.historyDays === days) return ok({ days });
    if (days < before.historyDays && !erasesOlder) {
      return fail({ code: 'invalid-input', fields: { erasesOlder: 'Confirm that what is older is erased' } });
    }
    await tx.organization.update({
      where: { id: organizationId },
      data: { historyDays: days },
      select: { id: true },
    });
    await recordAudit(tx, ctx, {
      action: 'organization.update',
      entity: 'organization',
      entityId: organizationId,
      before,
      after: { historyDays: days },
    });
    return ok({ days });
  });
}
