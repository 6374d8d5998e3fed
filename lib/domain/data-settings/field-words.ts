import type { SwitchableField } from '#lib/domain/imports/fields.ts';

export type FieldWords = {
  readonly label: string;
  /** What follows from switching the field off. */
  readonly consequence: string;
};

const EMPTY = 'Empty on the page of a user and in the CSV file.';

/** How people call the fields, and what they lose with each. */
export const FIELD_WORDS: Readonly<Record<SwitchableField, FieldWords>> = {
  mail: {
    label: 'Mail',
    consequence: `${EMPTY} The search finds people by name and user principal name only.`,
  },
  givenName: { label: 'Given name', consequence: `${EMPTY} The display name stays.` },
  surname: { label: 'Surname', consequence: `${EMPTY} The display name stays.` },
  jobTitle: { label: 'Job title', consequence: `${EMPTY} The list of users shows none.` },
  companyName: { label: 'Company', consequence: `${EMPTY} The licence figures by company become empty.` },
  department: {
    label: 'Department',
    consequence: `${EMPTY} The licence figures by department become empty, and the filter by department finds nobody.`,
  },
  officeLocation: { label: 'Office', consequence: EMPTY },
  streetAddress: { label: 'Street address', consequence: EMPTY },
  postalCode: { label: 'Postal code', consequence: EMPTY },
  city: { label: 'City', consequence: EMPTY },
  state: { label: 'State or province', consequence: EMPTY },
  country: {
    label: 'Country',
    consequence: `${EMPTY} The licence figures by country become empty, and the filter by country finds nobody.`,
  },
  usageLocation: {
    label: 'Usage location',
    consequence: `${EMPTY} It cannot be seen who lacks the one that a licence needs.`,
  },
  preferredLanguage: { label: 'Preferred language', consequence: EMPTY },
  userType: { label: 'User type', consequence: `${EMPTY} Guests and members cannot be told apart.` },
  accountEnabled: {
    label: 'Account enabled',
    consequence: `${EMPTY} It cannot be seen which disabled accounts still have licences.`,
  },
  createdDateTime: { label: 'Created', consequence: EMPTY },
  manager: { label: 'Manager', consequence: `${EMPTY} The page of a manager counts no reports.` },
  licenseAssignmentStates: {
    label: 'How licences are assigned',
    consequence:
      'Assigned licences stay. Whether one came directly or by a group, and why one failed, is not shown any more.',
  },
  onPremisesExtensionAttributes: { label: 'Extension attributes', consequence: EMPTY },
};
