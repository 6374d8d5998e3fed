import { delegatedScopes, findServicePrincipal } from '../../state/grants.ts';
import { newOpaque } from '../../state/hash.ts';
import {
  GRAPH,
  OIDC_SCOPES,
  parseScopes,
  type RequestedScope,
  type Resource,
} from '../../state/permissions.ts';
import { type Registration, requiredValues } from '../../state/registrations.ts';
import { clientInfo, issueAccessToken, issueIdToken } from '../../state/tokens.ts';
import { findMembership, type World } from '../../state/world.ts';
import { type Amr, MFA_REQUIRED, wantsMfa } from './mfa.ts';
import { scopeProblem } from './requests.ts';
import { applicationDisabled, refuse, type TokenAnswer, type TokenRequest } from './token-answers.ts';

/** What a code or refresh token entitles to. */
export type UserGrant = {
  readonly mail: string;
  readonly amr: Amr;
  readonly tenantId: string;
  readonly scope: string;
  readonly nonce: string | undefined;
  /** The scopes of the sign-in; those of OpenID Connect hold for its tokens whatever the redemption asks for. */
  readonly grantedFor: string;
};

/** Tokens for a person: access token for one API, ID token and refresh token as the scopes say. */
export async function userTokens(
  world: World,
  request: TokenRequest,
  grant: UserGrant,
): Promise<TokenAnswer> {
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
  if (wantsMfa(world, { persona, membership, tenant }) && !grant.amr.includes('mfa'))
    return { ok: false, problem: { ...MFA_REQUIRED, error: 'invalid_grant' } };
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
    amr: grant.amr,
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
    amr: grant.amr,
    tenantId: grant.tenantId,
  });
  return token;
}
