import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { GraphClient } from './client.ts';

export type GraphServicePrincipal = {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string | null;
  readonly accountEnabled: boolean | null;
  readonly appRoles: readonly { readonly id: string; readonly value: string | null }[];
};

export type GraphAppRoleAssignment = {
  readonly appRoleId: string;
  readonly resourceId: string;
  readonly resourceDisplayName: string | null;
  readonly createdDateTime: string | null;
};

/**
 * The instance of an application in the tenant, or null when it was never consented to.
 * Application permission: Application.Read.All.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-list
 */
export async function findServicePrincipal(
  _graph: GraphClient,
  _appId: string,
  _options?: CallOptions,
): Promise<Result<GraphServicePrincipal | null>> {
  throw new Error('not implemented');
}

/**
 * The application permissions granted to a service principal. Application permission: Application.Read.All.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments
 */
export async function listAppRoleAssignments(
  _graph: GraphClient,
  _servicePrincipalId: string,
  _options?: CallOptions,
): Promise<Result<GraphAppRoleAssignment[]>> {
  throw new Error('not implemented');
}
