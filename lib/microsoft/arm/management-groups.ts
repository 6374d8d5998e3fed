import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { storable } from '#lib/core/storable.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { ArmClient } from './client.ts';
import { isManagementGroupName, managementGroupScope } from './scope.ts';

const API_VERSION = '2020-05-01';

const Row = z.object({
  name: z.string(),
  properties: z.object({ displayName: z.string().nullish() }).nullish(),
});

export type ArmManagementGroup = {
  /** As its ARM path has it: a GUID for the tenant's root group, else a text. */
  readonly name: string;
  readonly displayName: string;
};

/**
 * The management groups that the caller may read; an empty list when there is none. Names that Azure does not give are
 * left out, as nothing can be asked of them.
 * @see https://learn.microsoft.com/rest/api/managementgroups/management-groups/list
 */
export async function listManagementGroups(
  arm: ArmClient,
  options?: CallOptions,
): Promise<Result<ArmManagementGroup[]>> {
  const path = `/providers/Microsoft.Management/managementGroups?api-version=${API_VERSION}`;
  const listed = await arm.list(path, Row, options);
  if (!listed.ok) return listed;
  return ok(
    listed.value
      .filter(({ name }) => isManagementGroupName(name))
      .map(({ name, properties }) => ({ name, displayName: storable(properties?.displayName || name) })),
  );
}

const Descendant = z.object({ id: z.string(), name: z.string() });

/**
 * The ids of the subscriptions below a management group, at any depth.
 * @see https://learn.microsoft.com/rest/api/managementgroups/management-groups/get-descendants
 */
export async function listSubscriptionsBelow(
  arm: ArmClient,
  groupName: string,
  options?: CallOptions,
): Promise<Result<string[]>> {
  const path = `${managementGroupScope(groupName)}/descendants?api-version=${API_VERSION}`;
  const listed = await arm.list(path, Descendant, options);
  if (!listed.ok) return listed;
  // Management groups are in the list too.
  return ok(
    listed.value.flatMap(({ id, name }) => {
      const subscriptionId = Guid.safeParse(name);
      return /^\/subscriptions\//i.test(id) && subscriptionId.success ? [subscriptionId.data] : [];
    }),
  );
}
