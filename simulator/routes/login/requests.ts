import { OIDC_SCOPES, parseScopes, type RequestedScope, type ScopeError } from '../../state/permissions.ts';
import type { Registration } from '../../state/registrations.ts';
import type { Tenant } from '../../state/tenants.ts';
import { findTenant, type World } from '../../state/world.ts';
import type { EntraError } from '../errors.ts';

/** The tenant part of a login address: a directory, or one of the names that mean "the person's own". */
export type TenantPath =
  | { readonly kind: 'tenant'; readonly tenant: Tenant }
  | { readonly kind: 'common' | 'organizations' }
  | { readonly kind: 'error'; readonly problem: EntraError };

const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reads the tenant of a login address the way Entra does. Personal accounts (`consumers`) are not simulated. */
export function readTenantPath(world: World, text: string): TenantPath {
  const wanted = text.toLowerCase();
  if (wanted === 'common' || wanted === 'organizations') return { kind: wanted };
  const tenant = findTenant(world, wanted);
  if (tenant) return { kind: 'tenant', tenant };
  if (!GUID.test(wanted) && !DOMAIN.test(wanted)) {
    return problem(
      'invalid_request',
      900023,
      `Specified tenant identifier '${text}' is neither a valid DNS name, nor a valid external domain.`,
    );
  }
  return problem(
    'invalid_tenant',
    90002,
    `Tenant '${text}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
}

const problem = (error: string, code: number, text: string): TenantPath => ({
  kind: 'error',
  problem: { error, code, text },
});

export const pathText = (path: TenantPath): string =>
  path.kind === 'tenant' ? path.tenant.id : path.kind === 'error' ? '' : path.kind;

/** The error of a scope parameter, in Entra's words. */
export function scopeProblem(error: ScopeError, registration: Registration): EntraError {
  if (error.kind === 'resource') {
    const resource = error.raw.slice(0, error.raw.lastIndexOf('/'));
    return {
      error: 'invalid_resource',
      code: 500011,
      text: `The resource principal named ${resource} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
    };
  }
  return {
    error: 'invalid_client',
    code: 650053,
    text: `The application '${registration.displayName}' asked for scope '${error.raw}' that doesn't exist on the resource '${error.resource?.appId ?? ''}'. Contact the app vendor.`,
  };
}

/** An authorize request whose redirect URI is proven, so that errors may go back to the application. */
export type AuthorizeRequest = {
  readonly path: TenantPath & { readonly kind: 'tenant' | 'common' | 'organizations' };
  readonly registration: Registration;
  readonly redirectUri: string;
  readonly responseMode: 'query' | 'fragment' | 'form_post';
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly scope: string;
  readonly scopes: readonly RequestedScope[];
  readonly prompt: 'login' | 'none' | 'consent' | 'select_account' | undefined;
  readonly loginHint: string | undefined;
  readonly challenge: { readonly value: string; readonly method: 'S256' | 'plain' } | undefined;
};

export type Reading =
  | { readonly ok: true; readonly request: AuthorizeRequest }
  /** Stays on the page. */
  | { readonly ok: false; readonly problem: EntraError }
  /** Goes back to the application. */
  | { readonly ok: false; readonly problem: EntraError; readonly redirect: ReturnAddress };

/** Where and how answers go back to the application. */
export type ReturnAddress = Pick<AuthorizeRequest, 'redirectUri' | 'responseMode' | 'state'>;

/** Checks the parts of a request that decide whether the application may be answered at all. */
export function readClient(
  world: World,
  query: URLSearchParams,
  pathTenantName: string,
  redirectMatches: (registered: string, asked: string) => boolean,
): { ok: true; registration: Registration; redirectUri: string } | { ok: false; problem: EntraError } {
  const clientId = query.get('client_id');
  if (!clientId) return missing('client_id');
  const registration = world.registrations.get(clientId.toLowerCase());
  if (!registration) return { ok: false, problem: applicationNotFound(clientId, pathTenantName) };
  const redirectUri = query.get('redirect_uri') ?? registration.redirectUris[0] ?? '';
  if (!registration.redirectUris.some((registered) => redirectMatches(registered, redirectUri))) {
    return {
      ok: false,
      problem: {
        error: 'invalid_request',
        code: 50011,
        text: `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${registration.clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.`,
      },
    };
  }
  return { ok: true, registration, redirectUri };
}

const missing = (name: string): { ok: false; problem: EntraError } => ({
  ok: false,
  problem: missingParameter(name),
});

export const missingParameter = (name: string): EntraError => ({
  error: 'invalid_request',
  code: 900144,
  text: `The request body must contain the following parameter: '${name}'.`,
});

export const applicationNotFound = (clientId: string, directory: string): EntraError => ({
  error: 'unauthorized_client',
  code: 700016,
  text: `Application with identifier '${clientId}' was not found in the directory '${directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
});

const PROMPTS = ['login', 'none', 'consent', 'select_account'] as const;
const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
const CHALLENGE = /^[A-Za-z0-9\-._~]{43,128}$/;

const oneOf = <T extends string>(values: readonly T[], text: string | null): T | undefined =>
  values.find((value) => value === text);

/** Reads and checks an authorize request. */
export function readAuthorize(world: World, path: AuthorizeRequest['path'], query: URLSearchParams): Reading {
  const directory = path.kind === 'tenant' ? path.tenant.displayName : 'Microsoft';
  const client = readClient(world, query, directory, (registered, asked) => registered === asked);
  if (!client.ok) return client;
  const { registration, redirectUri } = client;
  const redirect: ReturnAddress = {
    redirectUri,
    responseMode: oneOf(RESPONSE_MODES, query.get('response_mode')) ?? 'query',
    state: query.get('state') ?? undefined,
  };
  const refuse = (error: string, code: number, text: string): Reading => ({
    ok: false,
    problem: { error, code, text },
    redirect,
  });
  const responseType = query.get('response_type');
  if (!responseType) return { ok: false, problem: missingParameter('response_type'), redirect };
  if (responseType !== 'code') {
    return refuse(
      'unsupported_response_type',
      700054,
      `response_type 'id_token' is not enabled for the application.`,
    );
  }
  const scope = query.get('scope')?.trim() ?? '';
  if (!scope) return { ok: false, problem: missingParameter('scope'), redirect };
  const parsed = parseScopes(scope, world.cloud);
  if ('error' in parsed) return { ok: false, problem: scopeProblem(parsed.error, registration), redirect };

  const promptText = query.get('prompt');
  const prompt = oneOf(PROMPTS, promptText);
  if (promptText && !prompt)
    return refuse(
      'invalid_request',
      90023,
      `The value '${promptText}' of the parameter 'prompt' is not supported.`,
    );
  const challengeText = query.get('code_challenge');
  const method = query.get('code_challenge_method') ?? 'plain';
  if (challengeText !== null && (!CHALLENGE.test(challengeText) || (method !== 'S256' && method !== 'plain')))
    return refuse('invalid_request', 501491, 'Invalid size of Code_Challenge parameter.');
  return {
    ok: true,
    request: {
      ...redirect,
      path,
      registration,
      scope,
      scopes: parsed.scopes,
      nonce: query.get('nonce') ?? undefined,
      prompt,
      loginHint: query.get('login_hint') ?? undefined,
      challenge:
        challengeText === null
          ? undefined
          : { value: challengeText, method: method === 'S256' ? 'S256' : 'plain' },
    },
  };
}

/** The OpenID Connect scopes among the requested ones. */
export const oidcScopes = (scopes: readonly RequestedScope[]): string[] =>
  scopes.map((scope) => scope.value).filter((value) => OIDC_SCOPES.has(value));
