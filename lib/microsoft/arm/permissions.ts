import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { ArmClient } from './client.ts';

/** One set of what a role allows; a caller usually has several. */
export type ArmPermission = { readonly actions: readonly string[]; readonly notActions: readonly string[] };

/**
 * What the caller may do on a subscription, inherited rights included.
 * @see https://learn.microsoft.com/rest/api/authorization/permissions
 */
export async function listPermissions(
  _arm: ArmClient,
  _subscriptionId: string,
  _options?: CallOptions,
): Promise<Result<ArmPermission[]>> {
  throw new Error('not implemented');
}

/** Whether these permissions allow writing role assignments: in each set, actions minus notActions. */
export function mayAssignRoles(_permissions: readonly ArmPermission[]): boolean {
  throw new Error('not implemented');
}
