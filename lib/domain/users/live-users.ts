import type { TenantId } from '#lib/core/ids.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { ALL_USERS } from '#lib/domain/imports/phases/users/figures.ts';

/**
 * How many users a tenant of the organization has: the figure that the last import left, and before there is one, as many
 * as are counted. The caller has checked what the actor may do.
 */
export async function countLiveUsers(ctx: Ctx, tenantId: TenantId): Promise<number> {
  const { prisma } = ctx.database;
  const tenant = { organizationId: organizationOf(ctx) };
  const figure = await prisma.licenceFigure.findFirst({
    where: { tenantId, tenant, dimension: 'all', value: '', skuId: ALL_USERS, toDay: null },
    select: { users: true },
  });
  return figure?.users ?? prisma.directoryUser.count({ where: { tenantId, tenant, deletedAt: null } });
}
