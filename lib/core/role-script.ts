/** A role that is to be given, as the commands need it. Of texts alone: browsers make scripts of them, too. */
export type RoleToGive = {
  /** ARM path of a subscription or a management group. */
  readonly roleScope: string;
  /** The role's GUID. */
  readonly roleDefinitionId: string;
  /** The GUID that names the assignment, by which the portal knows it for one of this organization. */
  readonly name: string;
};

type Principal = {
  /** Object id of our service principal in the directory. */
  readonly principalId: string;
};

/**
 * The commands of the Azure CLI that give the roles.
 * @see https://learn.microsoft.com/cli/azure/role/assignment#az-role-assignment-create
 */
export const azScript = (roles: readonly RoleToGive[], { principalId }: Principal): string =>
  roles
    .map(({ roleScope, roleDefinitionId, name }) =>
      [
        `az role assignment create --name ${name} --role ${roleDefinitionId}`,
        `--assignee-object-id ${principalId} --assignee-principal-type ServicePrincipal`,
        `--scope "${roleScope}"`,
      ].join(' \\\n  '),
    )
    .join('\n');

/**
 * The same as requests to Azure Resource Manager.
 * @see https://learn.microsoft.com/rest/api/authorization/role-assignments/create
 */
export const restScript = (
  roles: readonly RoleToGive[],
  { principalId, armUrl }: Principal & { readonly armUrl: string },
): string =>
  roles
    .map(({ roleScope, roleDefinitionId, name }) => {
      const path = `${roleScope}/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=2022-04-01`;
      const definition = `/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`;
      const properties = { roleDefinitionId: definition, principalId, principalType: 'ServicePrincipal' };
      return `PUT ${armUrl}${path}\nContent-Type: application/json\n\n${JSON.stringify({ properties })}`;
    })
    .join('\n\n');
