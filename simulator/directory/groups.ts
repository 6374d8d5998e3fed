import { guidOf } from '../state/hash.ts';
import { assignmentErrors, groupId } from './columns.ts';
import type { Directory } from './directory.ts';
import { SKUS } from './sku-catalog.ts';

/** One group as `/groups` lists it. */
export type Group = {
  readonly id: string;
  readonly displayName: string | null;
  readonly assignedLicenses: readonly { readonly skuId: string; readonly disabledPlans: readonly string[] }[];
  readonly [property: string]: unknown;
};

/** Groups without licences, which every directory has more of. */
const PLAIN_GROUPS = [
  'All company',
  'Marketing',
  'Sales EMEA',
  'Project Apollo',
  'VPN users',
  'Works council',
];

/** The groups of the directory: one for each SKU that gives it, then those that give none. */
export function groupsOf(directory: Directory): Group[] {
  const { tenant } = directory.rows;
  const common = {
    createdDateTime: '2020-02-03T04:05:06Z',
    deletedDateTime: null,
    description: null,
    mail: null,
    mailEnabled: false,
    mailNickname: 'group',
    securityEnabled: true,
    visibility: null,
  };
  const licensed = SKUS.map((sku, position) => {
    const isDynamic = position % 3 === 0;
    return {
      ...common,
      id: groupId(tenant.id, position),
      displayName: position === 4 ? 'Vertrieb & Außendienst (E5)' : `LIC-${sku.partNumber}`,
      groupTypes: isDynamic ? ['DynamicMembership'] : [],
      membershipRule: isDynamic ? '(user.department -ne null)' : null,
      membershipRuleProcessingState: isDynamic ? 'On' : null,
      assignedLicenses: [{ skuId: sku.skuId, disabledPlans: [] }],
      licenseProcessingState: { state: 'ProcessingComplete' },
    };
  });
  const plain = PLAIN_GROUPS.map((displayName) => ({
    ...common,
    id: guidOf('group', tenant.id, displayName),
    displayName,
    groupTypes: ['Unified'],
    membershipRule: null,
    membershipRuleProcessingState: null,
    assignedLicenses: [],
    licenseProcessingState: null,
  }));
  return [...licensed, ...plain].flatMap((group) => {
    const change = directory.groupChanges.get(group.id);
    return change === 'gone' ? [] : { ...group, ...change };
  });
}

/** Rows of the users who did not get all the licences that the group gives, ascending. */
export function membersWithErrors(directory: Directory, id: string): number[] {
  const generated = (directory.generatedErrors.get(id) ?? []).filter(
    (index) => directory.exists(index) && !directory.isChanged(index),
  );
  const changed = directory
    .changedRows()
    .filter(
      (index) =>
        directory.exists(index) &&
        assignmentErrors(directory.value(index, 'licenseAssignmentStates')).has(id),
    );
  return [...new Set([...generated, ...changed])].sort((a, b) => a - b);
}
