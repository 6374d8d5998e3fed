import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { type Cloud, cloudsOfTenant } from '#lib/config/clouds.ts';
import { DirectoryId, Guid } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { type EntraClient, PERSONAL_ACCOUNTS, tenantUrl } from './client.ts';
import { entraProblem, readOauthError } from './problems.ts';

export type DiscoveredTenant = {
  readonly directoryId: DirectoryId;
  /** `NA`, `EU`, `AS`, `USG` …, as Microsoft names the region. */
  readonly regionScope?: string;
  /** `GCC`, `DODCON`, `DOD` …, where Microsoft names a part of the region. */
  readonly regionSubScope?: string;
  /** The clouds that the tenant can live in: one, or several that the answer does not tell apart; none if unknown. */
  readonly clouds: readonly Cloud[];
};

/** Letters of any script. Checked first, since `domainToASCII` cuts off a path instead of refusing it. */
const DOMAIN_CHARACTERS = /^[\p{L}\p{M}\p{N}.-]+$/u;
const DOMAIN_LENGTH_MAX = 253;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const Text = z.string().optional().catch(undefined);

const Configuration = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  tenant_region_scope: Text,
  tenant_region_sub_scope: Text,
  cloud_instance_name: Text,
});
type Configuration = z.infer<typeof Configuration>;

/**
 * The directory behind a verified domain or a tenant ID, by anonymous OIDC discovery. The input may be anything a
 * person typed; what cannot be a domain or a GUID is not sent.
 * Problems: tenant-unknown, throttled, upstream-unavailable, upstream-shape.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export async function discoverTenant(
  entra: EntraClient,
  domainOrId: string,
  signal?: AbortSignal,
): Promise<Result<DiscoveredTenant>> {
  const tenant = readTenantName(domainOrId);
  if (!tenant) return fail({ code: 'tenant-unknown', input: domainOrId.trim() });
  const found = await readConfiguration(entra, tenant, { signal });
  if (!found.ok) return found;
  const { issuer, tenant_region_scope, tenant_region_sub_scope, cloud_instance_name } = found.value;
  // Not by position: the issuer of `common` and of other clouds is spelled differently.
  const directoryId = DirectoryId.safeParse(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(issuer)?.[0]);
  if (!directoryId.success || directoryId.data === PERSONAL_ACCOUNTS) {
    return fail({ code: 'tenant-unknown', input: tenant });
  }
  return ok({
    directoryId: directoryId.data,
    regionScope: tenant_region_scope,
    ...(tenant_region_sub_scope && { regionSubScope: tenant_region_sub_scope }),
    clouds: cloudsOfTenant(cloud_instance_name, tenant_region_sub_scope),
  });
}

/**
 * The cloud that a tenant lives in, where it is one whose Graph, or whose Resource Manager, is not ours. The two of the
 * US Government share their Resource Manager, so which API is meant decides. A cloud that we do not know is none.
 */
export function otherCloud(
  entra: EntraClient,
  { clouds }: DiscoveredTenant,
  api: 'graph' | 'arm',
): Cloud | undefined {
  const ours = entra.settings.cloud;
  const isServed = ({ authorityHost, graphResource, armResource }: Cloud) =>
    authorityHost === ours.authorityHost &&
    (api === 'graph' ? graphResource === ours.graphResource : armResource === ours.armResource);
  return clouds.some(isServed) ? undefined : clouds[0];
}

/** The tenant's OIDC configuration. Problems as of `discoverTenant`. */
export async function readConfiguration(
  entra: EntraClient,
  tenant: string,
  options: CallOptions,
): Promise<Result<Configuration>> {
  const answered = await entra.http.send({
    ...options,
    service: 'entra',
    origin: entra.settings.cloud.authorityUrl,
    method: 'GET',
    url: tenantUrl(entra, tenant, 'v2.0/.well-known/openid-configuration'),
  });
  if (!answered.ok) return answered;
  const { status, json } = answered.value;
  if (status === 200) {
    const parsed = Configuration.safeParse(json);
    return parsed.success ? ok(parsed.data) : fail({ code: 'upstream-shape', where: 'openid-configuration' });
  }
  const refusal = readOauthError(json, status);
  if (refusal) return fail(entraProblem(refusal, tenant));
  if (status === 404) return fail({ code: 'tenant-unknown', input: tenant, microsoft: { status } });
  return fail({ code: 'upstream-shape', where: 'openid-configuration', microsoft: { status } });
}

/** A GUID or a DNS name, in lower case and ASCII; undefined for everything else, `common` included. */
function readTenantName(input: string): string | undefined {
  const text = input.trim();
  const guid = Guid.safeParse(text);
  if (guid.success) return guid.data;
  if (!DOMAIN_CHARACTERS.test(text)) return undefined;
  const domain = domainToASCII(text).toLowerCase();
  return domain.length <= DOMAIN_LENGTH_MAX && DOMAIN.test(domain) ? domain : undefined;
}
