import { guidOf, isGuid } from './hash.ts';
import { CONTOSO_ID, FABRIKAM_ID, type Membership, NORTHWIND_ID } from './tenants.ts';

export type SubscriptionState = 'Enabled' | 'Warned' | 'PastDue' | 'Disabled' | 'Deleted';

export type Subscription = {
  readonly id: string;
  readonly tenantId: string;
  readonly displayName: string;
  state: SubscriptionState;
  readonly quotaId: string;
  /** The management group directly above. */
  readonly managementGroup: string;
  readonly tags: Readonly<Record<string, string>> | undefined;
};

/** A management group; the one without a parent is the tenant's root group. */
export type ManagementGroup = { readonly name: string; readonly tenantId: string; readonly parent?: string };

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

export type RoleDefinition = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
};

const role = (
  id: string,
  name: string,
  description: string,
  actions: readonly string[],
  notActions: readonly string[] = [],
): RoleDefinition => ({ id, name, description, actions, notActions });

/** Built-in roles. @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const ROLE_DEFINITIONS: readonly RoleDefinition[] = [
  role(
    '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    'Owner',
    'Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.',
    ['*'],
  ),
  role(
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    'Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC, manage assignments in Azure Blueprints, or share image galleries.',
    ['*'],
    [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
      'Microsoft.Blueprint/blueprintAssignments/write',
      'Microsoft.Blueprint/blueprintAssignments/delete',
      'Microsoft.Compute/galleries/share/action',
    ],
  ),
  role(
    'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    'Reader',
    'View all resources, but does not allow you to make any changes.',
    ['*/read'],
  ),
  role(
    '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    'User Access Administrator',
    'Lets you manage user access to Azure resources.',
    ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  ),
  role(
    'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    'Role Based Access Control Administrator',
    'Manage access to Azure resources by assigning roles using Azure RBAC. This role does not allow you to manage access using other ways, such as Azure Policy.',
    [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
      'Microsoft.Support/*',
    ],
  ),
  role(
    '4a9ae827-6dc8-4573-8ac7-8239d42aa03f',
    'Tag Contributor',
    'Lets you manage tags on entities, without providing access to the entities themselves.',
    [
      'Microsoft.Authorization/*/read',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
      'Microsoft.Resources/subscriptions/resources/read',
      'Microsoft.Resources/deployments/*',
      'Microsoft.Insights/alertRules/*',
      'Microsoft.Support/*',
      'Microsoft.Resources/tags/*',
    ],
  ),
  role('fa23ad8b-c56e-40d8-ac0c-ce449e1d2c64', 'Billing Reader', 'Allows read access to billing data', [
    'Microsoft.Authorization/*/read',
    'Microsoft.Billing/*/read',
    'Microsoft.Commerce/*/read',
    'Microsoft.Consumption/*/read',
    'Microsoft.Management/managementGroups/read',
    'Microsoft.CostManagement/*/read',
    'Microsoft.Support/*',
  ]),
];

export const OWNER_ROLE = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
export const CONTRIBUTOR_ROLE = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
export const READER_ROLE = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const USER_ACCESS_ADMINISTRATOR_ROLE = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';

/** All of Azure that the simulator holds. */
export type Azure = {
  readonly managementGroups: ManagementGroup[];
  readonly subscriptions: Map<string, Subscription>;
  /** Keyed by lower-case `scope/name`. */
  readonly roleAssignments: Map<string, RoleAssignment>;
};

export const managementGroupScope = (name: string): string =>
  `/providers/microsoft.management/managementgroups/${name.toLowerCase()}`;

export const subscriptionScope = (id: string): string => `/subscriptions/${id.toLowerCase()}`;

export const assignmentKey = (scope: string, name: string): string => `${scope}/${name}`.toLowerCase();

function addSubscription(
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

/** Adds subscriptions called `… 1` to `… n` below the tenant's root group, which the principal owns. */
export function addOwnedSubscriptions(
  azure: Azure,
  tenantId: string,
  prefix: string,
  count: number,
  ownerId: string,
): void {
  if (!azure.managementGroups.some((group) => group.name === tenantId))
    azure.managementGroups.push({ name: tenantId, tenantId });
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
  const azure: Azure = { managementGroups: [], subscriptions: new Map(), roleAssignments: new Map() };
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
    { name: CONTOSO_ID, tenantId: CONTOSO_ID },
    { name: 'contoso-production', tenantId: CONTOSO_ID, parent: CONTOSO_ID },
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

/** The scope itself and all scopes above it, nearest first; undefined when the scope is not part of this Azure. */
export function scopeChain(azure: Azure, scope: string): { tenantId: string; scopes: string[] } | undefined {
  const lower = scope.toLowerCase().replace(/\/+$/, '');
  const subscriptionId = /^\/subscriptions\/([^/]+)/.exec(lower)?.[1];
  if (subscriptionId) {
    const subscription = azure.subscriptions.get(subscriptionId);
    if (!subscription) return undefined;
    const below = lower === subscriptionScope(subscriptionId) ? [] : [lower];
    const groups = groupChain(azure, subscription.managementGroup);
    return {
      tenantId: subscription.tenantId,
      scopes: [...below, subscriptionScope(subscriptionId), ...groups],
    };
  }
  const groupName = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/.exec(lower)?.[1];
  const group = azure.managementGroups.find((candidate) => candidate.name.toLowerCase() === groupName);
  return group && { tenantId: group.tenantId, scopes: groupChain(azure, group.name) };
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

/** Whether one role allows an action: a match in `actions` that `notActions` does not take away. */
export function allows(definition: RoleDefinition, action: string): boolean {
  const matches = (pattern: string) =>
    new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 'i').test(action);
  return definition.actions.some(matches) && !definition.notActions.some(matches);
}

export const roleDefinition = (id: string): RoleDefinition | undefined =>
  ROLE_DEFINITIONS.find((definition) => definition.id === id.toLowerCase());

/** The role's GUID from any of the forms in which a role definition id is written. */
export function roleIdOf(roleDefinitionId: string): string | undefined {
  const last = roleDefinitionId.split('/').at(-1)?.toLowerCase();
  return last && isGuid(last) ? last : undefined;
}
