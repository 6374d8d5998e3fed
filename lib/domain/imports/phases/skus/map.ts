import { storable } from '#lib/core/storable.ts';
import type { GraphServicePlan, GraphSubscribedSku } from '#lib/microsoft/graph/subscribed-skus.ts';

/** A SKU as the database keeps it. Members carry the names of their columns. */
export type SkuRow = {
  readonly sku_id: string;
  readonly sku_part_number: string;
  readonly capability_status: string;
  readonly applies_to: string | null;
  readonly enabled_units: number;
  readonly warning_units: number;
  readonly suspended_units: number;
  readonly locked_out_units: number;
  readonly consumed_units: number;
  readonly service_plans: readonly GraphServicePlan[];
};

/** The SKUs of a tenant, each once: of several rows with one id the last one counts. Service plans ascend by name. */
export function mapSkus(skus: readonly GraphSubscribedSku[]): SkuRow[] {
  return [...new Map(skus.map((sku) => [sku.skuId, mapSku(sku)])).values()];
}

const mapSku = (sku: GraphSubscribedSku): SkuRow => ({
  sku_id: sku.skuId,
  sku_part_number: storable(sku.skuPartNumber),
  capability_status: storable(sku.capabilityStatus),
  applies_to: storable(sku.appliesTo),
  enabled_units: sku.prepaidUnits.enabled,
  warning_units: sku.prepaidUnits.warning,
  suspended_units: sku.prepaidUnits.suspended,
  locked_out_units: sku.prepaidUnits.lockedOut,
  consumed_units: sku.consumedUnits,
  service_plans: sku.servicePlans
    .map(mapServicePlan)
    .sort((a, b) => (a.servicePlanName < b.servicePlanName ? -1 : 1)),
});

const mapServicePlan = (plan: GraphServicePlan): GraphServicePlan => ({
  servicePlanId: plan.servicePlanId,
  servicePlanName: storable(plan.servicePlanName),
  provisioningStatus: storable(plan.provisioningStatus),
  appliesTo: storable(plan.appliesTo),
});
