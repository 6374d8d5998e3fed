import { guidOf } from './hash.ts';
import { noObstacles, type Obstacles } from './obstacles.ts';
import { CONTRIBUTOR_ROLE, OWNER_ROLE, READER_ROLE } from './role-definitions.ts';
import { CONTOSO_ID, FABRIKAM_ID, type Membership, NORTHWIND_ID } from './tenants.ts';

export type SubscriptionState = 'Enabled' | 'Warned' | 'PastDue' | 'Disabled' | 'Deleted';

export type Subscription = {
  readonly id: string;
  readonly tenantId: string;
  readonly displayName: string;
  state: SubscriptionState;
  /** Azure does not have it any more. */
  isDeleted?: boolean;
  /** It is left out of the lists of subscriptions, as when a list is not complete. */
  isHidden?: boolean;
  readonly quotaId: string;
  /** The management group directly above. */
  managementGroup: string;
  readonly tags: Readonly<Record<string, string>> | undefined;
};

/** A management group; the one without a parent is the tenant's root group. */
export type ManagementGroup = {
  readonly name: string;
  readonly tenantId: string;
  readonly parent?: string;
  /** Without one Azure shows the name. */
  readonly displayName?: string;
};

export type PrincipalType = 'User' | 'Group' | 'ServicePrincipal';

export type RoleAssignment = {
  /** The GUID that names it. */
  readonly name: string;
  /** ARM path, lower case. */
  readonly scope: string;
  readonly tenantId: string;
  readonly roleId: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
  readonly description: string | null;
  readonly createdOn: number;
  readonly createdBy: string;
};

/** All of Azure that the simulator holds. */
export type Azure = {
  readonly managementGroups: ManagementGroup[];
  readonly subscriptions: Map<string, Subscription>;
  /** Keyed by lower-case `scope/name`. */
  readonly roleAssignments: Map<string, RoleAssignment>;
  readonly obstacles: Obstacles;
};

export const managementGroupScope = (name: string): string =>
  `/providers/microsoft.management/managementgroups/${name.toLowerCase()}`;

/** Above every management group of a tenant; whoever elevates their access has a role there. */
export const ROOT_SCOPE = '/';

export const subscriptionScope = (id: string): string => `/subscriptions/${id.toLowerCase()}`;

export const assignmentKey = (scope: string, name: string): string => `${scope}/${name}`.toLowerCase();

/** Adds a subscription of that name, below the tenant's root group unless another one is given. */
export function addSubscription(
  azure: Azure,
  tenantId: string,
  displayName: string,
  more: Partial<Pick<Subscription, 'state' | 'managementGroup' | 'tags' | 'quotaId'>> = {},
): Subscription {
  const id = guidOf('subscription', tenantId, displayName);
  const subscription: Subscription = {
    id,
    tenantId,
    displayName,
    state: more.state ?? 'Enabled',
    quotaId: more.quotaId ?? 'EnterpriseAgreement_2014-09-01',
    managementGroup: more.managementGroup ?? tenantId,
    tags: more.tags,
  };
  azure.subscriptions.set(id, subscription);
  return subscription;
}

/** Adds a role assignment without asking whether anybody may. */
export function addRoleAssignment(
  azure: Azure,
  input: Omit<RoleAssignment, 'name' | 'description' | 'createdBy' | 'createdOn'> & { name?: string },
): RoleAssignment {
  const name = input.name ?? guidOf('assignment', input.scope, input.roleId, input.principalId);
  const assignment: RoleAssignment = {
    ...input,
    name,
    description: null,
    createdOn: Date.parse('2021-06-01T08:00:00Z'),
    createdBy: '',
  };
  azure.roleAssignments.set(assignmentKey(assignment.scope, name), assignment);
  return assignment;
}

/** The group that every tenant with subscriptions has. */
export function addRootGroup(azure: Azure, tenantId: string): void {
  if (!azure.managementGroups.some((group) => group.name === tenantId))
    azure.managementGroups.push({ name: tenantId, tenantId, displayName: 'Tenant Root Group' });
}

/** Adds subscriptions called `… 1` to `… n` below the tenant's root group, which the principal owns. */
export function addOwnedSubscriptions(
  azure: Azure,
  tenantId: string,
  prefix: string,
  count: number,
  ownerId: string,
): void {
  addRootGroup(azure, tenantId);
  for (let index = 1; index <= count; index++) addSubscription(azure, tenantId, `${prefix} ${index}`);
  const scope = managementGroupScope(tenantId);
  addRoleAssignment(azure, {
    scope,
    tenantId,
    roleId: OWNER_ROLE,
    principalId: ownerId,
    principalType: 'User',
  });
}

/**
 * Contoso: six subscriptions. Alex owns four (two directly, two through the management group "production"), reads a
 * fifth and contributes to the sixth, which is disabled; Olivia owns two. Fabrikam: one, owned by Fiona. Northwind: three.
 */
