import type { Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { findServicePrincipal } from '../../state/grants.ts';
import { newOpaque } from '../../state/hash.ts';
import { mayGrantDelegated } from '../../state/tenants.ts';
import { nowOf, type World } from '../../state/world.ts';
import type { EntraError } from '../errors.ts';
import {
  accountChoice,
  errorParameters,
  locationOf,
  returnToApp,
  selfAddress,
  sendPage,
  showError,
} from './answers.ts';
import { type Amr, askForApproval, MFA_REQUIRED, readFactors, wantsMfa } from './mfa.ts';
import { accountPage, appView } from './pages.ts';
import { blockingPolicy, peopleToPick, type SignedIn, signInTo } from './people.ts';
import { type AuthorizeRequest, readAuthorize, readTenantPath } from './requests.ts';
import {
  askForConsent,
  mayConsent,
  missingConsent,
  recordConsent,
  requestedPermissions,
} from './user-consent.ts';

export const SSO_COOKIE = 'simulator_sso';

const PATH = '/:tenant/oauth2/v2.0/authorize';

/** What the person has answered so far on the forms of this sign-in. */
type Answers = {
  readonly account: string | undefined;
  readonly decision: string | undefined;
  readonly organization: boolean;
  readonly mfaApproved: boolean;
};

/** The authorize endpoint: checks the request, lets the person choose an account, asks for consent, issues the code. */
export function authorizeRoutes(app: Hono, world: World): void {
  const read = (c: Context<object, typeof PATH>) => {
    const path = readTenantPath(world, c.req.param('tenant'));
    if (path.kind === 'error') return { answer: showError(c, world, path.problem) };
    const reading = readAuthorize(world, path, new URL(c.req.url).searchParams);
    if (reading.ok) return { request: reading.request };
    if ('redirect' in reading)
      return { answer: returnToApp(c, reading.redirect, errorParameters(world, reading.problem)) };
    return { answer: showError(c, world, reading.problem) };
  };

  app.get(PATH, (c) => {
    const { request, answer } = read(c);
    if (!request) return answer;
    const session = getCookie(c, SSO_COOKIE);
    const answers = { account: session, decision: undefined, organization: false, mfaApproved: false };
    if (request.prompt === 'none')
      return session ? proceed(c, world, request, answers) : silentRefusal(c, world, request);
    const known = request.prompt === undefined && session && signInTo(world, request.path, session, '').ok;
    return known ? proceed(c, world, request, answers) : showAccounts(c, world, request);
  });

  app.post(PATH, async (c) => {
    const { request, answer } = read(c);
    if (!request) return answer;
    const form = await c.req.parseBody();
    const text = (name: string) => (typeof form[name] === 'string' ? form[name] : undefined);
    const account = text('account')?.toLowerCase();
    if (!account || !world.personas.has(account)) return showAccounts(c, world, request);
    return proceed(c, world, request, {
      account,
      decision: text('decision'),
      organization: text('organization') === 'yes',
      mfaApproved: text('mfa') === 'approved',
    });
  });
}

const CANCELLED: EntraError = {
  error: 'access_denied',
  code: 65004,
  text: 'User declined to consent to access the app.',
  suberror: 'cancel',
};

function cancelLink(world: World, request: AuthorizeRequest): string {
  const parameters = new URLSearchParams(errorParameters(world, CANCELLED));
  if (request.state !== undefined) parameters.set('state', request.state);
  return locationOf(request, parameters);
}

function showAccounts(c: Context, world: World, request: AuthorizeRequest) {
  return sendPage(
    c,
    accountPage({
      personas: peopleToPick(world, request.path),
      app: appView(request.registration),
      target: { action: selfAddress(c), cancel: cancelLink(world, request) },
      tenantName: request.path.kind === 'tenant' ? request.path.tenant.displayName : undefined,
      loginHint: request.loginHint?.toLowerCase(),
    }),
  );
}

function silentRefusal(c: Context, world: World, request: AuthorizeRequest) {
  const problem = {
    error: 'login_required',
    code: 50058,
    text: 'A silent sign-in request was sent but no user is signed in. The cookies used to represent the user’s session were not sent in the request.',
  };
  return returnToApp(c, request, errorParameters(world, problem));
}

async function proceed(c: Context, world: World, request: AuthorizeRequest, answers: Answers) {
  const silent = request.prompt === 'none';
  const signedIn = signInTo(world, request.path, answers.account ?? '', request.registration.displayName);
  if (!signedIn.ok) {
    if (silent) return returnToApp(c, request, errorParameters(world, signedIn.problem));
    return showError(c, world, signedIn.problem, accountChoice(c));
  }
  const { who } = signedIn;
  setCookie(c, SSO_COOKIE, who.persona.mail, { path: '/', httpOnly: true, sameSite: 'Lax' });
  const stopped = stopReason(world, request, who);
  if (stopped) {
    if (stopped.redirect || silent) return returnToApp(c, request, errorParameters(world, stopped.problem));
    return showError(c, world, stopped.problem, accountChoice(c));
  }
  const amr = readFactors(c, who, answers.mfaApproved);
  if (wantsMfa(world, who) && !amr.includes('mfa')) {
    if (silent) return returnToApp(c, request, errorParameters(world, MFA_REQUIRED));
    return askForApproval(c, who);
  }
  const needed = missingConsent(world, request, who);
  const asks = needed.length > 0 || (request.prompt === 'consent' && answers.decision === undefined);
  if (asks && answers.decision === undefined) {
    if (silent) return returnToApp(c, request, errorParameters(world, consentRequired(request)));
    return askForConsent(c, world, request, who, needed.length > 0 ? needed : requestedPermissions(request));
  }
  if (answers.decision === 'cancel' || (answers.decision && world.settings.declineConsent))
    return returnToApp(c, request, errorParameters(world, CANCELLED));
  if (answers.decision === 'accept') {
    const asked = needed.length > 0 ? needed : requestedPermissions(request);
    if (!mayConsent(who, asked)) return askForConsent(c, world, request, who, asked);
    recordConsent(world, request, who, asked, answers.organization && mayGrantDelegated(who.membership));
  }
  return returnToApp(c, request, { code: issueCode(world, request, who, amr), session_state: newOpaque(16) });
}

function stopReason(
  world: World,
  request: AuthorizeRequest,
  who: SignedIn,
): { problem: EntraError; redirect: boolean } | undefined {
  const principal = findServicePrincipal(world.grants, who.tenant.id, request.registration.clientId);
  if (principal && !principal.enabled) {
    const text = `Application '${request.registration.clientId}'(${request.registration.displayName}) is disabled.`;
    return { problem: { error: 'unauthorized_client', code: 7000112, text }, redirect: false };
  }
  const policy = blockingPolicy(world, who);
  if (!policy) return undefined;
  return {
    problem: { error: 'access_denied', code: policy.code, text: policy.message },
    redirect: policy.answer === 'redirect',
  };
}

const consentRequired = (request: AuthorizeRequest): EntraError => ({
  error: 'consent_required',
  code: 65001,
  text: `The user or administrator has not consented to use the application with ID '${request.registration.clientId}' named '${request.registration.displayName}'. Send an interactive authorization request for this user and resource.`,
});

function issueCode(world: World, request: AuthorizeRequest, who: SignedIn, amr: Amr): string {
  const now = nowOf(world);
  for (const [code, { expiresAt }] of world.codes) if (expiresAt + 3_600_000 < now) world.codes.delete(code);
  const code = `1.${newOpaque(96)}`;
  const { registration, state, nonce } = request;
  world.issued.add({ clientId: registration.clientId, tenantId: who.tenant.id }, { code, state, nonce });
  world.codes.set(code, {
    clientId: request.registration.clientId,
    tenantId: who.tenant.id,
    tenantIndependent: request.path.kind !== 'tenant',
    mail: who.persona.mail,
    amr,
    redirectUri: request.redirectUri,
    scope: request.scope,
    nonce: request.nonce,
    challenge: request.challenge,
    expiresAt: now + world.settings.codeLifeMs,
    redeemed: false,
  });
  return code;
}
