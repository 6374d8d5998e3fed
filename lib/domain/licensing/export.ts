import { deny } from '#lib/access/permissions.ts';
import { byCodePoint } from '#lib/core/code-point-order.ts';
import { type CsvCell, type CsvFile, csvLine } from '#lib/core/csv.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { limitMember } from '#lib/domain/limits/limit.ts';
import type { SkuUsage } from './model.ts';
import { listSkuUsage, type SkuUsageFilter } from './queries.ts';

/** The columns in their order. The first nine are a promise to whoever reads the file by a program. */
const COLUMNS: ReadonlyArray<readonly [name: string, cell: (sku: SkuUsage) => CsvCell]> = [
  ['SkuId', (sku) => sku.skuId],
  ['SkuPartNumber', (sku) => sku.skuPartNumber],
  ['ProductName', (sku) => sku.product.name],
  ['SkuPrepaidUnits', (sku) => sku.prepaidUnits],
  ['SkuConsumedUnits', (sku) => sku.consumedUnits],
  ['SkuUnassignedUnits', (sku) => sku.unassignedUnits],
  ['CapabilityStatus', (sku) => sku.capabilityStatus],
  ['SkuServicePlans', (sku) => planNames(sku)],
  ['TenantId', (sku) => sku.directoryId],
  ['TenantName', (sku) => sku.tenantName],
  ['SkuEnabledUnits', (sku) => sku.prepaid.enabled],
  ['SkuWarningUnits', (sku) => sku.prepaid.warning],
  ['SkuSuspendedUnits', (sku) => sku.prepaid.suspended],
  ['SkuLockedOutUnits', (sku) => sku.prepaid.lockedOut],
  ['SkuOverAssignedUnits', (sku) => sku.overAssignedUnits],
  ['AppliesTo', (sku) => sku.appliesTo],
  ['FreePool', (sku) => sku.freePool ?? null],
  ['ImportedAt', (sku) => sku.importedAt.toISOString()],
];

/**
 * The licences as a CSV file, one row a tenant and SKU, free and trial pools included; by part number, SKU and
 * tenant. Problems: forbidden, rate-limited, not-found.
 */
export async function exportLicenses(ctx: Ctx, filter: SkuUsageFilter): Promise<Result<CsvFile>> {
  const denied = deny(ctx.actor, 'licensing.read');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'export');
  if (limited) return limited;
  const usage = await listSkuUsage(ctx, filter);
  if (!usage.ok) return usage;
  const skus = usage.value.toSorted(
    (a, b) =>
      byCodePoint(a.skuPartNumber, b.skuPartNumber) ||
      byCodePoint(a.skuId, b.skuId) ||
      byCodePoint(a.directoryId, b.directoryId),
  );
  return ok({
    fileName: `licenses-${ctx.clock().toISOString().slice(0, 10)}.csv`,
    chunks: lines(skus),
  });
}

async function* lines(skus: readonly SkuUsage[]): AsyncGenerator<string, void, undefined> {
  yield csvLine(COLUMNS.map(([name]) => name));
  for (const sku of skus) yield csvLine(COLUMNS.map(([, cell]) => cell(sku)));
}

const planNames = ({ servicePlans }: SkuUsage): string =>
  servicePlans
    .map(({ servicePlanName }) => servicePlanName)
    .sort(byCodePoint)
    .join(';');
