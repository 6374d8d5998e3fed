import { deny } from '#lib/access/permissions.ts';
import { type CsvCell, type CsvFile, csvLine } from '#lib/core/csv.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { limitMember } from '#lib/domain/limits/limit.ts';
import { listPurchases } from './origins.ts';
import type { Purchase } from './origins-model.ts';
import { productOf } from './product-names/product-names.ts';
import type { SkuUsageFilter } from './queries.ts';

const COLUMNS: ReadonlyArray<readonly [name: string, cell: (purchase: Purchase) => CsvCell]> = [
  ['SubscriptionId', ({ id }) => id],
  ['CommerceSubscriptionId', ({ commerceSubscriptionId }) => commerceSubscriptionId],
  ['SkuId', ({ skuId }) => skuId],
  ['SkuPartNumber', ({ skuPartNumber }) => skuPartNumber],
  ['ProductName', ({ skuId, skuPartNumber }) => productOf(skuId, skuPartNumber).name],
  ['TotalLicenses', ({ seats }) => seats],
  ['Status', ({ status }) => status],
  ['IsTrial', ({ isTrial }) => isTrial],
  ['NextLifecycleDateTime', ({ changesAt }) => changesAt?.toISOString() ?? null],
  ['CreatedDateTime', ({ createdAt }) => createdAt?.toISOString() ?? null],
  ['OwnerTenantId', ({ partnerTenantId }) => partnerTenantId],
  ['TenantName', ({ tenantName }) => tenantName],
];

/**
 * The purchases as a CSV file, one row each; what ends first comes first. Problems: forbidden, rate-limited, not-found.
 */
export async function exportPurchases(ctx: Ctx, filter: SkuUsageFilter): Promise<Result<CsvFile>> {
  const denied = deny(ctx.actor, 'licensing.read');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'export');
  if (limited) return limited;
  const purchases = await listPurchases(ctx, filter);
  if (!purchases.ok) return purchases;
  return ok({
    fileName: `purchases-${ctx.clock().toISOString().slice(0, 10)}.csv`,
    chunks: lines(purchases.value),
  });
}

async function* lines(purchases: readonly Purchase[]): AsyncGenerator<string, void, undefined> {
  yield csvLine(COLUMNS.map(([name]) => name));
  for (const purchase of purchases) yield csvLine(COLUMNS.map(([, cell]) => cell(purchase)));
}
