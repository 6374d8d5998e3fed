import { deny } from '#lib/access/permissions.ts';
import { byCodePoint } from '#lib/core/code-point-order.ts';
import { TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import type { SkuRow } from './model.ts';
import { type GivingGroup, type Purchase, type SkuOrigins, seatDifferences } from './origins-model.ts';
import type { SkuUsageFilter } from './queries.ts';

/** Bounds what one page reads over all tenants. */
const ROWS_MAX = 20_000;

/**
 * The purchases of all tenants in sight, or of one; what ends first comes first, what has no end last.
 * Problems: forbidden; not-found for a tenant that is not the organization's.
 */
export async function listPurchases(ctx: Ctx, filter: SkuUsageFilter = {}): Promise<Result<Purchase[]>> {
  const denied = deny(ctx.actor, 'licensing.read');
  if (denied) return denied;
  const { prisma } = ctx.database;
  const where = inSight(ctx, filter);
  if (filter.tenantId) {
    const found = await prisma.tenant.findFirst({
      where: { ...where.tenant, id: filter.tenantId },
      select: { id: true },
    });
    if (!found) return fail({ code: 'not-found', entity: 'tenant' });
  }
  const rows = await prisma.directorySubscription.findMany({
    where,
    select: { ...PURCHASE, tenant: { select: { name: true } } },
    orderBy: [{ nextLifecycleDateTime: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
    take: ROWS_MAX,
  });
  return ok(rows.map(toPurchase));
}

/**
 * Where the seats of the rows of the licence page come from, and by which groups they are given, by the rows' keys.
 * Problems: those of `listPurchases`.
 */
export async function licenseOrigins(
  ctx: Ctx,
  filter: SkuUsageFilter,
  rows: readonly Pick<SkuRow, 'key' | 'skuId' | 'tenants'>[],
): Promise<Result<ReadonlyMap<string, SkuOrigins>>> {
  const listed = await listPurchases(ctx, filter);
  if (!listed.ok) return listed;
  const [groups, read] = await Promise.all([listGroups(ctx, filter), readParts(ctx, filter)]);
  const purchases = Map.groupBy(listed.value, ({ skuId }) => skuId);
  const giving = Map.groupBy(groups, ({ skuId }) => skuId);
  const origins = rows.map(({ key, skuId, tenants }): [string, SkuOrigins] => {
    const ids = new Set<string>(tenants.map(({ tenantId }) => tenantId));
    const own = (purchases.get(skuId) ?? []).filter(({ tenantId }) => ids.has(tenantId));
    const known = tenants.filter(({ tenantId }) => read.purchases.has(tenantId));
    return [
      key,
      {
        purchases: known.length > 0 ? own : undefined,
        differences: known.flatMap((sku) =>
          seatDifferences(
            sku,
            own.filter(({ tenantId }) => tenantId === sku.tenantId),
          ),
        ),
        groups: tenants.some(({ tenantId }) => read.groups.has(tenantId))
          ? (giving.get(skuId) ?? []).map(({ group }) => group).filter(({ tenantId }) => ids.has(tenantId))
          : undefined,
      },
    ];
  });
  return ok(new Map(origins));
}

const inSight = (ctx: Ctx, { tenantId }: SkuUsageFilter) => ({
  tenant: { organizationId: organizationOf(ctx), removedAt: null, kind: 'office365' as const },
  ...(tenantId && { tenantId }),
});

const PURCHASE = {
  tenantId: true,
  id: true,
  commerceSubscriptionId: true,
  skuId: true,
  skuPartNumber: true,
  status: true,
  totalLicenses: true,
  isTrial: true,
  ownerTenantId: true,
  createdDateTime: true,
  nextLifecycleDateTime: true,
} as const satisfies Prisma.DirectorySubscriptionSelect;

type PurchaseRow = Prisma.DirectorySubscriptionGetPayload<{
  select: typeof PURCHASE & { tenant: { select: { name: true } } };
}>;

const toPurchase = (row: PurchaseRow): Purchase => ({
  tenantId: TenantId.parse(row.tenantId),
  tenantName: row.tenant.name,
  id: row.id,
  commerceSubscriptionId: row.commerceSubscriptionId,
  skuId: row.skuId,
  skuPartNumber: row.skuPartNumber,
  status: row.status,
  seats: row.totalLicenses,
  isTrial: row.isTrial,
  partnerTenantId: row.ownerTenantId,
  createdAt: row.createdDateTime,
  changesAt: row.nextLifecycleDateTime,
});

/** Groups once for each SKU that they give. */
async function listGroups(
  ctx: Ctx,
  filter: SkuUsageFilter,
): Promise<{ readonly skuId: string; readonly group: GivingGroup }[]> {
  const { prisma } = ctx.database;
  const where = inSight(ctx, filter);
  const [groups, counts] = await Promise.all([
    prisma.licensedGroup.findMany({
      where,
      select: {
        tenantId: true,
        id: true,
        displayName: true,
        skuIds: true,
        isDynamic: true,
        processingState: true,
        tenant: { select: { name: true } },
      },
      take: ROWS_MAX,
    }),
    prisma.licenceError.groupBy({
      by: ['tenantId', 'groupId', 'skuId', 'error'],
      where: { group: where },
      _count: { userId: true },
    }),
  ]);
  const keyOf = (tenantId: string, groupId: string, skuId: string) => `${tenantId} ${groupId} ${skuId}`;
  const errors = Map.groupBy(counts, ({ tenantId, groupId, skuId }) => keyOf(tenantId, groupId, skuId));
  return groups
    .flatMap(({ tenant, skuIds, processingState, ...group }) =>
      skuIds.map((skuId) => ({
        skuId,
        group: {
          ...group,
          tenantId: TenantId.parse(group.tenantId),
          tenantName: tenant.name,
          isProcessing: processingState !== null && processingState !== 'ProcessingComplete',
          errors: (errors.get(keyOf(group.tenantId, group.id, skuId)) ?? [])
            .map(({ error, _count }) => ({ error, users: _count.userId }))
            .sort((a, b) => b.users - a.users || byCodePoint(a.error, b.error)),
        },
      })),
    )
    .sort((a, b) => byCodePoint(a.group.displayName ?? '', b.group.displayName ?? ''));
}

/** The tenants whose purchases, and whose groups, were ever read to the end. */
async function readParts(ctx: Ctx, filter: SkuUsageFilter) {
  const parts = await ctx.database.prisma.importFreshness.findMany({
    where: { ...inSight(ctx, filter), phase: { in: ['directory-subscriptions', 'groups'] } },
    select: { tenantId: true, phase: true },
  });
  const of = (name: string) =>
    new Set<string>(parts.filter(({ phase }) => phase === name).map(({ tenantId }) => tenantId));
  return { purchases: of('directory-subscriptions'), groups: of('groups') };
}
