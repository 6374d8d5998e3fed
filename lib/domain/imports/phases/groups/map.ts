import { storable } from '#lib/core/storable.ts';
import type { GraphLicensedGroup, MemberWithLicenseErrors } from '#lib/microsoft/graph/groups.ts';

/** A group that gives licences, as the database keeps it. Members carry the names of their columns. */
export type LicensedGroupRow = {
  readonly id: string;
  readonly display_name: string | null;
  /** Ascending, each once. */
  readonly sku_ids: readonly string[];
  readonly is_dynamic: boolean;
  readonly processing_state: string | null;
  /** Null where Microsoft did not say. */
  readonly members_with_errors: number | null;
};

/** A licence that a group gives and a member did not get, or not wholly. */
export type LicenceErrorRow = {
  readonly group_id: string;
  readonly user_id: string;
  readonly sku_id: string;
  readonly state: string;
  readonly error: string;
};

/** What was found out about the members of a group; undefined where Microsoft did not say. */
export type GroupWithErrors = {
  readonly group: GraphLicensedGroup;
  readonly members: readonly MemberWithLicenseErrors[] | undefined;
};

export function mapGroup({ group, members }: GroupWithErrors): LicensedGroupRow {
  return {
    id: group.id,
    display_name: storable(group.displayName),
    sku_ids: [...new Set(group.assignedLicenses.map(({ skuId }) => skuId))].sort(),
    is_dynamic: group.groupTypes.includes('DynamicMembership'),
    processing_state: storable(group.licenseProcessingState),
    members_with_errors: members ? new Set(members.map(({ id }) => id)).size : null,
  };
}

/** States of an assignment that failed, wholly or in part. */
const FAILED: ReadonlySet<string | null> = new Set(['Error', 'ActiveWithError']);

/** The failed assignments of a group's members: of a SKU that a member has several times, the last one counts. */
export function mapErrors({ group, members = [] }: GroupWithErrors): LicenceErrorRow[] {
  const rows = members.flatMap(({ id, licenseAssignmentStates }) =>
    licenseAssignmentStates
      .filter(({ assignedByGroup, state }) => assignedByGroup === group.id && FAILED.has(state))
      .map(({ skuId, state, error }) => ({
        group_id: group.id,
        user_id: id,
        sku_id: skuId,
        state: storable(state ?? ''),
        error: storable(error ?? ''),
      })),
  );
  return [...new Map(rows.map((row) => [`${row.user_id} ${row.sku_id}`, row])).values()];
}
