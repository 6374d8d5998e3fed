import type { PrepaidUnits } from './model.ts';

/** Why a SKU's units are no purchase: a free product, a trial, or units that nobody bought one by one. */
export type FreePool = 'free' | 'trial' | 'pool';

/** Free of charge for whoever wants them, although neither part number nor name says so. */
const FREE_PART_NUMBERS: ReadonlySet<string> = new Set([
  'MICROSOFT_BUSINESS_CENTER',
  'PHONESYSTEM_VIRTUALUSER',
  'PHONESYSTEM_VIRTUALUSER_FACULTY',
  'PHONESYSTEM_VIRTUALUSER_GOV',
  'PHONESYSTEM_VIRTUALUSER_USGOV_GCCHIGH',
  'POWERAPPS_DEV',
  'POWERAPPS_PER_APP_IW',
  'RIGHTSMANAGEMENT_ADHOC',
  'SPZA_IW',
  'STANDARDWOFFPACK_FACULTY',
  'STANDARDWOFFPACK_STUDENT',
  'STREAM',
  'WINDOWS_STORE',
]);

/** Started by users themselves and free for a time, although neither part number nor name says so. */
const TRIAL_PART_NUMBERS: ReadonlySet<string> = new Set([
  'DYN365_AI_SERVICE_INSIGHTS',
  'DYN365_ENTERPRISE_P1_IW',
  'FORMS_PRO',
  'MS_TEAMS_IW',
  'PROJECT_MADEIRA_PREVIEW_IW_SKU',
]);

// As words of their own, as in `FLOW_FREE`, `POWERAPPS_VIRAL` and "Dynamics 365 Guides vTrial". "Preview" is none of
// them: Microsoft's list still calls some products so that are on sale.
const TRIAL_WORD = /(?<![a-z])(v?trial|viral|exploratory)(?![a-z])/i;
const FREE_WORD = /(?<![a-z])free(?![a-z])/i;

/** What Microsoft fills a pool with that nobody has bought. */
const POOL_UNITS = 1_000_000;
const SMALL_POOL_UNITS = 10_000;

/**
 * Whether a SKU is a free or trial pool, which is listed but kept out of the totals:
 * - `trial` or `free` where part number or product name says so, or it is known to be one;
 * - `pool` where exactly 1,000,000 units are enabled, or exactly 10,000 of a product that Microsoft's list does not
 *   have. 10,000 of a listed product that costs money may well be a purchase and is counted.
 */
export function freePoolOf(sku: {
  readonly skuPartNumber: string;
  readonly product: { readonly name: string; readonly isKnown: boolean };
  readonly prepaid: PrepaidUnits;
}): FreePool | undefined {
  const partNumber = sku.skuPartNumber.toUpperCase();
  const words = `${sku.skuPartNumber} ${sku.product.name}`;
  if (TRIAL_PART_NUMBERS.has(partNumber) || TRIAL_WORD.test(words)) return 'trial';
  if (FREE_PART_NUMBERS.has(partNumber) || FREE_WORD.test(words)) return 'free';
  const units = sku.prepaid.enabled;
  if (units === POOL_UNITS || (units === SMALL_POOL_UNITS && !sku.product.isKnown)) return 'pool';
  return undefined;
}
