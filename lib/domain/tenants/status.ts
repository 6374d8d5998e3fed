import type { Problem } from '#lib/core/problem.ts';
import type { Transaction } from '#lib/db/database.ts';
import { Prisma, type TenantStatus } from '#lib/db/generated/client.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { toJson } from '#lib/domain/problem-json.ts';
import { IN_USE } from './model.ts';

/**
 * Gives a tenant of the actor's organization a status, with the Problem behind it. A change is audited in the same
 * transaction and dated; the same status again only renews its Problem. One that was removed or disabled meanwhile stays so.
 */
export async function setTenantStatus(
  tx: Transaction,
  ctx: Ctx,
  tenant: { readonly id: string; readonly status: TenantStatus },
  status: TenantStatus,
  problem?: Problem,
): Promise<void> {
  const hasChanged = tenant.status !== status;
  const { count } = await tx.tenant.updateMany({
    where: { id: tenant.id, organizationId: ctx.actor.organizationId, ...IN_USE },
    data: {
      status,
      statusProblem: problem ? toJson(problem) : Prisma.DbNull,
      ...(hasChanged && { statusChangedAt: ctx.clock() }),
    },
  });
  if (!hasChanged || count === 0) return;
  await recordAudit(tx, ctx, {
    action: 'tenant.status',
    entity: 'tenant',
    entityId: tenant.id,
    before: { status: tenant.status },
    after: { status, ...(problem && { problem: problem.code }) },
  });
}
