import { hash } from 'node:crypto';
import { storable } from '#lib/core/storable.ts';
import type { GraphUser, LicenseAssignmentState } from '#lib/microsoft/graph/user-row.ts';
import { mapInstant } from '../../instant.ts';

/** How a licence came to a user; a SKU may come several times, directly and by groups. */
export type LicenseAssignment = {
  readonly skuId: string;
  readonly disabledPlans: readonly string[];
  /** Null for a direct assignment. */
  readonly assignedByGroup: string | null;
  readonly state: string | null;
  readonly error: string | null;
};

/** A user as the database keeps it, but for the times of our own. Members carry the names of their columns. */
export type UserRow = {
  readonly id: string;
  readonly display_name: string | null;
  readonly company_name: string | null;
  readonly department: string | null;
  readonly mail: string | null;
  readonly given_name: string | null;
  readonly surname: string | null;
  readonly job_title: string | null;
  readonly state: string | null;
  readonly postal_code: string | null;
  readonly street_address: string | null;
  readonly city: string | null;
  readonly preferred_language: string | null;
  readonly usage_location: string | null;
  readonly user_principal_name: string | null;
  readonly office_location: string | null;
  readonly on_premises_extension_attributes: string | null;
  readonly country: string | null;
  readonly user_type: string | null;
  readonly account_enabled: boolean | null;
  readonly created_date_time: string | null;
  readonly manager_id: string | null;
  readonly sku_ids: readonly string[];
  readonly license_assignments: readonly LicenseAssignment[];
};

/**
 * Everything of a user that is kept, as Microsoft sent it: an empty string stays one, a missing value is null.
 */
export function mapUser(user: GraphUser): UserRow {
  return {
    id: user.id,
    display_name: storable(user.displayName),
    company_name: storable(user.companyName),
    department: storable(user.department),
    mail: storable(user.mail),
    given_name: storable(user.givenName),
    surname: storable(user.surname),
    job_title: storable(user.jobTitle),
    state: storable(user.state),
    postal_code: storable(user.postalCode),
    street_address: storable(user.streetAddress),
    city: storable(user.city),
    preferred_language: storable(user.preferredLanguage),
    usage_location: storable(user.usageLocation),
    user_principal_name: storable(user.userPrincipalName),
    office_location: storable(user.officeLocation),
    on_premises_extension_attributes: mapExtensionAttributes(user.onPremisesExtensionAttributes),
    country: storable(user.country),
    user_type: storable(user.userType),
    account_enabled: user.accountEnabled,
    created_date_time: mapInstant(user.createdDateTime),
    manager_id: user.manager?.id ?? null,
    sku_ids: distinctAscending(user.assignedLicenses.map(({ skuId }) => skuId)),
    license_assignments: mapAssignments(user.licenseAssignmentStates),
  };
}

/** A user's row, with the hash by which an unchanged user is recognised. */
export type HashedUser = { readonly id: string; readonly contentHash: string; readonly row: UserRow };

/** The users of a page, each once: of several rows with one id the last one counts. Ascending by id. */
export function hashUsers(users: readonly GraphUser[]): HashedUser[] {
  const byId = new Map(users.map((user) => [user.id, user]));
  // All writers take the rows in one order, so that no two of them wait for each other.
  return [...byId.keys()].sort().flatMap((id) => {
    const user = byId.get(id);
    return user ? hashRow(mapUser(user)) : [];
  });
}

/** A mapped user with the hash; it depends on the order of the members. */
export const hashRow = (row: UserRow): HashedUser => ({
  id: row.id,
  contentHash: hash('sha256', JSON.stringify(row), 'hex'),
  row,
});

/** Compact JSON of the attributes that have a value, keys ascending; null when none has. */
function mapExtensionAttributes(attributes: GraphUser['onPremisesExtensionAttributes']): string | null {
  const names: string[] = [];
  for (const name in attributes)
    if (attributes[name] !== null && attributes[name] !== undefined) names.push(name);
  if (!attributes || names.length === 0) return null;
  return JSON.stringify(Object.fromEntries(names.sort().map((name) => [name, attributes[name]])));
}

/** How licences came to a user, as it is kept. */
export const mapAssignments = (states: readonly LicenseAssignmentState[]): readonly LicenseAssignment[] =>
  states.map(mapAssignment);

const mapAssignment = (assignment: LicenseAssignmentState): LicenseAssignment => ({
  skuId: assignment.skuId,
  disabledPlans: assignment.disabledPlans,
  assignedByGroup: assignment.assignedByGroup,
  state: storable(assignment.state),
  error: storable(assignment.error),
});

const distinctAscending = (ids: readonly string[]): readonly string[] =>
  ids.length < 2 ? ids : [...new Set(ids)].sort();
