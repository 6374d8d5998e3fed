import type { Context, Hono } from 'hono';
import { findServicePrincipal, visibleAppRoles } from '../../state/grants.ts';
import { parseScopes } from '../../state/permissions.ts';
import { issueAccessToken } from '../../state/tokens.ts';
import { lagsOf, nowOf, type World } from '../../state/world.ts';
import { type EntraError, entraErrorBody } from '../errors.ts';
import { authenticateClient } from './client-auth.ts';
import { authorizationCode } from './code-grant.ts';
import { applicationNotFound, missingParameter, pathText, readTenantPath, scopeProblem } from './requests.ts';
import { applicationDisabled, refuse, type TokenAnswer, type TokenRequest } from './token-answers.ts';
import { userTokens } from './user-tokens.ts';

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
    remember(world, request, answer);
    if (!answer.ok) return sendError(c, world, answer.problem);
    c.header('Cache-Control', 'no-store, no-cache');
    c.header('Pragma', 'no-cache');
    c.header('x-ms-request-id', crypto.randomUUID());
    return c.json(answer.body);
  });
}

/** What of a request and its answer nobody else may see. */
function remember(world: World, { path, body, registration }: TokenRequest, answer: TokenAnswer): void {
  const code = world.codes.get(body.get('code') ?? '');
  const tenantId = path.kind === 'tenant' ? path.tenant.id : code?.tenantId;
  const about = { clientId: registration.clientId, tenantId };
  const { code_verifier, client_secret, client_assertion } = Object.fromEntries(body);
  world.issued.add(about, { code_verifier, client_secret, client_assertion });
  if (!answer.ok) return;
  const { access_token, id_token, refresh_token } = answer.body;
  world.issued.add(about, { access_token, id_token, refresh_token });
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
  const { servicePrincipalLagMs, grantLagMs } = lagsOf(world, path.tenant.id);
  if (age < servicePrincipalLagMs) {
    // First the directory does not know the application at all, then only this replica does not.
    if (age < servicePrincipalLagMs / 2)
      return { ok: false, problem: applicationNotFound(registration.clientId, path.tenant.displayName) };
    return refuse(
      'invalid_client',
      7000229,
      `The client application ${registration.clientId} is missing service principal in the tenant ${path.tenant.id}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    );
  }
  if (!principal.enabled) return { ok: false, problem: applicationDisabled(registration) };
  const roles = visibleAppRoles(principal, only.resource.name, now, grantLagMs);
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
    amr: known.amr,
    tenantId,
    scope,
    nonce: undefined,
    grantedFor: 'openid profile offline_access',
  });
}
