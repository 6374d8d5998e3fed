import { isGuid } from './hash.ts';

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
