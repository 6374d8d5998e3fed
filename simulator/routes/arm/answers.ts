import type { Context, Env } from 'hono';
import { effectiveAssignments, type Subscription, scopeChain } from '../../state/azure.ts';
import { deniedBy, locksAgainst, policyAgainst } from '../../state/obstacles.ts';
import { allows, type RoleDefinition, roleDefinition } from '../../state/role-definitions.ts';
import type { AccessClaims } from '../../state/tokens.ts';
import { lagsOf, nowOf, type World } from '../../state/world.ts';
import { armErrorBody, statusOf } from '../errors.ts';

/** What the middleware of Resource Manager's routes has found out about the caller. */
export interface ArmEnv extends Env {
  Variables: { claims: AccessClaims };
}

export type ArmContext = Context<ArmEnv>;

export const armError = (c: ArmContext, status: number, code: string, message: string): Response =>
  c.json(armErrorBody(code, message), statusOf(status));

/** The refusal of an action, in the words that name caller, action and scope. */
export const authorizationFailed = (c: ArmContext, action: string, scope: string): Response => {
  const { oid, appid, idtyp } = c.get('claims');
  const client = idtyp === 'app' ? appid : oid;
  return armError(
    c,
    403,
    'AuthorizationFailed',
    `The client '${client}' with object id '${oid}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
};

/** The roles that count for a principal at a scope by now; a fresh assignment has no effect yet. */
export function rolesAt(world: World, scope: string, principalId: string): RoleDefinition[] {
  const chain = scopeChain(world.azure, scope);
  if (!chain) return [];
  const now = nowOf(world);
  const { roleAssignmentLagMs } = lagsOf(world, chain.tenantId);
  return effectiveAssignments(world.azure, chain.scopes, principalId)
    .filter((assignment) => now >= assignment.createdOn + roleAssignmentLagMs)
    .flatMap((assignment) => roleDefinition(assignment.roleId) ?? []);
}

export const mayAt = (world: World, scope: string, principalId: string, action: string): boolean =>
  rolesAt(world, scope, principalId).some((definition) => allows(definition, action));

/** Refuses an action that no role of the caller allows, or that a deny assignment forbids. */
export function refuseAction(
  c: ArmContext,
  world: World,
  scope: string,
  action: string,
): Response | undefined {
  const { oid, appid, idtyp } = c.get('claims');
  if (!mayAt(world, scope, oid, action)) return authorizationFailed(c, action, scope);
  const scopes = scopeChain(world.azure, scope)?.scopes ?? [];
  const denial = deniedBy(world.azure.obstacles, scopes, oid, action);
  if (!denial) return undefined;
  return armError(
    c,
    403,
    'DenyAssignmentAuthorizationFailed',
    `The client '${idtyp === 'app' ? appid : oid}' with object id '${oid}' has permission to perform action '${action}' on scope '${scope}'; however, the access is denied because of the deny assignment with name '${denial.name}' and Id '${denial.id.replaceAll('-', '')}' at scope '${denial.scope}'.`,
  );
}

/** Refuses a change of what a lock protects, at the scope or above it. */
export function refuseLocked(
  c: ArmContext,
  world: World,
  id: string,
  scope: string,
  change: 'write' | 'delete',
): Response | undefined {
  const scopes = scopeChain(world.azure, scope)?.scopes ?? [];
  const locks = locksAgainst(world.azure.obstacles, scopes, change);
  if (locks.length === 0) return undefined;
  return armError(
    c,
    409,
    'ScopeLocked',
    `The scope '${id}' cannot perform ${change} operation because following scope(s) are locked: '${locks.map((lock) => lock.scope).join(',')}'. Please remove the lock and try again.`,
  );
}

/** Refuses a role assignment that a policy forbids. */
export function refuseByPolicy(
  c: ArmContext,
  world: World,
  assignment: { readonly name: string; readonly scope: string; readonly roleId: string },
): Response | undefined {
  const scopes = scopeChain(world.azure, assignment.scope)?.scopes ?? [];
  const policy = policyAgainst(world.azure.obstacles, scopes, assignment.roleId);
  if (!policy) return undefined;
  const policyAssignment = `${policy.scope}/providers/Microsoft.Authorization/policyAssignments/${policy.id}`;
  const policyDefinition = `/providers/Microsoft.Authorization/policyDefinitions/${policy.id}`;
  const identifiers = JSON.stringify([
    {
      policyAssignment: { name: policy.name, id: policyAssignment },
      policyDefinition: { name: policy.name, id: policyDefinition },
    },
  ]);
  const info = {
    policyDefinitionDisplayName: policy.name,
    policyDefinitionId: policyDefinition,
    policyAssignmentName: policy.name,
    policyAssignmentId: policyAssignment,
    policyAssignmentScope: policy.scope,
    policyDefinitionEffect: 'deny',
  };
  return c.json(
    {
      error: {
        code: 'RequestDisallowedByPolicy',
        target: assignment.name,
        message: `Resource '${assignment.name}' was disallowed by policy. Policy identifiers: '${identifiers}'.`,
        additionalInfo: [{ type: 'PolicyViolation', info }],
      },
    },
    403,
  );
}

/** Refuses a scope that does not exist or lies in another tenant than the token's; undefined when it can be used. */
export function refuseScope(c: ArmContext, world: World, scope: string): Response | undefined {
  const { tid } = c.get('claims');
  const chain = scopeChain(world.azure, scope, tid);
  if (!chain) {
    const subscriptionId = /^\/subscriptions\/([^/]+)/i.exec(scope)?.[1];
    if (subscriptionId)
      return armError(
        c,
        404,
        'SubscriptionNotFound',
        `The subscription '${subscriptionId}' could not be found.`,
      );
    return armError(c, 404, 'NotFound', `The scope '${scope}' could not be found.`);
  }
  if (chain.tenantId === tid) return undefined;
  const uri = `https://login.windows.net/${chain.tenantId}`;
  c.header(
    'WWW-Authenticate',
    `Bearer authorization_uri="${uri}", error="invalid_token", error_description="The access token is from the wrong issuer."`,
  );
  return armError(
    c,
    401,
    'InvalidAuthenticationTokenTenant',
    `The access token is from the wrong issuer 'https://sts.windows.net/${tid}/'. It must match the tenant 'https://sts.windows.net/${chain.tenantId}/' associated with this subscription. Please use the authority (URL) '${uri}' to get the token.`,
  );
}

/** Whether writes are possible: a disabled or warned subscription is read-only. */
export const isReadOnly = (subscription: Subscription | undefined): boolean =>
  subscription !== undefined && (subscription.state === 'Disabled' || subscription.state === 'Warned');

/** The subscription that a scope lies in. */
export const subscriptionOf = (world: World, scope: string): Subscription | undefined =>
  world.azure.subscriptions.get(/^\/subscriptions\/([^/]+)/i.exec(scope)?.[1]?.toLowerCase() ?? '');

const PAGE_SIZE = 100;

/** One page of a list, from the row that the link's `$skiptoken` names, with an absolute link to the next one. */
export function armPage<T>(
  c: ArmContext,
  world: World,
  rows: readonly T[],
): { value: T[]; nextLink?: string } {
  const url = new URL(c.req.url);
  const start = Number(Buffer.from(url.searchParams.get('$skiptoken') ?? '', 'base64url').toString()) || 0;
  const value = rows.slice(start, start + PAGE_SIZE);
  if (start + PAGE_SIZE >= rows.length) return { value };
  url.searchParams.set('$skiptoken', Buffer.from(String(start + PAGE_SIZE)).toString('base64url'));
  return { value, nextLink: `${world.origin}${url.pathname}${url.search}` };
}
