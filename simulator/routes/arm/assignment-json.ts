import type { RoleAssignment } from '../../state/azure.ts';

/**
 * The role's id comes back in the tenant's form or in the subscription's, whatever form was sent: clients have to
 * compare the last segment. The simulator uses the first in answers to PUT, the second elsewhere.
 */
export function assignmentJson(assignment: RoleAssignment, form: 'tenant' | 'subscription' = 'subscription') {
  const subscription = form === 'tenant' ? '' : (/^\/subscriptions\/[^/]+/.exec(assignment.scope)?.[0] ?? '');
  const scope = assignment.scope.replace(
    '/providers/microsoft.management/managementgroups/',
    '/providers/Microsoft.Management/managementGroups/',
  );
  return {
    properties: {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${assignment.roleId}`,
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope,
      condition: null,
      conditionVersion: null,
      createdOn: armTime(assignment.createdOn),
      updatedOn: armTime(assignment.createdOn),
      createdBy: assignment.createdBy,
      updatedBy: assignment.createdBy,
      delegatedManagedIdentityResourceId: null,
      description: assignment.description,
    },
    id: `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${assignment.name}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name: assignment.name,
  };
}

/** Resource Manager's times have seven digits after the second. */
const armTime = (moment: number): string => new Date(moment).toISOString().replace('Z', '0000Z');
