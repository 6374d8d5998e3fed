import { deny } from '#lib/access/permissions.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { settleMigration } from './keep.ts';
import { AGREEMENT_TYPE, type BillingAccountReference, type NewEnrollment } from './model.ts';

/** More than any customer has; each is a question to Microsoft a day. */
export const ACCOUNTS_MAX = 50;

/** Adds an enrollment number to an Azure tenant, once. Problems: forbidden, not-found, invalid-input. */
export async function addEnrollment(
  ctx: Ctx,
  { tenantId, enrollment }: NewEnrollment,
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.update');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  return ctx.database.prisma.$transaction(async (tx) => {
    const tenant = await tx.tenant.findFirst({
      where: { id: tenantId, organizationId, kind: 'azure', removedAt: null },
      select: { billingAccounts: { select: { name: true } } },
    });
    if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
    const names = tenant.billingAccounts.map(({ name }) => name);
    if (names.length >= ACCOUNTS_MAX && !names.includes(enrollment)) {
      const words = `A tenant has at most ${ACCOUNTS_MAX} enrollments and billing accounts here.`;
      return fail({ code: 'invalid-input', fields: { enrollment: words } });
    }
    const { count } = await tx.billingAccount.createMany({
      data: {
        tenantId,
        name: enrollment,
        agreementType: AGREEMENT_TYPE.enterprise,
        relationships: [],
        addedBy: ctx.actor.type === 'member' ? ctx.actor.displayName : ctx.actor.job,
        addedAt: ctx.clock(),
      },
      skipDuplicates: true,
    });
    if (count === 0) return ok(undefined);
    await recordAudit(tx, ctx, {
      action: 'billing-account.add',
      entity: 'billing-account',
      entityId: enrollment,
      after: { tenantId, agreementType: AGREEMENT_TYPE.enterprise },
    });
    return ok(undefined);
  });
}

/**
 * Forgets an enrollment or billing account of a tenant. Nothing changes at Microsoft: a role that was given there
 * stays. Problems: forbidden, not-found.
 */
export async function removeBillingAccount(
  ctx: Ctx,
  { tenantId, account }: BillingAccountReference,
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.update');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  return ctx.database.prisma.$transaction(async (tx) => {
    const tenant = await tx.tenant.findFirst({
      where: { id: tenantId, organizationId, kind: 'azure', removedAt: null },
      select: {
        billingAccounts: { where: { name: account }, select: { agreementType: true, state: true } },
      },
    });
    if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
    const [row] = tenant.billingAccounts;
    if (!row) return ok(undefined);
    await tx.billingAccount.deleteMany({ where: { tenantId, name: account, tenant: { organizationId } } });
    await tx.tenant.updateMany({
      where: { id: tenantId, organizationId, enrollmentNumber: account },
      data: { enrollmentNumber: null },
    });
    await recordAudit(tx, ctx, {
      action: 'billing-account.remove',
      entity: 'billing-account',
      entityId: account,
      before: { tenantId, ...row },
    });
    await settleMigration(tx, ctx, tenantId);
    return ok(undefined);
  });
}
