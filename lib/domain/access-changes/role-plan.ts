import { z } from 'zod';
import { type ArmRoleAssignment, ROLE, roleAssignmentName } from '#lib/microsoft/arm/role-assignments.ts';
import { subscriptionScope } from '#lib/microsoft/arm/scope.ts';
import { type OwnRoles, roleKey } from '../role-assignments/record.ts';
import type { AccessLevel } from '../tenants/model.ts';

/** The role in Azure that each level needs. The first two differ only in what the portal does. */
export const ROLE_OF_LEVEL: Readonly<Record<AccessLevel, string>> = {
  resources: ROLE.reader,
  tags_in: ROLE.reader,
  tags_in_out: ROLE.tagContributor,
};

/** The roles that levels need; a change of levels concerns no other one. */
const LEVEL_ROLES: ReadonlySet<string> = new Set(Object.values(ROLE_OF_LEVEL));

const ROLE_NAMES: Readonly<Record<string, string>> = {
  [ROLE.reader]: 'Reader',
  [ROLE.tagContributor]: 'Tag Contributor',
  [ROLE.owner]: 'Owner',
  [ROLE.contributor]: 'Contributor',
  [ROLE.userAccessAdministrator]: 'User Access Administrator',
  [ROLE.roleBasedAccessControlAdministrator]: 'Role Based Access Control Administrator',
};

/** What Azure calls a role; its GUID where it is none of those that concern us. */
export const roleName = (roleDefinitionId: string): string =>
  ROLE_NAMES[roleDefinitionId] ?? roleDefinitionId;

const AssignedRole = z.object({ roleDefinitionId: z.string(), roleScope: z.string(), name: z.string() });
/** A role assignment of our service principal: there, or to come. */
export type AssignedRole = z.infer<typeof AssignedRole>;

/**
 * Why a role is left where it is: `inherited` from a management group, which this change is not about; `not-ours`, as
 * somebody granted it outside the portal; `shared` with another connection of the directory.
 */
const STAY_REASONS = ['inherited', 'not-ours', 'shared'] as const;
export type StayReason = (typeof STAY_REASONS)[number];

/** What has to change in Azure for one subscription. Stored with the change. */
export const RolePlan = z.object({
  /** To be added first; absent where the role is there already. */
  add: AssignedRole.optional(),
  /** To be removed once the added one is there: roles that the portal gave, and that the level does not need. */
  remove: z.array(AssignedRole),
  stays: z.array(AssignedRole.extend({ why: z.enum(STAY_REASONS) })),
  /** Whether it was made from what Azure shows; else from the portal's record, because Azure could not be asked. */
  isSeen: z.boolean(),
});
export type RolePlan = z.infer<typeof RolePlan>;

const NOTHING: RolePlan = { remove: [], stays: [], isSeen: false };

/** A plan as it is kept with the change; what cannot be read says nothing. */
export const readRolePlan = (stored: unknown): RolePlan => RolePlan.safeParse(stored).data ?? NOTHING;

export type RolePlanInput = {
  readonly subscriptionId: string;
  /** Object id of our service principal in the directory. */
  readonly principalId: string;
  readonly toLevel: AccessLevel;
  /** All role assignments of our service principal that hold on the subscription. */
  readonly assigned: readonly AssignedRole[];
  readonly recorded: OwnRoles;
  readonly isSeen: boolean;
};

/**
 * What leads from the roles that are there to the one that the level needs. Inherited roles and roles granted outside
 * the portal count as much as ours, and are never removed.
 */
export function planRoles({
  subscriptionId,
  principalId,
  toLevel,
  assigned,
  recorded,
  isSeen,
}: RolePlanInput): RolePlan {
  const roleScope = subscriptionScope(subscriptionId);
  const wanted = ROLE_OF_LEVEL[toLevel];
  const whyStays = (role: AssignedRole): StayReason | undefined => {
    if (role.roleScope.toLowerCase() !== roleScope) return 'inherited';
    const key = roleKey(role.roleScope, role.name);
    if (!recorded.own.has(key)) return 'not-ours';
    return recorded.shared.has(key) ? 'shared' : undefined;
  };
  const others = assigned.filter(({ roleDefinitionId }) => roleDefinitionId !== wanted);
  const isThere = others.length < assigned.length;
  return {
    ...(!isThere && {
      add: {
        roleDefinitionId: wanted,
        roleScope,
        name: roleAssignmentName(roleScope, principalId, wanted),
      },
    }),
    remove: others.filter((role) => LEVEL_ROLES.has(role.roleDefinitionId) && !whyStays(role)),
    stays: assigned.flatMap((role) => {
      const why = whyStays(role);
      return why ? [{ ...role, why }] : [];
    }),
    isSeen,
  };
}

/** Whether Azure is as the level needs it. */
export const isNothing = ({ add, remove }: RolePlan): boolean => !add && remove.length === 0;

/** What the client tells of a role assignment, as far as a plan needs it. */
export const toAssignedRole = ({ roleDefinitionId, scope, name }: ArmRoleAssignment): AssignedRole => ({
  roleDefinitionId,
  roleScope: scope.toLowerCase(),
  name: name.toLowerCase(),
});
