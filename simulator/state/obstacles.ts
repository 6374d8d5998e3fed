import { newGuid } from './hash.ts';

/** A management lock. It holds for its scope and everything below it. */
export type Lock = {
  readonly id: string;
  readonly name: string;
  /** ARM path, lower case. */
  readonly scope: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
};

/** What nobody whom it names may do at its scope and below it, whatever roles they have. */
export type DenyAssignment = {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly actions: readonly string[];
  /** Object ids; undefined for everybody. */
  readonly principalIds: readonly string[] | undefined;
  readonly excludedPrincipalIds: readonly string[];
};

/** An Azure Policy with the effect Deny that covers role assignments. */
export type DenyPolicy = {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  /** The roles that must not be assigned; undefined for all of them. */
  readonly roleIds: readonly string[] | undefined;
};

/** What stands in the way of changes although somebody has the right to make them. */
export type Obstacles = {
  readonly locks: Lock[];
  readonly denyAssignments: DenyAssignment[];
  readonly policies: DenyPolicy[];
};

export const noObstacles = (): Obstacles => ({ locks: [], denyAssignments: [], policies: [] });

export const obstacleId = newGuid;

/** The locks that forbid it: a read-only one forbids every change, the other one only deletions. */
export const locksAgainst = (
  { locks }: Obstacles,
  scopes: readonly string[],
  change: 'write' | 'delete',
): Lock[] =>
  locks.filter(({ scope, level }) => scopes.includes(scope) && (level === 'ReadOnly' || change === 'delete'));

/** The deny assignment that forbids the action to the principal. */
export const deniedBy = (
  { denyAssignments }: Obstacles,
  scopes: readonly string[],
  principalId: string,
  action: string,
): DenyAssignment | undefined =>
  denyAssignments.find(
    ({ scope, actions, principalIds, excludedPrincipalIds }) =>
      scopes.includes(scope) &&
      (principalIds?.includes(principalId) ?? true) &&
      !excludedPrincipalIds.includes(principalId) &&
      actions.some((pattern) => covers(pattern, action)),
  );

const covers = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 'i').test(action);

/** The policy that forbids to assign the role. */
export const policyAgainst = (
  { policies }: Obstacles,
  scopes: readonly string[],
  roleId: string,
): DenyPolicy | undefined =>
  policies.find(({ scope, roleIds }) => scopes.includes(scope) && (roleIds?.includes(roleId) ?? true));
