import { z } from 'zod';
import { ok, type Result } from '#lib/core/result.ts';
import { storable } from '#lib/core/storable.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { ArmClient } from './client.ts';

/** The version that every cloud and agreement knows, and the later one that tells of partners. */
const API_VERSION = '2020-05-01';
const API_VERSION_RELATIONSHIPS = '2024-04-01';

const Word = z
  .string()
  .nullish()
  .catch(null)
  .transform((word) => storable(word || null));

export const ArmBillingAccount = z
  .object({
    name: z.string().min(1).max(200),
    properties: z
      .object({
        displayName: Word,
        agreementType: Word,
        accountType: Word,
        billingRelationshipTypes: z.array(z.string()).nullish().catch(null),
        hasReadAccess: z.boolean().nullish().catch(null),
      })
      .nullish(),
  })
  .transform(({ name, properties }) => ({
    /** The enrollment number, or `{guid}:{guid}_2019-05-31`. */
    name: storable(name),
    displayName: properties?.displayName ?? null,
    /** `EnterpriseAgreement`, `MicrosoftCustomerAgreement` …; an unknown word is kept as it came. */
    agreementType: properties?.agreementType ?? 'Unknown',
    /** `Enterprise`, `Business`, `Individual`, `Partner` … */
    accountType: properties?.accountType ?? null,
    /** `Direct`, `CSPCustomer` …; empty where Microsoft does not say. */
    relationships: (properties?.billingRelationshipTypes ?? []).map((word) => storable(word)),
    /** False for accounts that are listed although the caller may not read them. */
    hasReadAccess: properties?.hasReadAccess !== false,
  }));
export type ArmBillingAccount = z.infer<typeof ArmBillingAccount>;

/** The ARM path of a billing account. The name is data of somebody else; its colon stays as Microsoft writes it. */
export const billingAccountScope = (name: string): string =>
  `/providers/Microsoft.Billing/billingAccounts/${encodeURIComponent(name).replaceAll('%3A', ':')}`;

/**
 * The billing accounts on which the caller has any billing role; an empty list when there is none.
 * @see https://learn.microsoft.com/rest/api/billing/billing-accounts/list
 */
export const listBillingAccounts = (
  arm: ArmClient,
  options?: CallOptions,
): Promise<Result<ArmBillingAccount[]>> => list(arm, API_VERSION, options);

/**
 * The same, with what later versions of the service add: accounts that only they list, and whether a partner stands
 * between. Where a cloud does not know them, the list is that of the version that all know.
 */
export async function listBillingAccountsInFull(
  arm: ArmClient,
  options?: CallOptions,
): Promise<Result<ArmBillingAccount[]>> {
  const common = await list(arm, API_VERSION, options);
  if (!common.ok) return common;
  const later = await list(arm, API_VERSION_RELATIONSHIPS, options);
  if (!later.ok) return common;
  const byName = new Map(common.value.map((account) => [account.name.toLowerCase(), account]));
  for (const account of later.value) byName.set(account.name.toLowerCase(), account);
  return ok([...byName.values()]);
}

const list = (arm: ArmClient, version: string, options?: CallOptions) =>
  arm.list(`/providers/Microsoft.Billing/billingAccounts?api-version=${version}`, ArmBillingAccount, options);
