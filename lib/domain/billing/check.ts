import { deny } from '#lib/access/permissions.ts';
import { DirectoryId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { BillingState } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { limitMember } from '../limits/limit.ts';
import { keepLooks, LOOKED_AT, settleMigration } from './keep.ts';
import { lookAtBilling } from './look.ts';
import type { BillingAccountReference } from './model.ts';

/**
 * Looks at once whether the portal can read the costs of an account, because a person says that the role should be
 * there by now. Problems: forbidden, rate-limited, not-found.
 */
export async function checkBillingAccount(
  ctx: Ctx,
  { tenantId, account }: BillingAccountReference,
): Promise<Result<{ readonly state: BillingState }>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'tenant.verify', tenantId);
  if (limited) return limited;
  const { organizationId } = ctx.actor;
  const row = await ctx.database.prisma.billingAccount.findFirst({
    where: { tenantId, name: account, tenant: { organizationId, kind: 'azure', removedAt: null } },
    select: { ...LOOKED_AT, tenant: { select: { directoryId: true } } },
  });
  if (!row) return fail({ code: 'not-found', entity: 'billing-account' });
  const directoryId = DirectoryId.parse(row.tenant.directoryId);
  const looked = await lookAtBilling(ctx, directoryId, [row], { isAsked: true });
  await ctx.database.prisma.$transaction(async (tx) => {
    await keepLooks(tx, ctx, tenantId, { before: [row], looked });
    await settleMigration(tx, ctx, tenantId);
  });
  const [found] = looked;
  ctx.log.info('billing account checked', {
    tenantId,
    state: found?.state,
    problem: found?.problem?.code,
  });
  return ok({ state: found?.state ?? row.state });
}
