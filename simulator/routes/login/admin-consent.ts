import type { Context, Hono } from 'hono';
import { addDelegated, ensureServicePrincipal, grantTenantWide } from '../../state/grants.ts';
import { OIDC_SCOPES, type Permission, parseScopes, type RequestedScope } from '../../state/permissions.ts';
import { type Registration, requiredValues, resourceOf } from '../../state/registrations.ts';
import { mayGrantDelegated, mayGrantEverything } from '../../state/tenants.ts';
import { nowOf, type World } from '../../state/world.ts';
import { describeEntraError, type EntraError } from '../errors.ts';
import { errorParameters, returnToApp, selfAddress, sendPage, showError } from './answers.ts';
import { askForApproval, readFactors, wantsMfa } from './mfa.ts';
import { accountPage, appView, consentPage, needAdminPage } from './pages.ts';
import { blockingPolicy, peopleToPick, type SignedIn, signInTo } from './people.ts';
import {
  missingParameter,
  pathText,
  readClient,
  readTenantPath,
  scopeProblem,
  type TenantPath,
} from './requests.ts';
import { permissionViews } from './user-consent.ts';

/** An admin-consent request whose redirect URI is proven. */
type ConsentRequest = {
  readonly form: 'v2' | 'legacy';
  readonly path: TenantPath & { readonly kind: 'tenant' | 'common' | 'organizations' };
  readonly registration: Registration;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly responseMode: 'query';
  readonly scopes: readonly RequestedScope[];
};

/** Admin consent in both forms: v2.0 with scopes, legacy with everything that the registration lists. */
export function adminConsentRoutes(app: Hono, world: World): void {
  for (const [form, path] of [
    ['v2', '/:tenant/v2.0/adminconsent'],
    ['legacy', '/:tenant/adminconsent'],
  ] as const) {
    app.get(path, (c) => {
      const read = readRequest(c, world, form, c.req.param('tenant'));
      return 'answer' in read ? read.answer : showAccounts(c, world, read.request);
    });
    app.post(path, async (c) => {
      const read = readRequest(c, world, form, c.req.param('tenant'));
      if ('answer' in read) return read.answer;
      const body = await c.req.parseBody();
      const account = typeof body.account === 'string' ? body.account.toLowerCase() : '';
      if (!world.personas.has(account)) return showAccounts(c, world, read.request);
      return decide(c, world, read.request, {
        account,
        decision: typeof body.decision === 'string' ? body.decision : undefined,
        mfaApproved: body.mfa === 'approved',
      });
    });
  }
}

function readRequest(
  c: Context,
  world: World,
  form: ConsentRequest['form'],
  tenantText: string,
): { readonly request: ConsentRequest } | { readonly answer: Response | Promise<Response> } {
  const query = new URL(c.req.url).searchParams;
  const path = readTenantPath(world, tenantText);
  if (path.kind === 'error') return { answer: showError(c, world, path.problem) };
  if (form === 'v2' && path.kind === 'common') {
    const text =
      'No tenant-identifying information found in either the request or implied by any provided credentials.';
    return { answer: showError(c, world, { error: 'invalid_request', code: 50059, text }) };
  }
  const matches = (registered: string, asked: string) =>
    registered === asked || (form === 'legacy' && asked.startsWith(`${registered}/`));
  const client = readClient(world, query, pathText(path), matches);
  if (!client.ok) return { answer: showError(c, world, client.problem) };
  const { registration, redirectUri } = client;
  const base = {
    form,
    path,
    registration,
    redirectUri,
    state: query.get('state') ?? undefined,
    responseMode: 'query',
  } as const;
  const scope = form === 'legacy' ? legacyScope(world, registration) : query.get('scope')?.trim();
  if (!scope) return { answer: showError(c, world, missingParameter('scope')) };
  const parsed = parseScopes(scope, world.cloud);
  if ('error' in parsed) {
    const problem = scopeProblem(parsed.error, registration);
    return { answer: returnToApp(c, base, consentError(world, { ...base, scopes: [] }, problem)) };
  }
  return { request: { ...base, scopes: parsed.scopes } };
}

const legacyScope = (world: World, registration: Registration): string => {
  const names = new Set(registration.required.map((permission) => permission.resource));
  const uris = { graph: world.cloud.graphResource, arm: world.cloud.armResources[0] };
  return [...names].map((name) => `${uris[name]}/.default`).join(' ');
};

/** The parameters of an error redirect. The v2.0 form says `admin_consent=True` there too, as Microsoft's does. */
function consentError(world: World, request: ConsentRequest, problem: EntraError): Record<string, string> {
  return { ...(request.form === 'v2' ? { admin_consent: 'True' } : {}), ...errorParameters(world, problem) };
}

