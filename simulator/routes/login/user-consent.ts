import type { Context } from 'hono';
import {
  addDelegated,
  delegatedScopes,
  ensureServicePrincipal,
  findServicePrincipal,
  grantTenantWide,
} from '../../state/grants.ts';
import {
  GRAPH,
  OIDC_SCOPES,
  type Permission,
  RESOURCES,
  type ResourceName,
} from '../../state/permissions.ts';
import { requiredValues, resourceOf } from '../../state/registrations.ts';
import { mayGrantDelegated } from '../../state/tenants.ts';
import { nowOf, type World } from '../../state/world.ts';
import { describeEntraError } from '../errors.ts';
import { accountChoice, errorParameters, locationOf, selfAddress, sendPage } from './answers.ts';
import { appView, consentPage, needAdminPage, type PermissionView } from './pages.ts';
import type { SignedIn } from './people.ts';
import type { AuthorizeRequest } from './requests.ts';

/** A delegated permission of one API. */
export type Asked = { readonly resource: ResourceName; readonly permission: Permission };

/** Every delegated permission that the request asks for; `.default` stands for those of the registration. */
export function requestedPermissions(request: AuthorizeRequest): Asked[] {
  const wanted = new Map<string, Asked>();
  const add = (resource: ResourceName, value: string) => {
    const permission = resourceOf(resource).permissions.find(
      (p) => p.type === 'delegated' && p.value === value,
    );
    if (permission) wanted.set(permission.id, { resource, permission });
  };
  for (const { resource, value } of request.scopes) {
    const values =
      value === '.default' ? requiredValues(request.registration, resource.name, 'delegated') : [value];
    for (const each of values) add(resource.name, each);
  }
  return [...wanted.values()];
}

/** What the person, or an administrator for everybody, has not granted yet. */
export function missingConsent(world: World, request: AuthorizeRequest, who: SignedIn): Asked[] {
  const principal = findServicePrincipal(world.grants, who.tenant.id, request.registration.clientId);
  return requestedPermissions(request).filter(
    ({ resource, permission }) =>
      !delegatedScopes(principal, resource, who.membership.objectId).includes(permission.value),
  );
}

/** Whether this person may grant these permissions to an application for themselves. */
export const mayConsent = (who: SignedIn, asked: readonly Asked[]): boolean =>
  mayGrantDelegated(who.membership) ||
  (who.tenant.userConsent === 'allowed' && asked.every(({ permission }) => !permission.adminOnly));

/** The consent page, or "Need admin approval" for somebody who may not consent. */
export function askForConsent(
  c: Context,
  world: World,
  request: AuthorizeRequest,
  who: SignedIn,
  asked: readonly Asked[],
) {
  if (!mayConsent(who, asked)) {
    const problem = {
      error: 'access_denied',
      code: 90094,
      text: `The grant requires admin permission. An administrator of ${who.tenant.displayName} must consent to '${request.registration.displayName}'.`,
    };
    const parameters = new URLSearchParams(errorParameters(world, problem));
    if (request.state !== undefined) parameters.set('state', request.state);
    return sendPage(
      c,
      needAdminPage({
        persona: who.persona,
        app: appView(request.registration),
        returnLink: locationOf(request, parameters),
        switchLink: accountChoice(c),
        details: describeEntraError(problem, nowOf(world)),
      }),
    );
  }
  return sendPage(
    c,
    consentPage({
      persona: who.persona,
      app: appView(request.registration),
      permissions: permissionViews(asked.map(({ permission }) => permission)),
      action: selfAddress(c),
      organization: undefined,
      mayConsentForOrganization: mayGrantDelegated(who.membership),
    }),
  );
}

/** Consent pages have no line for `openid`: it comes with the basic profile, and keeping access is always part. */
export function permissionViews(permissions: readonly Permission[]): PermissionView[] {
  const keepsAccess = GRAPH.permissions.filter((permission) => permission.value === 'offline_access');
  const all = new Set([...permissions.filter((permission) => permission.value !== 'openid'), ...keepsAccess]);
  return [...all].map(({ title, detail, value, type }) => ({
    title,
    detail,
    value,
    application: type === 'application',
  }));
}

/** Remembers a consent, for the person or for everybody; the first one in a tenant makes the service principal. */
export function recordConsent(
  world: World,
  request: AuthorizeRequest,
  who: SignedIn,
  asked: readonly Asked[],
  everybody: boolean,
) {
  const now = nowOf(world);
  const principal = ensureServicePrincipal(world.grants, who.tenant.id, request.registration.clientId, now);
  const principalId = everybody ? null : who.membership.objectId;
  // The OpenID Connect scopes are part of each first consent.
  addDelegated(principal, 'graph', principalId, [...OIDC_SCOPES], now);
  for (const { name } of RESOURCES) {
    const values = asked.filter((each) => each.resource === name).map((each) => each.permission.value);
    addDelegated(principal, name, principalId, values, now);
  }
  if (everybody) {
    const defaults = request.scopes.filter((scope) => scope.value === '.default');
    grantTenantWide(principal, request.registration, defaults, now);
  }
  world.changed();
}
