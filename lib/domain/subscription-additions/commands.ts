import { Guid, type TenantId } from '#lib/core/ids.ts';
import { azScript, restScript } from '#lib/core/role-script.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { isManagementGroupName, managementGroupScope, subscriptionScope } from '#lib/microsoft/arm/scope.ts';
import type { AccessLevel } from '../tenants/model.ts';
import { commandedName } from './command-names.ts';
import { roleOf } from './model.ts';

/** What somebody asks commands for: one subscription, or a management group. */
export type GivenTarget = {
  readonly subscription: string;
  readonly group: string;
  readonly accessLevel: AccessLevel;
  readonly errors: { readonly subscription?: string; readonly group?: string };
};

const text = (value: string | string[] | undefined): string =>
  typeof value === 'string' ? value.trim() : '';

const LEVELS: readonly AccessLevel[] = ['resources', 'tags_in', 'tags_in_out'];

/** Reads it from an address; what is no id says so. */
export function shownTarget(query: Readonly<Record<string, string | string[] | undefined>>): GivenTarget {
  const [subscription, group] = [text(query.subscription), text(query.group)];
  return {
    subscription,
    group,
    accessLevel: LEVELS.find((level) => level === query.level) ?? 'resources',
    errors: {
      ...(subscription &&
        !Guid.safeParse(subscription).success && {
          subscription: 'A subscription ID looks like 1f2e3d4c-0a1b-4c2d-8e3f-5a6b7c8d9e0f.',
        }),
      ...(group &&
        !isManagementGroupName(group) && {
          group:
            'A management group ID has only letters, digits, hyphens, underscores, periods and parentheses.',
        }),
    },
  };
}

export type RoleCommands = {
  readonly what: string;
  readonly azureCli: string;
  readonly rest: string;
};

/**
 * The commands that give our service principal its role, with this tenant's values; undefined without a target, or
 * where the portal does not know the principal.
 */
export function roleCommands(
  ctx: Ctx,
  tenant: { readonly tenantId: TenantId; readonly servicePrincipalId?: string },
  { subscription, group, accessLevel, errors }: GivenTarget,
): RoleCommands | undefined {
  const { tenantId, servicePrincipalId: principalId } = tenant;
  if (!principalId) return undefined;
  const { armUrl } = ctx.microsoft.entra.settings.cloud;
  const roleScope =
    group && !errors.group
      ? managementGroupScope(group)
      : subscription && !errors.subscription
        ? subscriptionScope(subscription)
        : undefined;
  const role = roleOf(accessLevel);
  if (!roleScope) return undefined;
  const name = commandedName({ tenantId, roleScope, principalId, accessLevel });
  const roles = [{ roleScope, roleDefinitionId: role.id, name }];
  return {
    what: `${role.name} on ${roleScope}. The name tells this portal that the role is meant for your organization: leave it as it is.`,
    azureCli: azScript(roles, { principalId }),
    rest: restScript(roles, { principalId, armUrl }),
  };
}
