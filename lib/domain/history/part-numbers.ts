import type { TenantId } from '#lib/core/ids.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { PartNumbers } from './former-user.ts';

/** A directory has some hundred SKUs at most. */
const SKUS_MAX = 5_000;

/** The part numbers of a tenant's SKUs. The caller has checked that the tenant is the organization's. */
export async function readPartNumbers(ctx: Ctx, tenantId: TenantId): Promise<PartNumbers> {
  const skus = await ctx.database.prisma.subscribedSku.findMany({
    where: { tenantId, tenant: { organizationId: ctx.actor.organizationId } },
    select: { skuId: true, skuPartNumber: true },
    take: SKUS_MAX,
  });
  return new Map(skus.map(({ skuId, skuPartNumber }) => [skuId, skuPartNumber]));
}
