import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { GraphClient } from './client.ts';

export type AssignedLicense = { readonly skuId: string; readonly disabledPlans: readonly string[] };

/** How one licence came to the user; a SKU may appear several times (direct and by groups). */
export type LicenseAssignmentState = {
  readonly skuId: string;
  readonly disabledPlans: readonly string[];
  /** Null for a direct assignment. */
  readonly assignedByGroup: string | null;
  readonly state: string | null;
  readonly error: string | null;
  readonly lastUpdatedDateTime: string | null;
};

/** One user with Microsoft's field names. A member that Graph left out is null; ids are lower case. */
export type GraphUser = {
  readonly id: string;
  readonly displayName: string | null;
  readonly companyName: string | null;
  readonly department: string | null;
  readonly mail: string | null;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly jobTitle: string | null;
  readonly state: string | null;
  readonly postalCode: string | null;
  readonly streetAddress: string | null;
  readonly city: string | null;
  readonly preferredLanguage: string | null;
  readonly usageLocation: string | null;
  readonly userPrincipalName: string | null;
  readonly officeLocation: string | null;
  readonly country: string | null;
  readonly userType: string | null;
  readonly accountEnabled: boolean | null;
  readonly createdDateTime: string | null;
  readonly assignedLicenses: readonly AssignedLicense[];
  readonly licenseAssignmentStates: readonly LicenseAssignmentState[];
  readonly onPremisesExtensionAttributes: Readonly<Record<string, string | null>> | null;
  readonly manager: { readonly id: string } | null;
};

export type UserPage = {
  readonly users: readonly GraphUser[];
  /** Where the next page is; absent on the last one. Opaque; expires within minutes. */
  readonly nextLink?: string;
  /** How many users the directory has; on the first page only. */
  readonly expected?: number;
  /** Rows that are no people (agent identities), not in `users`, but counted by `expected`. */
  readonly leftOut: number;
};

export type UserPagesOptions = CallOptions & {
  /** A `nextLink` of an earlier page to go on from. */
  readonly startLink?: string;
};

/**
 * All users of the directory, page by page; ends after the last page or after the first failure.
 * Application permission: User.Read.All. Problems: permission-missing, page-expired (start again without
 * `startLink`), throttled, upstream-unavailable, upstream-shape, foreign-link …
 * @see https://learn.microsoft.com/graph/api/user-list
 */
// biome-ignore lint/correctness/useYield: the body follows
export async function* userPages(
  _graph: GraphClient,
  _options: UserPagesOptions = {},
): AsyncGenerator<Result<UserPage>, void, undefined> {
  throw new Error('not implemented');
}
