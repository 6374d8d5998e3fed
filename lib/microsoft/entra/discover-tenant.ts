import type { DirectoryId } from '#lib/core/ids.ts';
import type { Result } from '#lib/core/result.ts';
import type { EntraClient } from './client.ts';

export type DiscoveredTenant = {
  readonly directoryId: DirectoryId;
  /** `NA`, `EU`, `AS`, `USG` …, as Microsoft names the region. */
  readonly regionScope?: string;
  /** `microsoftonline.com`, `microsoftonline.us` …: the cloud that the tenant lives in. */
  readonly cloudInstance?: string;
};

/**
 * The directory behind a verified domain or a tenant ID, by anonymous OIDC discovery. The input may be anything a
 * person typed. Problems: tenant-unknown, throttled, upstream-unavailable, upstream-shape.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export async function discoverTenant(
  _entra: EntraClient,
  _domainOrId: string,
  _signal?: AbortSignal,
): Promise<Result<DiscoveredTenant>> {
  throw new Error('not implemented');
}
