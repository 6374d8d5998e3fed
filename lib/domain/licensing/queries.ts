import { deny, may } from '#lib/access/permissions.ts';
import { DirectoryId, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { freePoolOf } from './free-pools.ts';
import {
  groupBySku,
  type LicenseTotals,
  licenseTotals,
  ServicePlan,
  type SkuRow,
  type SkuUsage,
  seatsOf,
} from './model.ts';
import { licenseOrigins } from './origins.ts';
import type { SkuOrigins } from './origins-model.ts';
import { productOf } from './product-names/product-names.ts';
import { listSources, oldestRead, type Source } from './sources.ts';

/** A directory has some hundred SKUs at most; bounds what one page reads over all of them. */
const SKUS_MAX = 20_000;

export type SkuUsageFilter = {
  /** One tenant only; absent for all of the organization. */
  readonly tenantId?: TenantId;
};

/**
 * Every SKU of every connected tenant with its numbers, one for each tenant and SKU, free and trial pools included
 * and marked. Problems: forbidden; not-found for a tenant that is not the organization's.
 */
export async function listSkuUsage(ctx: Ctx, filter: SkuUsageFilter = {}): Promise<Result<SkuUsage[]>> {
  const denied = deny(ctx.actor, 'licensing.read');
  if (denied) return denied;
  const tenant = { organizationId: ctx.actor.organizationId, removedAt: null, kind: 'office365' } as const;
  const { prisma } = ctx.database;
  if (filter.tenantId) {
    const found = await prisma.tenant.findFirst({
      where: { ...tenant, id: filter.tenantId },
      select: { id: true },
    });
    if (!found) return fail({ code: 'not-found', entity: 'tenant' });
  }
  const skus = await prisma.subscribedSku.findMany({
    where: { tenant, ...(filter.tenantId && { tenantId: filter.tenantId }) },
    select: SKU,
    orderBy: [{ tenantId: 'asc' }, { skuId: 'asc' }],
    take: SKUS_MAX,
  });
  return ok(skus.map(toSkuUsage));
}

/** What the licence page shows. */
export type LicenseOverview = {
  /** All connected directories, to choose from. */
  readonly sources: readonly Source[];
  /** The ones in sight: the chosen one, or all. */
  readonly selected: readonly Source[];
  /** One row a SKU, all of them. */
  readonly rows: readonly SkuRow[];
  /** Where their seats come from, and by which groups they are given, by the rows' keys. */
  readonly origins: ReadonlyMap<string, SkuOrigins>;
  readonly totals: LicenseTotals;
  /** How old the oldest of the figures is; null while there are none. */
  readonly readAt: Date | null;
  /** Whether the actor may connect a tenant. */
  readonly mayConnect: boolean;
};

/**
 * Products with their seats, of one tenant or over all, and what they add up to: purchases alone, or with the free
 * and trial pools. Problems: forbidden; not-found for a tenant that is not the organization's.
 */
export async function licenseOverview(
  ctx: Ctx,
  filter: SkuUsageFilter & { readonly includeFree: boolean },
): Promise<Result<LicenseOverview>> {
  const usage = await listSkuUsage(ctx, filter);
  if (!usage.ok) return usage;
  const sources = await listSources(ctx);
  const selected = sources.filter(({ tenantId }) => !filter.tenantId || tenantId === filter.tenantId);
  const rows = groupBySku(usage.value);
  const origins = await licenseOrigins(ctx, filter, rows);
  if (!origins.ok) return origins;
  return ok({
    sources,
    selected,
    rows,
    origins: origins.value,
    totals: licenseTotals(rows, filter.includeFree),
    readAt: oldestRead(selected.map(({ skusReadAt }) => skusReadAt)),
    mayConnect: may(ctx.actor, 'tenant.connect'),
  });
}

const SKU = {
  tenantId: true,
  skuId: true,
  skuPartNumber: true,
  capabilityStatus: true,
  appliesTo: true,
  enabledUnits: true,
  warningUnits: true,
  suspendedUnits: true,
  lockedOutUnits: true,
  consumedUnits: true,
  servicePlans: true,
  importedAt: true,
  tenant: {
    select: {
      name: true,
      directoryId: true,
      importFreshness: { where: { phase: 'skus' }, select: { freshAt: true } },
    },
  },
} as const satisfies Prisma.SubscribedSkuSelect;

function toSkuUsage(sku: Prisma.SubscribedSkuGetPayload<{ select: typeof SKU }>): SkuUsage {
  const prepaid = {
    enabled: sku.enabledUnits,
    warning: sku.warningUnits,
    suspended: sku.suspendedUnits,
    lockedOut: sku.lockedOutUnits,
  };
  const product = productOf(sku.skuId, sku.skuPartNumber);
  return {
    ...seatsOf(prepaid, sku.consumedUnits),
    tenantId: TenantId.parse(sku.tenantId),
    tenantName: sku.tenant.name,
    directoryId: DirectoryId.parse(sku.tenant.directoryId),
    skuId: sku.skuId,
    skuPartNumber: sku.skuPartNumber,
    product,
    freePool: freePoolOf({ skuPartNumber: sku.skuPartNumber, product, prepaid }),
    capabilityStatus: sku.capabilityStatus,
    appliesTo: sku.appliesTo,
    servicePlans: ServicePlan.array().parse(sku.servicePlans),
    // A row is written when it changes; it holds as of the last complete read.
    importedAt: sku.tenant.importFreshness[0]?.freshAt ?? sku.importedAt,
  };
}
