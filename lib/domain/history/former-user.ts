import { z } from 'zod';
import { productNameById, productOf } from '#lib/domain/licensing/product-names/product-names.ts';

const Assignment = z.object({
  skuId: z.string(),
  disabledPlans: z.array(z.string()),
  assignedByGroup: z.string().nullable(),
  state: z.string().nullable(),
  error: z.string().nullable(),
});

const Text = z.string().nullable().default(null);

/** A user's row, as it is or was: members named as its columns. A column that came later is empty. */
export const FormerUser = z.object({
  display_name: Text,
  user_principal_name: Text,
  mail: Text,
  given_name: Text,
  surname: Text,
  job_title: Text,
  company_name: Text,
  department: Text,
  office_location: Text,
  street_address: Text,
  postal_code: Text,
  city: Text,
  state: Text,
  country: Text,
  usage_location: Text,
  preferred_language: Text,
  user_type: Text,
  account_enabled: z.boolean().nullable().default(null),
  created_date_time: Text.transform((text) => text && new Date(text).toISOString()),
  manager_id: Text,
  on_premises_extension_attributes: Text,
  sku_ids: z.array(z.string()).default([]),
  license_assignments: z.array(Assignment).default([]),
  deleted_at: Text,
});
export type FormerUser = z.infer<typeof FormerUser>;

/** What differs between two rows of a user, in words; licences that came or went are told by themselves. */
export type FieldChange = {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
};

type Plain = Exclude<keyof FormerUser, 'sku_ids' | 'license_assignments' | 'deleted_at'>;

/** How people call the fields, in the order of the user's page. */
const LABELS: Readonly<Record<Plain, string>> = {
  display_name: 'Display name',
  user_principal_name: 'User principal name',
  mail: 'Mail',
  given_name: 'Given name',
  surname: 'Surname',
  job_title: 'Job title',
  company_name: 'Company',
  department: 'Department',
  office_location: 'Office',
  street_address: 'Street address',
  postal_code: 'Postal code',
  city: 'City',
  state: 'State or province',
  country: 'Country',
  usage_location: 'Usage location',
  preferred_language: 'Preferred language',
  user_type: 'User type',
  account_enabled: 'Account enabled',
  created_date_time: 'Created',
  manager_id: 'Manager',
  on_premises_extension_attributes: 'Extension attributes',
};

/** Part numbers of a directory's SKUs by id; for names. */
export type PartNumbers = ReadonlyMap<string, string>;

/** A product's name as far as it is known. */
export function productName(skuId: string, partNumbers: PartNumbers): string {
  const partNumber = partNumbers.get(skuId);
  return partNumber === undefined ? (productNameById(skuId) ?? skuId) : productOf(skuId, partNumber).name;
}

/** What differs, field by field. */
export function fieldChanges(before: FormerUser, after: FormerUser, partNumbers: PartNumbers): FieldChange[] {
  const plain = (Object.keys(LABELS) as Plain[]).map((field) => ({
    field: LABELS[field],
    before: inWords(before[field]),
    after: inWords(after[field]),
  }));
  // Of a licence that came or went, how it came goes without saying.
  const inBoth = new Set(before.sku_ids.filter((id) => after.sku_ids.includes(id)));
  const assignments = {
    field: 'Licence assignments',
    before: assignmentsInWords(before, inBoth, partNumbers),
    after: assignmentsInWords(after, inBoth, partNumbers),
  };
  return [...plain, assignments].filter((change) => change.before !== change.after);
}

const inWords = (value: string | boolean | null): string | null =>
  typeof value === 'boolean' ? (value ? 'Yes' : 'No') : value;

function assignmentsInWords(
  { license_assignments: assignments }: FormerUser,
  skuIds: ReadonlySet<string>,
  partNumbers: PartNumbers,
): string | null {
  const words = assignments
    .filter(({ skuId }) => skuIds.has(skuId))
    .map(({ skuId, assignedByGroup, state, error, disabledPlans }) => {
      const way = assignedByGroup === null ? 'directly' : `by group ${assignedByGroup}`;
      const trouble = error && error !== 'None' ? `, ${error}` : '';
      const plans = disabledPlans.length > 0 ? `, ${disabledPlans.length} service plans off` : '';
      return `${productName(skuId, partNumbers)} ${way}${state ? `, ${state}` : ''}${trouble}${plans}`;
    })
    .sort();
  return words.length > 0 ? words.join('; ') : null;
}
