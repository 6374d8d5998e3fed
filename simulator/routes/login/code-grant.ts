import { createHash } from 'node:crypto';
import { GRAPH, OIDC_SCOPES, parseScopes } from '../../state/permissions.ts';
import { type AuthorizationCode, nowOf, type World } from '../../state/world.ts';
import { missingParameter } from './requests.ts';
import { refuse, type TokenAnswer, type TokenRequest } from './token-answers.ts';
import { userTokens } from './user-tokens.ts';

/** Redeems an authorization code: once, in time, by its client, in its tenant, with its redirect URI and verifier. */
export async function authorizationCode(world: World, request: TokenRequest): Promise<TokenAnswer> {
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
    amr: code.amr,
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