function cancelled(world: World, request: ConsentRequest): Record<string, string> {
  if (request.form === 'legacy')
    return { error: 'permission_denied', error_description: 'The admin canceled the request' };
  const text = `The resource owner or authorization server denied the request. User declined to consent to access the app '${request.registration.displayName}'.`;
  return consentError(world, request, { error: 'consent_required', code: 65004, text });
}

const returnLink = (request: ConsentRequest, parameters: Record<string, string>): string => {
  const all = new URLSearchParams(parameters);
  if (request.state !== undefined) all.set('state', request.state);
  return `${request.redirectUri}?${all}`;
};

function showAccounts(c: Context, world: World, request: ConsentRequest) {
  return sendPage(
    c,
    accountPage({
      personas: peopleToPick(world, request.path),
      app: appView(request.registration),
      target: { action: selfAddress(c), cancel: returnLink(request, cancelled(world, request)) },
      tenantName: request.path.kind === 'tenant' ? request.path.tenant.displayName : undefined,
      loginHint: undefined,
    }),
  );
}

async function decide(
  c: Context,
  world: World,
  request: ConsentRequest,
  { account, decision, mfaApproved }: { account: string; decision: string | undefined; mfaApproved: boolean },
) {
  const signedIn = signInTo(world, request.path, account, request.registration.displayName);
  if (!signedIn.ok) return showError(c, world, signedIn.problem, selfAddress(c));
  const { who } = signedIn;
  const policy = blockingPolicy(world, who);
  if (policy) {
    const problem = { error: 'access_denied', code: policy.code, text: policy.message };
    if (policy.answer === 'redirect') return returnToApp(c, request, consentError(world, request, problem));
    return showError(c, world, problem, selfAddress(c));
  }
  if (wantsMfa(world, who) && !readFactors(c, who, mfaApproved).includes('mfa'))
    return askForApproval(c, who);
  const permissions = requestedPermissions(request);
  if (!mayGrant(who, permissions)) return refuse(c, world, request, who);
  if (decision === undefined) {
    return sendPage(
      c,
      consentPage({
        persona: who.persona,
        app: appView(request.registration),
        permissions: permissionViews(permissions),
        action: selfAddress(c),
        organization: who.tenant.displayName,
        mayConsentForOrganization: false,
      }),
    );
  }
  if (decision !== 'accept' || world.settings.declineConsent)
    return returnToApp(c, request, cancelled(world, request));
  grant(world, request, who);
  const scope = request.scopes.map(({ raw }) => raw).join(' ');
  return returnToApp(c, request, {
    admin_consent: 'True',
    tenant: world.settings.consentTenantId ?? who.tenant.id,
    ...(request.form === 'v2' ? { scope } : {}),
  });
}

function requestedPermissions(request: ConsentRequest): Permission[] {
  const wanted = request.scopes.flatMap(({ resource, value }) => {
    if (value !== '.default')
      return resource.permissions.filter((p) => p.type === 'delegated' && p.value === value);
    const { registration } = request;
    return resourceOf(resource.name).permissions.filter((permission) =>
      requiredValues(registration, resource.name, permission.type).includes(permission.value),
    );
  });
  return [...new Set(wanted)];
}

/** Application permissions of Graph need a Global or Privileged Role Administrator; the rest an application one. */
const mayGrant = (who: SignedIn, permissions: readonly Permission[]): boolean =>
  permissions.some((permission) => permission.type === 'application')
    ? mayGrantEverything(who.membership)
    : mayGrantDelegated(who.membership);

function refuse(c: Context, world: World, request: ConsentRequest, who: SignedIn) {
  const problem = {
    error: 'access_denied',
    code: 90094,
    text: `The grant requires admin permission. '${who.persona.mail}' may not grant the permissions of '${request.registration.displayName}' in '${who.tenant.displayName}'.`,
  };
  return sendPage(
    c,
    needAdminPage({
      persona: who.persona,
      app: appView(request.registration),
      returnLink: returnLink(request, consentError(world, request, problem)),
      switchLink: selfAddress(c),
      details: describeEntraError(problem, nowOf(world)),
    }),
  );
}

function grant(world: World, request: ConsentRequest, who: SignedIn): void {
  const now = nowOf(world);
  const principal = ensureServicePrincipal(world.grants, who.tenant.id, request.registration.clientId, now);
  grantTenantWide(principal, request.registration, request.scopes, now);
  addDelegated(principal, 'graph', null, [...OIDC_SCOPES], now);
  world.changed();
}
