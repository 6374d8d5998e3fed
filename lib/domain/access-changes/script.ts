import { type AssignedRole, type RolePlan, roleName } from './role-plan.ts';

export type ScriptedChange = {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly plan: RolePlan;
};

/**
 * The same changes as commands of the Azure CLI, in the same order: every role is added before one is removed. The
 * assignments carry the portal's names, so that it knows them for its own later.
 * @see https://learn.microsoft.com/cli/azure/role/assignment
 */
export function azureCliScript(changes: readonly ScriptedChange[], principalId: string): string {
  const adds = changes.flatMap(({ plan, ...of }) => (plan.add ? [addLine(plan.add, of, principalId)] : []));
  const removes = changes.flatMap(({ plan, ...of }) => plan.remove.map((role) => removeLine(role, of)));
  if (adds.length + removes.length === 0) return '';
  return ['set -e', ...adds, ...removes, ''].join('\n');
}

type Of = Omit<ScriptedChange, 'plan'>;

const addLine = ({ roleDefinitionId, roleScope, name }: AssignedRole, of: Of, principalId: string): string =>
  [
    comment(`${roleName(roleDefinitionId)} on`, of),
    `az role assignment create --name ${name} --role ${roleDefinitionId} \\`,
    `  --assignee-object-id ${principalId} --assignee-principal-type ServicePrincipal \\`,
    `  --scope ${roleScope}`,
  ].join('\n');

const removeLine = ({ roleDefinitionId, roleScope, name }: AssignedRole, of: Of): string =>
  [
    comment(`no longer ${roleName(roleDefinitionId)} on`, of),
    `az role assignment delete --ids ${roleScope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
  ].join('\n');

/** The name comes from Azure: it must not end the comment and begin a command. */
const comment = (what: string, { displayName }: Of): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  `# ${what} ${displayName.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')}`;
