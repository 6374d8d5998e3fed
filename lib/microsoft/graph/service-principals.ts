import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { readAllPages } from './all-pages.ts';
import { type GraphClient, shaped } from './client.ts';
import { collectionOf, listed, NullableText } from './collection.ts';

export const GraphServicePrincipal = z.object({
  /** Object id in this tenant, lower case. */
  id: Guid,
  appId: Guid,
  displayName: NullableText,
  accountEnabled: z
    .boolean()
    .nullish()
    .transform((enabled) => enabled ?? null),
  appRoles: listed(z.object({ id: Guid, value: NullableText })),
});
export type GraphServicePrincipal = z.infer<typeof GraphServicePrincipal>;

export const GraphAppRoleAssignment = z.object({
  appRoleId: Guid,
  resourceId: Guid,
  resourceDisplayName: NullableText,
  createdDateTime: NullableText,
});
export type GraphAppRoleAssignment = z.infer<typeof GraphAppRoleAssignment>;

const PERMISSION = 'Application.Read.All';

const FirstServicePrincipal = collectionOf(GraphServicePrincipal).transform(({ value }) => value[0] ?? null);

/**
 * The instance of an application in the tenant, or null when it was never consented to.
 * Application permission: Application.Read.All.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-list
 */
export function findServicePrincipal(
  graph: GraphClient,
  appId: string,
  options?: CallOptions,
): Promise<Result<GraphServicePrincipal | null>> {
  const query = {
    path: '/servicePrincipals',
    filter: `appId eq '${Guid.parse(appId)}'`,
    select: ['id', 'appId', 'displayName', 'accountEnabled', 'appRoles'],
    permission: PERMISSION,
  };
  return graph.read(query, shaped(FirstServicePrincipal), options);
}

/**
 * The application permissions granted to a service principal. Application permission: Application.Read.All.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments
 */
export function listAppRoleAssignments(
  graph: GraphClient,
  servicePrincipalId: string,
  options?: CallOptions,
): Promise<Result<GraphAppRoleAssignment[]>> {
  const path = `/servicePrincipals/${Guid.parse(servicePrincipalId)}/appRoleAssignments`;
  return readAllPages(graph, { path, permission: PERMISSION }, GraphAppRoleAssignment, options);
}

/** Microsoft Graph itself, in every tenant. */
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

/**
 * The application permissions of Microsoft Graph that the directory lists for an application, by their names; null
 * where the application was never consented to. Application permission: Application.Read.All.
 */
export async function listGrantedPermissions(
  graph: GraphClient,
  appId: string,
  options?: CallOptions,
): Promise<Result<readonly string[] | null>> {
  const [own, resource] = await Promise.all([
    findServicePrincipal(graph, appId, options),
    findServicePrincipal(graph, GRAPH_APP_ID, options),
  ]);
  if (!own.ok) return own;
  if (!resource.ok) return resource;
  if (!own.value) return ok(null);
  if (!resource.value) return fail({ code: 'upstream-shape', where: '/servicePrincipals: Microsoft Graph' });
  const assignments = await listAppRoleAssignments(graph, own.value.id, options);
  if (!assignments.ok) return assignments;
  const { id: resourceId, appRoles } = resource.value;
  const names = new Map(appRoles.map(({ id, value }) => [id, value]));
  return ok(
    assignments.value.flatMap((assignment) => {
      const name = assignment.resourceId === resourceId ? names.get(assignment.appRoleId) : undefined;
      return name ? [name] : [];
    }),
  );
}
