import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { ArmClient } from './client.ts';
import { PAGES_MAX } from './collect.ts';

const Actions = z
  .array(z.string())
  .nullish()
  .transform((actions) => actions ?? []);

/** One set of what a role allows; a caller usually has several. */
export const ArmPermission = z.object({ actions: Actions, notActions: Actions });
export type ArmPermission = z.infer<typeof ArmPermission>;

const Page = z.object({ value: z.array(ArmPermission), nextLink: z.string().nullish() });

/**
 * What the caller may do on a subscription, inherited rights included. Microsoft's package offers this for resource
 * groups and resources only.
 * @see https://learn.microsoft.com/rest/api/authorization/permissions
 */
export async function listPermissions(
  arm: ArmClient,
  subscriptionId: string,
  options?: CallOptions,
): Promise<Result<ArmPermission[]>> {
  const permissions: ArmPermission[] = [];
  let link = `/subscriptions/${Guid.parse(subscriptionId)}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const read = await arm.get(link, options);
    if (!read.ok) return read;
    const parsed = Page.safeParse(read.value);
    if (!parsed.success) break;
    permissions.push(...parsed.data.value);
    if (!parsed.data.nextLink) return ok(permissions);
    link = parsed.data.nextLink;
  }
  return fail({ code: 'upstream-shape', where: 'permissions' });
}

const WRITE_ROLE_ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments/write';

/**
 * Whether these permissions allow writing role assignments. What one set excludes another may still allow:
 * `notActions` are taken off their own set's actions and deny nothing.
 * @see https://learn.microsoft.com/azure/role-based-access-control/role-definitions
 */
export function mayAssignRoles(permissions: readonly ArmPermission[]): boolean {
  return permissions.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, WRITE_ROLE_ASSIGNMENTS)) &&
      !notActions.some((pattern) => covers(pattern, WRITE_ROLE_ASSIGNMENTS)),
  );
}

/** `*` stands for any characters, slashes included. Compared without case. */
function covers(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}
