import type { AssignedLicense, GraphUser, LicenseAssignmentState } from '#lib/microsoft/graph/user-row.ts';
import type { ChangedUser } from '#lib/microsoft/graph/users-delta.ts';
import type { LicenseAssignment } from './map.ts';

/** What is kept of a user who is in the directory, as far as a delta query may leave it out. */
export type KeptMembers = {
  readonly managerId: string | null;
  readonly skuIds: readonly string[];
  readonly licenseAssignments: readonly LicenseAssignment[];
};

/**
 * Whether a changed user has to be read: the row does not say how the licences came, and what is kept does not tell
 * either, because other licences are assigned now, or the user is new or was restored.
 */
export function needsReading(user: ChangedUser, kept: KeptMembers | undefined): boolean {
  if (user.licenseAssignmentStates !== undefined) return false;
  return kept ? hasOtherLicences(user.assignedLicenses, kept) : user.assignedLicenses.length > 0;
}

/** The whole user: what the row says, else what is kept. Of a user who is not kept, what is not said is not there. */
export function completeUser(user: ChangedUser, kept: KeptMembers | undefined): GraphUser {
  return {
    ...user,
    manager: user.manager === undefined ? keptManager(kept) : user.manager,
    licenseAssignmentStates: user.licenseAssignmentStates ?? (kept?.licenseAssignments ?? []).map(asState),
  };
}

const keptManager = (kept: KeptMembers | undefined): GraphUser['manager'] =>
  kept?.managerId ? { id: kept.managerId } : null;

const asState = (assignment: LicenseAssignment): LicenseAssignmentState => ({
  ...assignment,
  lastUpdatedDateTime: null,
});

function hasOtherLicences(assigned: readonly AssignedLicense[], kept: KeptMembers): boolean {
  const skuIds = new Set(assigned.map(({ skuId }) => skuId));
  if (skuIds.size !== kept.skuIds.length || kept.skuIds.some((skuId) => !skuIds.has(skuId))) return true;
  // A SKU that came in one way has the plans switched off that this way says; of several ways Graph names the sum.
  return assigned.some(({ skuId, disabledPlans }) => {
    const ways = kept.licenseAssignments.filter((way) => way.skuId === skuId);
    return ways.length === 1 && ways[0] !== undefined && !isSameSet(ways[0].disabledPlans, disabledPlans);
  });
}

const isSameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((each) => others.includes(each));
