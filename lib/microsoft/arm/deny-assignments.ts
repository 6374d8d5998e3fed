import { z } from 'zod';
import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { ArmClient } from './client.ts';
import { ArmPermission, mayAssignRoles } from './permissions.ts';
import { subscriptionScope } from './scope.ts';

const Principal = z.object({ id: z.string().toLowerCase() });

export const ArmDenyAssignment = z
  .object({
    properties: z.object({
      denyAssignmentName: z.string().nullish(),
      permissions: z.array(ArmPermission).nullish(),
      principals: z.array(Principal).nullish(),
      excludePrincipals: z.array(Principal).nullish(),
    }),
  })
  .transform(({ properties }) => ({
    name: properties.denyAssignmentName ?? '',
    permissions: properties.permissions ?? [],
    /** Object ids, lower case. */
    principalIds: (properties.principals ?? []).map(({ id }) => id),
    excludedPrincipalIds: (properties.excludePrincipals ?? []).map(({ id }) => id),
  }));
export type ArmDenyAssignment = z.infer<typeof ArmDenyAssignment>;

/** Stands for everybody. */
const ALL_PRINCIPALS = '00000000-0000-0000-0000-000000000000';

/**
 * What is denied on a subscription to whomever, whatever roles they have, also from above it.
 * @see https://learn.microsoft.com/rest/api/authorization/deny-assignments
 */
export function listDenyAssignments(
  arm: ArmClient,
  subscriptionId: string,
  options?: CallOptions,
): Promise<Result<ArmDenyAssignment[]>> {
  const path = `${subscriptionScope(subscriptionId)}/providers/Microsoft.Authorization/denyAssignments`;
  const query = `api-version=2022-04-01&$filter=${encodeURIComponent('atScope()')}`;
  return arm.list(`${path}?${query}`, ArmDenyAssignment, options);
}

/**
 * Whether a deny assignment keeps somebody from giving roles, as far as it can be told: one that names a group denies
 * it to the members, whom it does not name. Azure has the last word when it is tried.
 */
export const deniesAssigningRoles = (denial: ArmDenyAssignment, principalId: string): boolean =>
  mayAssignRoles(denial.permissions) &&
  (denial.principalIds.includes(ALL_PRINCIPALS) || denial.principalIds.includes(principalId)) &&
  !denial.excludedPrincipalIds.includes(principalId);
