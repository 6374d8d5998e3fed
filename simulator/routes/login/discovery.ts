import type { Context, Hono } from 'hono';
import { cloudByName } from '../../state/clouds.ts';
import { jwkOf } from '../../state/keys.ts';
import type { Tenant } from '../../state/tenants.ts';
import { nowOf, type World } from '../../state/world.ts';
import { entraErrorBody } from '../errors.ts';
import { pathText, readTenantPath } from './requests.ts';

/** Discovery documents, key sets and the list of clouds: what is read without signing in. */
export function discoveryRoutes(app: Hono, world: World): void {
  const headers = (c: Context) => {
    c.header('Cache-Control', 'max-age=86400, private');
    c.header('Access-Control-Allow-Origin', '*');
    c.header('x-ms-request-id', crypto.randomUUID());
  };

  app.get('/common/discovery/instance', (c) => {
    headers(c);
    const { host } = new URL(world.origin);
    return c.json({
      tenant_discovery_endpoint: `${world.origin}/common/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    });
  });

  for (const version of ['v2.0/', ''] as const) {
    app.get(`/:tenant/${version}.well-known/openid-configuration`, (c) => {
      const path = readTenantPath(world, c.req.param('tenant'));
      headers(c);
      if (path.kind === 'error') return c.json(entraErrorBody(path.problem, nowOf(world), world.origin), 400);
      const tenant = path.kind === 'tenant' ? path.tenant : undefined;
      return c.json(discoveryDocument(world, pathText(path), tenant, version !== ''));
    });
    app.get(`/:tenant/discovery/${version}keys`, (c) => {
      const path = readTenantPath(world, c.req.param('tenant'));
      headers(c);
      if (path.kind === 'error') return c.json(entraErrorBody(path.problem, nowOf(world), world.origin), 400);
      const issuer = `${world.origin}/${path.kind === 'tenant' ? path.tenant.id : '{tenantid}'}/v2.0`;
      return c.json({ keys: world.keys.map((key) => jwkOf(key, issuer)) });
    });
  }
}

function discoveryDocument(world: World, tenant: string, concrete: Tenant | undefined, v2: boolean) {
  // Asked for a tenant of another cloud, Microsoft answers with that cloud's names.
  const cloud = concrete?.cloud ? cloudByName(concrete.cloud) : world.cloud;
  const base = `${world.origin}/${tenant}`;
  const oauth = v2 ? `${base}/oauth2/v2.0` : `${base}/oauth2`;
  // Tenant-independent documents carry the literal text {tenantid}, to be replaced by a token's tid.
  const issuerTenant = concrete ? tenant : '{tenantid}';
  const graphHost = new URL(cloud.graphResource).host;
  return {
    token_endpoint: `${oauth}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: v2 ? `${base}/discovery/v2.0/keys` : `${base}/discovery/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: v2 ? `${world.origin}/${issuerTenant}/v2.0` : `https://sts.windows.net/${issuerTenant}/`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${cloud.graphResource}/oidc/userinfo`,
    authorization_endpoint: `${oauth}/authorize`,
    device_authorization_endpoint: `${oauth}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${oauth}/logout`,
    claims_supported: [
      'sub',
      'iss',
      'cloud_instance_name',
      'cloud_instance_host_name',
      'cloud_graph_host_name',
      'msgraph_host',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'acr',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'ver',
      'at_hash',
      'c_hash',
      'email',
    ],
    kerberos_endpoint: `${base}/kerberos`,
    tenant_region_scope: concrete ? (cloud.regionScope ?? concrete.region) : null,
    ...(concrete && cloud.regionSubScope ? { tenant_region_sub_scope: cloud.regionSubScope } : {}),
    cloud_instance_name: cloud.cloudInstanceName,
    cloud_graph_host_name: cloud.graphHostV1,
    msgraph_host: graphHost,
    rbac_url: 'https://pas.windows.net',
  };
}
