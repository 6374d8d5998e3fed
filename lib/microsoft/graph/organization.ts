import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import type { GraphClient } from './client.ts';

export type VerifiedDomain = {
  readonly name: string;
  readonly isDefault: boolean;
  readonly isInitial: boolean;
};

export type GraphOrganization = {
  /** The directory's id, lower case. */
  readonly id: string;
  readonly displayName: string | null;
  readonly countryLetterCode: string | null;
  readonly tenantType: string | null;
  readonly verifiedDomains: readonly VerifiedDomain[];
};

/**
 * The directory's own name and domains. Application permission: Organization.Read.All.
 * @see https://learn.microsoft.com/graph/api/organization-list
 */
export async function getOrganization(
  _graph: GraphClient,
  _options?: CallOptions,
): Promise<Result<GraphOrganization>> {
  throw new Error('not implemented');
}
