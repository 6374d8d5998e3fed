import { z } from 'zod';
import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { ArmClient } from './client.ts';
import { subscriptionScope } from './scope.ts';

const Actions = z
  .array(z.string())
  .nullish()
  .transform((actions) => actions ?? []);

/** One set of what a role allows; a caller usually has several. */
export const ArmPermission = z.object({ actions: Actions, notActions: Actions });
export type ArmPermission = z.infer<typeof ArmPermission>;

/**
 * What the caller may do on a subscription, inherited rights included.
 * @see https://learn.microsoft.com/rest/api/authorization/permissions
 */
export const listPermissions = (
  arm: ArmClient,
  subscriptionId: string,
  options?: CallOptions,
): Promise<Result<ArmPermission[]>> => listPermissionsAt(arm, subscriptionScope(subscriptionId), options);

/** The same at any scope, such as a management group. */
export function listPermissionsAt(
  arm: ArmClient,
  roleScope: string,
  options?: CallOptions,
): Promise<Result<ArmPermission[]>> {
  const path = `${roleScope}/providers/Microsoft.Authorization/permissions`;
  return arm.list(`${path}?api-version=2022-04-01`, ArmPermission, options);
}

/** What somebody needs to give roles. */
export const WRITE_ROLE_ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments/write';
/** Among the rights of Reader and of Tag Contributor. */
const READ_RESOURCES = 'Microsoft.Resources/subscriptions/resources/read';

/** Whether these permissions allow writing role assignments. */
export const mayAssignRoles = (permissions: readonly ArmPermission[]): boolean =>
  allow(permissions, WRITE_ROLE_ASSIGNMENTS);

/** Whether these permissions allow listing the resources of the subscription. */
export const mayReadResources = (permissions: readonly ArmPermission[]): boolean =>
  allow(permissions, READ_RESOURCES);

/**
 * What one set excludes another may still allow: `notActions` are taken off their own set's actions and deny nothing.
 * @see https://learn.microsoft.com/azure/role-based-access-control/role-definitions
 */
function allow(permissions: readonly ArmPermission[], action: string): boolean {
  return permissions.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, action)) &&
      !notActions.some((pattern) => covers(pattern, action)),
  );
}

/**
 * `*` stands for any characters, slashes included. Compared without case. Each part is looked for once: patterns are
 * written by customers, and a regular expression of many wildcards can take hours.
 */
function covers(pattern: string, action: string): boolean {
  const text = action.toLowerCase();
  const [first = '', ...others] = pattern.toLowerCase().split('*');
  const last = others.pop();
  if (last === undefined) return first === text;
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (const part of others) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return text.length - position >= last.length && text.endsWith(last);
}
