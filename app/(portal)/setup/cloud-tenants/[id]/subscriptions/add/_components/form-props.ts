import type { Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { commandedName } from '#lib/domain/subscription-additions/command-names.ts';
import { roleOf, type StoredRole } from '#lib/domain/subscription-additions/model.ts';
import type { AdditionView } from '#lib/domain/subscription-additions/queries.ts';
import { ACCESS_LEVEL_LABEL, type AccessLevel } from '#lib/domain/tenants/model.ts';
import type { ChooseFormProps } from './choose-form.tsx';
import type { PreviewScope } from './preview.tsx';

const LEVELS = ['resources', 'tags_in', 'tags_in_out'] as const satisfies readonly AccessLevel[];

export const PRINCIPAL_NAME = 'Cloud Tenant Setup';

/** What the form needs, and no more: it is sent to the browser. */
export function formProps(ctx: Ctx, addition: AdditionView): Omit<ChooseFormProps, 'isActive'> {
  const { delegation, subscriptions, groups, groupName, accessLevel, tenantId, principalId = '' } = addition;
  const groupLabels = new Map(
    groups.map(({ name, displayName }) => [scopeOfGroup(name).toLowerCase(), displayName]),
  );
  const scopeOf = (roleScope: string, name: string, roles: readonly StoredRole[]): PreviewScope => ({
    roleScope,
    name,
    has: roles.map(({ roleDefinitionId, roleScope: from }) => ({
      roleId: roleDefinitionId,
      ...(from.toLowerCase() !== roleScope.toLowerCase() && {
        from: groupLabels.get(from.toLowerCase()) ?? from,
      }),
    })),
    assignmentNames: Object.fromEntries(
      LEVELS.map((level) => [level, commandedName({ tenantId, roleScope, principalId, accessLevel: level })]),
    ),
  });
  const eligible = subscriptions.filter(({ obstacle, isAdded }) => !obstacle && !isAdded);
  return {
    flowId: delegation.flowId,
    subscriptions: subscriptions.map(({ subscriptionId, displayName, state, isAdded, obstacle }) => ({
      id: subscriptionId,
      name: displayName,
      state,
      ...(isAdded
        ? { reason: 'It is part of this portal already.' }
        : obstacle && { reason: reasonOf(obstacle) }),
    })),
    groups: groups.map(({ name, displayName, subscriptionIds }) => ({
      name,
      label: displayName,
      count: subscriptionIds.length,
    })),
    levels: LEVELS.map((value) => ({
      value,
      label: ACCESS_LEVEL_LABEL[value],
      roleId: roleOf(value).id,
      roleName: roleOf(value).name,
    })),
    initial: {
      chosen: eligible.filter(({ isChosen }) => isChosen).map(({ subscriptionId }) => subscriptionId),
      group: groupName,
      level: accessLevel,
    },
    preview: {
      principalName: PRINCIPAL_NAME,
      principalId,
      armUrl: ctx.microsoft.entra.settings.cloud.armUrl,
      subscriptions: Object.fromEntries(
        eligible.map(({ subscriptionId, displayName, roles }) => [
          subscriptionId,
          scopeOf(`/subscriptions/${subscriptionId}`, displayName, roles),
        ]),
      ),
      groups: Object.fromEntries(
        groups.map(({ name, displayName, roles }) => [name, scopeOf(scopeOfGroup(name), displayName, roles)]),
      ),
    },
  };
}

const scopeOfGroup = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`;

/** Why it cannot be chosen, for the person who has signed in. */
function reasonOf(problem: Problem): string {
  switch (problem.code) {
    case 'permission-missing':
      return problem.microsoft?.code === 'DenyAssignmentAuthorizationFailed'
        ? 'A deny assignment forbids to give roles on it. Whoever manages it, such as the owner of a deployment stack or managed application, can except this.'
        : 'You may read it, but not give roles on it. Its Owner or User Access Administrator can add it.';
    case 'azure-subscription-disabled':
      return `It is ${problem.state} in Azure, which refuses every change to it. Enable it in the Azure portal first.`;
    case 'wrong-tenant':
      return 'It belongs to another tenant and is only shown here. Connect that tenant to add it.';
    default: {
      const { title, action } = describeProblem(problem);
      return `${title} ${action}`;
    }
  }
}
