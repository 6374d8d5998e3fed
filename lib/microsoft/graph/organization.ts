import { z } from 'zod';
import { Guid } from '#lib/core/ids.ts';
import type { Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { type GraphClient, shaped } from './client.ts';
import { collectionOf, listed, NullableText } from './collection.ts';

const VerifiedDomain = z.object({
  name: z.string(),
  isDefault: z.boolean().nullish().transform(Boolean),
  isInitial: z.boolean().nullish().transform(Boolean),
});
export type VerifiedDomain = z.infer<typeof VerifiedDomain>;

export const GraphOrganization = z.object({
  /** The directory's id, lower case. */
  id: Guid,
  displayName: NullableText,
  countryLetterCode: NullableText,
  tenantType: NullableText,
  verifiedDomains: listed(VerifiedDomain),
});
export type GraphOrganization = z.infer<typeof GraphOrganization>;

const Organizations = collectionOf(GraphOrganization).transform(({ value }) => value[0]);

/**
 * The directory's own name and domains. Application permission: Organization.Read.All.
 * @see https://learn.microsoft.com/graph/api/organization-list
 */
export function getOrganization(
  graph: GraphClient,
  options?: CallOptions,
): Promise<Result<GraphOrganization>> {
  const query = {
    path: '/organization',
    select: ['id', 'displayName', 'countryLetterCode', 'tenantType', 'verifiedDomains'],
    permission: 'Organization.Read.All',
  };
  return graph.read(query, shaped(Organizations), options);
}
