import { createHash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { delegatedScopes, findServicePrincipal, visibleAppRoles } from '../../state/grants.ts';
import { newOpaque } from '../../state/hash.ts';
import {
  GRAPH,
  OIDC_SCOPES,
  parseScopes,
  type RequestedScope,
  type Resource,
} from '../../state/permissions.ts';
import { type Registration, requiredValues } from '../../state/registrations.ts';
import { type ClientProof, clientInfo, issueAccessToken, issueIdToken } from '../../state/tokens.ts';
import { type AuthorizationCode, findMembership, nowOf, type World } from '../../state/world.ts';
import { type EntraError, entraErrorBody } from '../errors.ts';
import { authenticateClient } from './client-auth.ts';
import {
  applicationNotFound,
  missingParameter,
  pathText,
  readTenantPath,
  scopeProblem,
  type TenantPath,
} from './requests.ts';

type TokenRequest = {
  readonly path: TenantPath & { readonly kind: 'tenant' | 'common' | 'organizations' };
  readonly body: URLSearchParams;
  readonly registration: Registration;
  readonly proof: ClientProof;
  readonly handlesChallenges: boolean;
};

type TokenAnswer =
  | { readonly ok: true; readonly body: object }
  | { readonly ok: false; readonly problem: EntraError };

const refuse = (error: string, code: number, text: string, suberror?: string): TokenAnswer => ({
  ok: false,
  problem: { error, code, text, ...(suberror ? { suberror } : {}) },
});

/** The token endpoint: authorization code, refresh token and client credentials. */
export function tokenRoutes(app: Hono, world: World): void {
  const path = '/:tenant/oauth2/v2.0/token';
  app.get(path, (c) => {
    const text = 'The endpoint only accepts POST requests. Received a GET request.';
    return sendError(c, world, { error: 'invalid_request', code: 900561, text });
  });
  app.post(path, async (c) => {
    const tenantPath = readTenantPath(world, c.req.param('tenant'));
    if (tenantPath.kind === 'error') return sendError(c, world, tenantPath.problem);
    const body = new URLSearchParams(await c.req.text());
    const grantType = body.get('grant_type');
    if (!grantType) return sendError(c, world, missingParameter('grant_type'));
    const client = await authenticateClient(world, {
      body,
      authorization: c.req.header('authorization'),
      tenantName: tenantPath.kind === 'tenant' ? tenantPath.tenant.displayName : 'Microsoft',
      tenantPath: pathText(tenantPath),
    });
    if (!client.ok) return sendError(c, world, client.problem);
    const { registration, proof } = client;
    const handlesChallenges = /"cp1"/i.test(body.get('claims') ?? '');
    const request = { path: tenantPath, body, registration, proof, handlesChallenges };
    const answer = await redeem(world, grantType, request);
    if (!answer.ok) return sendError(c, world, answer.problem);
    c.header('Cache-Control', 'no-store, no-cache');
    c.header('Pragma', 'no-cache');
    c.header('x-ms-request-id', crypto.randomUUID());
    return c.json(answer.body);
  });
}

function sendError(c: Context, world: World, problem: EntraError) {
  const body = entraErrorBody(problem, nowOf(world), world.origin);
  c.header('Cache-Control', 'no-store, no-cache');
  c.header('x-ms-request-id', body.trace_id);
  return c.json(body, problem.error === 'invalid_client' ? 401 : 400);
}

function redeem(world: World, grantType: string, request: TokenRequest): Promise<TokenAnswer> | TokenAnswer {
  if (request.body.has('resource'))
    return refuse('invalid_request', 901002, "The 'resource' request parameter is not supported.");
  switch (grantType) {
    case 'client_credentials':
      return clientCredentials(world, request);
    case 'authorization_code':
      return authorizationCode(world, request);
    case 'refresh_token':
      return refreshToken(world, request);
    default:
      return refuse(
        'unsupported_grant_type',
        70003,
        `The app requested an unsupported grant type '${grantType}'.`,
      );
  }
}

async function clientCredentials(world: World, request: TokenRequest): Promise<TokenAnswer> {
  const { path, body, registration } = request;
  if (path.kind !== 'tenant') {
    const code = path.kind === 'common' ? 9001023 : 50059;
    return refuse(
      'invalid_request',
      code,
      'The grant type is not supported over the /common or /organizations endpoints. Please use the tenant-specific endpoint.',
    );
  }
  const scope = body.get('scope');
  if (!scope) return { ok: false, problem: missingParameter('scope') };
  const parsed = parseScopes(scope, world.cloud);
  if ('error' in parsed) return { ok: false, problem: scopeProblem(parsed.error, registration) };
  const [only, ...more] = parsed.scopes;
  if (!only || more.length > 0 || only.value !== '.default')
    return refuse(
      'invalid_scope',
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  const now = nowOf(world);
  const principal = findServicePrincipal(world.grants, path.tenant.id, registration.clientId);
  if (!principal)
    return { ok: false, problem: applicationNotFound(registration.clientId, path.tenant.displayName) };
  const age = now - principal.createdAt;
  if (age < world.settings.servicePrincipalLagMs) {
    // First the directory does not know the application at all, then only this replica does not.
    if (age < world.settings.servicePrincipalLagMs / 2)
      return { ok: false, problem: applicationNotFound(registration.clientId, path.tenant.displayName) };
    return refuse(
      'invalid_client',
      7000229,
      `The client application ${registration.clientId} is missing service principal in the tenant ${path.tenant.id}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    );
  }
  if (!principal.enabled) return { ok: false, problem: applicationDisabled(registration) };
  const roles = visibleAppRoles(principal, only.resource.name, now, world.settings.grantLagMs);
  const { token, expiresIn } = await issueAccessToken(world, {
    ...request,
    resource: only.resource,
    principal,
    roles,
  });
  return {
    ok: true,
    body: { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token },
  };
}

const applicationDisabled = (registration: Registration): EntraError => ({
  error: 'unauthorized_client',
  code: 7000112,
  text: `Application '${registration.clientId}'(${registration.displayName}) is disabled.`,
});

async function authorizationCode(world: World, request: TokenRequest): Promise<TokenAnswer> {
  const { body, registration } = request;
  for (const name of ['code', 'redirect_uri'])
    if (!body.get(name)) return { ok: false, problem: missingParameter(name) };
  const code = world.codes.get(body.get('code') ?? '');
  if (!code || code.clientId !== registration.clientId)
    return refuse('invalid_grant', 70000, 'Provided grant is invalid or malformed.');
  const bound = checkCode(world, code, request);
  if (bound) return bound;
  code.redeemed = true;
  const scope = body.get('scope') || firstResourceScope(world, code.scope);
  return userTokens(world, request, {
    mail: code.mail,
    tenantId: code.tenantId,
    scope,
    nonce: code.nonce,
    grantedFor: code.scope,
  });
}

/** Everything that a code is bound to; undefined when it fits. */
function checkCode(world: World, code: AuthorizationCode, request: TokenRequest): TokenAnswer | undefined {
  const { path, body } = request;
  if (code.redeemed)
    return refuse(
      'invalid_grant',
      54005,
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    );
  if (code.expiresAt <= nowOf(world))
    return refuse(
      'invalid_grant',
      70008,
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
    );
  if (path.kind === 'tenant' ? path.tenant.id !== code.tenantId : !code.tenantIndependent)
    return refuse(
      'invalid_grant',
      700005,
      `The provided Authorization Code is intended to be used against other tenant, thus it cannot be redeemed here.`,
    );
  if (body.get('redirect_uri') !== code.redirectUri)
    return refuse(
      'invalid_client',
      500112,
      `The reply address '${body.get('redirect_uri')}' does not match the reply address '${code.redirectUri}' provided when requesting Authorization code.`,
    );
  const verifier = body.get('code_verifier');
  const matches = code.challenge
    ? verifier !== null && challengeOf(verifier, code.challenge.method) === code.challenge.value
    : verifier === null;
  return matches
    ? undefined
    : refuse(
        'invalid_grant',
        501481,
        'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
      );
}

const challengeOf = (verifier: string, method: 'S256' | 'plain'): string =>
  method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');

/** Without a scope the tokens are for the first API that the authorize request named. */
function firstResourceScope(world: World, scope: string): string {
  const parsed = parseScopes(scope, world.cloud);
  if ('error' in parsed) return scope;
  const first = parsed.scopes.find(({ value }) => !OIDC_SCOPES.has(value))?.resource ?? GRAPH;
  return parsed.scopes
    .filter(({ resource, value }) => OIDC_SCOPES.has(value) || resource === first)
    .map(({ raw }) => raw)
    .join(' ');
}

function refreshToken(world: World, request: TokenRequest): Promise<TokenAnswer> | TokenAnswer {
  const text = request.body.get('refresh_token');
  if (!text) return { ok: false, problem: missingParameter('refresh_token') };
  const known = world.refreshTokens.get(text);
  if (!known || known.clientId !== request.registration.clientId)
    return refuse('invalid_grant', 70000, 'Provided grant is invalid or malformed.', 'bad_token');
  const tenantId = request.path.kind === 'tenant' ? request.path.tenant.id : known.tenantId;
  const scope = request.body.get('scope') || 'openid profile offline_access';
  return userTokens(world, request, {
    mail: known.mail,
    tenantId,
    scope,
    nonce: undefined,
    grantedFor: 'openid profile offline_access',
  });
}

type UserGrant = {
  readonly mail: string;
  readonly tenantId: string;
  readonly scope: string;
  readonly nonce: string | undefined;
  /** The scopes of the sign-in; those of OpenID Connect hold for its tokens whatever the redemption asks for. */
  readonly grantedFor: string;
};

async function userTokens(world: World, request: TokenRequest, grant: UserGrant): Promise<TokenAnswer> {
  const { registration } = request;
  const persona = world.personas.get(grant.mail);
  const membership = findMembership(world, grant.tenantId, grant.mail);
  const tenant = world.tenants.get(grant.tenantId);
  if (!persona || !membership || !tenant)
    return refuse(
      'invalid_grant',
      50020,
      `User account '${grant.mail}' does not exist in tenant '${tenant?.displayName ?? grant.tenantId}' and cannot access the application in that tenant.`,
    );
  const parsed = parseScopes(grant.scope, world.cloud);
  if ('error' in parsed) return { ok: false, problem: scopeProblem(parsed.error, registration) };
  const resources = new Set(
    parsed.scopes.filter(({ value }) => !OIDC_SCOPES.has(value)).map(({ resource }) => resource),
  );
  if (resources.size > 1)
    return refuse(
      'invalid_scope',
      28000,
      'Provided value for the input parameter scope is not valid because it contains more than one resource.',
    );
  const [resource = GRAPH] = resources;
  const principal = findServicePrincipal(world.grants, tenant.id, registration.clientId);
  if (principal && !principal.enabled) return { ok: false, problem: applicationDisabled(registration) };
  const granted = delegatedScopes(principal, resource.name, membership.objectId);
  const missing = wantedScopes(parsed.scopes, resource, registration).some(
    (value) => !granted.includes(value),
  );
  if (missing || granted.length === 0) {
    return refuse(
      'invalid_grant',
      65001,
      `The user or administrator has not consented to use the application with ID '${registration.clientId}' named '${registration.displayName}'. Send an interactive authorization request for this user and resource.`,
      'consent_required',
    );
  }
  const signIn = parseScopes(grant.grantedFor, world.cloud);
  const signInScopes = 'error' in signIn ? [] : signIn.scopes;
  const oidc = new Set(
    [...parsed.scopes, ...signInScopes].map(({ value }) => value).filter((value) => OIDC_SCOPES.has(value)),
  );
  const { token, expiresIn } = await issueAccessToken(world, {
    ...request,
    resource,
    persona,
    membership,
    scopes: granted,
  });
  return {
    ok: true,
    body: {
      token_type: 'Bearer',
      scope: scopeText(world, resource, granted),
      expires_in: expiresIn,
      ext_expires_in: expiresIn,
      access_token: token,
      ...(oidc.has('offline_access') ? { refresh_token: newRefreshToken(world, registration, grant) } : {}),
      ...(oidc.has('openid')
        ? {
            id_token: await issueIdToken(world, {
              registration,
              persona,
              membership,
              scopes: [...oidc],
              nonce: grant.nonce,
            }),
          }
        : {}),
      ...(request.body.get('client_info') === '1' ? { client_info: clientInfo(world, persona) } : {}),
    },
  };
}

/** Scopes of one API that the request insists on; those of OpenID Connect are never refused at this point. */
const wantedScopes = (
  scopes: readonly RequestedScope[],
  resource: Resource,
  registration: Registration,
): string[] =>
  scopes
    .filter((scope) => scope.resource === resource && !OIDC_SCOPES.has(scope.value))
    .flatMap(({ value }) =>
      value === '.default' ? requiredValues(registration, resource.name, 'delegated') : [value],
    )
    .filter((value) => !OIDC_SCOPES.has(value));

function scopeText(world: World, resource: Resource, granted: readonly string[]): string {
  const uri = resource === GRAPH ? world.cloud.graphResource : world.cloud.armResources[0];
  const full = granted.map((value) => (OIDC_SCOPES.has(value) ? value : `${uri}/${value}`));
  return [...full, `${uri}/.default`].join(' ');
}

const REFRESH_TOKENS_MAX = 10_000;

/** A new refresh token; the one before stays valid, as Entra's do. */
function newRefreshToken(world: World, registration: Registration, grant: UserGrant): string {
  const [oldest] = world.refreshTokens.keys();
  if (world.refreshTokens.size >= REFRESH_TOKENS_MAX && oldest) world.refreshTokens.delete(oldest);
  const token = `1.${newOpaque(120)}`;
  world.refreshTokens.set(token, {
    clientId: registration.clientId,
    mail: grant.mail,
    tenantId: grant.tenantId,
  });
  return token;
}