export function defaultAzure(memberships: readonly Membership[]): Azure {
  const azure: Azure = {
    managementGroups: [],
    subscriptions: new Map(),
    roleAssignments: new Map(),
    obstacles: noObstacles(),
  };
  const oid = (tenantId: string, mail: string) => {
    const found = memberships.find((m) => m.tenantId === tenantId && m.mail === mail);
    if (!found) throw new Error(`${mail} has no account in ${tenantId}`);
    return found.objectId;
  };
  const grant = (tenantId: string, scope: string, roleId: string, mail: string) =>
    addRoleAssignment(azure, {
      scope,
      tenantId,
      roleId,
      principalId: oid(tenantId, mail),
      principalType: 'User',
    });

  azure.managementGroups.push(
    { name: CONTOSO_ID, tenantId: CONTOSO_ID, displayName: 'Tenant Root Group' },
    {
      name: 'contoso-production',
      tenantId: CONTOSO_ID,
      parent: CONTOSO_ID,
      displayName: 'Contoso Production',
    },
    { name: FABRIKAM_ID, tenantId: FABRIKAM_ID },
  );
  const production = { managementGroup: 'contoso-production' };
  const costCenter = { tags: { CostCenter: '1001', Environment: 'Production' } };
  const eu = addSubscription(azure, CONTOSO_ID, 'Contoso Production EU', { ...production, ...costCenter });
  addSubscription(azure, CONTOSO_ID, 'Contoso Production US', production);
  const development = addSubscription(azure, CONTOSO_ID, 'Contoso Development', {
    quotaId: 'MSDN_2014-09-01',
  });
  const data = addSubscription(azure, CONTOSO_ID, 'Contoso Data, "Lab" & Söhne', { tags: {} });
  const finance = addSubscription(azure, CONTOSO_ID, 'Contoso Finance', { quotaId: 'PayAsYouGo_2014-09-01' });
  const archive = addSubscription(azure, CONTOSO_ID, 'Contoso Archive (disabled)', { state: 'Disabled' });

  const alex = 'alex.admin@contoso.com';
  const olivia = 'olivia.owner@contoso.com';
  grant(CONTOSO_ID, managementGroupScope('contoso-production'), OWNER_ROLE, alex);
  grant(CONTOSO_ID, subscriptionScope(development.id), OWNER_ROLE, alex);
  grant(CONTOSO_ID, subscriptionScope(data.id), OWNER_ROLE, alex);
  grant(CONTOSO_ID, subscriptionScope(finance.id), READER_ROLE, alex);
  grant(CONTOSO_ID, subscriptionScope(archive.id), CONTRIBUTOR_ROLE, alex);
  grant(CONTOSO_ID, subscriptionScope(eu.id), OWNER_ROLE, olivia);
  grant(CONTOSO_ID, subscriptionScope(finance.id), OWNER_ROLE, olivia);

  const fabrikam = addSubscription(azure, FABRIKAM_ID, 'Fabrikam Production');
  grant(FABRIKAM_ID, subscriptionScope(fabrikam.id), OWNER_ROLE, 'fiona.admin@fabrikam.com');
  addOwnedSubscriptions(azure, NORTHWIND_ID, 'Northwind', 3, oid(NORTHWIND_ID, 'nora.admin@northwind.com'));
  return azure;
}

/**
 * The scope itself and all scopes above it, nearest first; undefined when the scope is not part of this Azure. The root
 * scope is every tenant's: whose is meant is up to the caller.
 */
export function scopeChain(
  azure: Azure,
  scope: string,
  rootOf = '',
): { tenantId: string; scopes: string[] } | undefined {
  const lower = scope.toLowerCase().replace(/\/+$/, '');
  if (lower === '') return { tenantId: rootOf, scopes: [ROOT_SCOPE] };
  const subscriptionId = /^\/subscriptions\/([^/]+)/.exec(lower)?.[1];
  if (subscriptionId) {
    const subscription = azure.subscriptions.get(subscriptionId);
    if (!subscription || subscription.isDeleted) return undefined;
    const below = lower === subscriptionScope(subscriptionId) ? [] : [lower];
    const groups = groupChain(azure, subscription.managementGroup);
    return {
      tenantId: subscription.tenantId,
      scopes: [...below, subscriptionScope(subscriptionId), ...groups, ROOT_SCOPE],
    };
  }
  const groupName = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/.exec(lower)?.[1];
  const group = azure.managementGroups.find((candidate) => candidate.name.toLowerCase() === groupName);
  return group && { tenantId: group.tenantId, scopes: [...groupChain(azure, group.name), ROOT_SCOPE] };
}

function groupChain(azure: Azure, name: string): string[] {
  const group = azure.managementGroups.find((candidate) => candidate.name === name);
  if (!group) return [];
  const own = managementGroupScope(group.name);
  return group.parent ? [own, ...groupChain(azure, group.parent)] : [own];
}

/** Role assignments of the principal that count at the scope: its own and the inherited ones. */
export function effectiveAssignments(
  azure: Azure,
  scopes: readonly string[],
  principalId: string,
): RoleAssignment[] {
  return [...azure.roleAssignments.values()].filter(
    (assignment) => assignment.principalId === principalId && scopes.includes(assignment.scope),
  );
}
