import { DELTA_FIELDS } from '#lib/microsoft/graph/users-delta.ts';
import type { UserRow } from './phases/users/map.ts';

/** What can be done without, by Microsoft's names, and the column that keeps it. */
const COLUMN_OF = {
  mail: 'mail',
  givenName: 'given_name',
  surname: 'surname',
  jobTitle: 'job_title',
  companyName: 'company_name',
  department: 'department',
  officeLocation: 'office_location',
  streetAddress: 'street_address',
  postalCode: 'postal_code',
  city: 'city',
  state: 'state',
  country: 'country',
  usageLocation: 'usage_location',
  preferredLanguage: 'preferred_language',
  userType: 'user_type',
  accountEnabled: 'account_enabled',
  createdDateTime: 'created_date_time',
  manager: 'manager_id',
  licenseAssignmentStates: 'license_assignments',
  onPremisesExtensionAttributes: 'on_premises_extension_attributes',
} as const satisfies Record<string, keyof UserRow>;

/** A field of users that an organization may switch off. */
export type SwitchableField = keyof typeof COLUMN_OF;

export const SWITCHABLE_FIELDS = Object.keys(COLUMN_OF) as SwitchableField[];

export const columnOf = (field: SwitchableField): keyof UserRow => COLUMN_OF[field];

/** Those of the names that are fields which can be switched off: the database may have older ones. */
export const switchableFields = (names: readonly string[]): SwitchableField[] =>
  SWITCHABLE_FIELDS.filter((field) => names.includes(field));

/** What is asked for of each user, by Microsoft's names, the manager included. */
export const importedFields = (switchedOff: readonly SwitchableField[]): string[] =>
  DELTA_FIELDS.filter((field) => !(switchedOff as readonly string[]).includes(field));

/** What a column has of a user whose field is switched off. */
export const emptyValue = (field: SwitchableField): null | readonly [] =>
  field === 'licenseAssignmentStates' ? [] : null;
