import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';

/*
 * Microsoft's "Product names and service plan identifiers for licensing", state of July 2026, one row a product and
 * one row a service plan. To update, replace the files; the columns and their order are checked when they are read.
 * @see https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference
 */
const ProductRow = z.strictObject({
  sku_id: Guid,
  sku_part_number: z.string().min(1),
  product_name: z.string().min(1),
});
const ServicePlanRow = z.strictObject({
  service_plan_id: Guid,
  service_plan_name: z.string().min(1),
  service_plan_friendly_name: z.string().min(1),
});

// From the folder that every process is started in: Next's bundler makes an address for browsers of a file's URL.
const FOLDER = join(process.cwd(), 'lib/domain/licensing/product-names');
const PRODUCTS_FILE = join(FOLDER, 'license-products.csv');
const SERVICE_PLANS_FILE = join(FOLDER, 'service-plans.csv');

/** What a SKU is called. */
export type Product = {
  /** Microsoft's name of the product; for an unknown one its part number in readable form. */
  readonly name: string;
  /** Whether Microsoft's list of products has it. New, private and partner offers are not in it. */
  readonly isKnown: boolean;
};

/**
 * The name of a SKU by its id, else by its part number: the list may have an older id of the same product. Part
 * numbers are not unique, so one that several products share decides nothing.
 */
export function productOf(skuId: string, skuPartNumber: string): Product {
  const { byId, byPartNumber } = products();
  const name = byId.get(skuId.toLowerCase()) ?? byPartNumber.get(skuPartNumber.toUpperCase());
  if (name) return { name, isKnown: true };
  return { name: readablePartNumber(skuPartNumber) || skuPartNumber || skuId, isKnown: false };
}

/** The name of a SKU of which only the id is known, such as one that has left the directory's list. */
export const productNameById = (skuId: string): string | undefined =>
  products().byId.get(skuId.toLowerCase());

/** The readable name of a service plan; undefined where Microsoft's list does not have it. */
export const servicePlanName = (servicePlanId: string): string | undefined =>
  servicePlans().get(servicePlanId.toLowerCase());

/** `CONTOSO_PILOT_OFFER_2031` → `Contoso Pilot Offer 2031`. A part number with lower case is taken as it is. */
export function readablePartNumber(skuPartNumber: string): string {
  const spaced = skuPartNumber.replaceAll('_', ' ').replaceAll(/\s+/g, ' ').trim();
  if (spaced !== spaced.toUpperCase()) return spaced;
  // Words with digits (E5, M365) and short ones (EMS, PBI) are abbreviations.
  return spaced.replaceAll(/[\p{L}\p{N}]+/gu, (word) =>
    word.length <= 3 || /\p{N}/u.test(word) ? word : word.charAt(0) + word.slice(1).toLowerCase(),
  );
}

/** Reads once, at the first question. */
function once<T>(read: () => T): () => T {
  let value: { readonly read: T } | undefined;
  return () => {
    value ??= { read: read() };
    return value.read;
  };
}

const products = once(() => {
  const rows = readRows(PRODUCTS_FILE, ProductRow);
  const byPartNumber = new Map<string, string | undefined>();
  for (const row of rows) {
    const partNumber = row.sku_part_number.toUpperCase();
    byPartNumber.set(partNumber, byPartNumber.has(partNumber) ? undefined : row.product_name);
  }
  return { byId: new Map(rows.map((row) => [row.sku_id, row.product_name])), byPartNumber };
});

const servicePlans = once(
  () =>
    new Map(
      readRows(SERVICE_PLANS_FILE, ServicePlanRow).map((row) => [
        row.service_plan_id,
        row.service_plan_friendly_name,
      ]),
    ),
);

function readRows<Row extends z.ZodType>(file: string, schema: Row): z.output<Row>[] {
  const text = readFileSync(file, 'utf8');
  return z
    .array(schema)
    .min(1)
    .parse(parse(text, { columns: true, bom: true }));
}
