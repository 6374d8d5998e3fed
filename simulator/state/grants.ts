import { guidOf } from './hash.ts';
import { RESOURCES, type RequestedScope, type ResourceName } from './permissions.ts';
import { type Registration, requiredValues } from './registrations.ts';

export type AppRoleGrant = {
  readonly resource: ResourceName;
  readonly value: string;
  readonly createdAt: number;
};

/** Scopes granted for everybody in the tenant (`principalId` null) or for one person. */
export type DelegatedGrant = {
  readonly resource: ResourceName;
  readonly principalId: string | null;
  readonly scopes: readonly string[];
  readonly createdAt: number;
};

/** A registration's instance in one directory, with what was granted there. */
export type ServicePrincipal = {
  readonly objectId: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly createdAt: number;
  enabled: boolean;
  appRoles: AppRoleGrant[];
  delegated: DelegatedGrant[];
};

/** All service principals, by `tenantId/clientId`. */
export type Grants = Map<string, ServicePrincipal>;

const key = (tenantId: string, clientId: string) => `${tenantId}/${clientId}`.toLowerCase();

export const findServicePrincipal = (grants: Grants, tenantId: string, clientId: string) =>
  grants.get(key(tenantId, clientId));

/** The service principal of the registration in the tenant, created now when there is none. */
export function ensureServicePrincipal(
  grants: Grants,
  tenantId: string,
  clientId: string,
  now: number,
): ServicePrincipal {
  const existing = findServicePrincipal(grants, tenantId, clientId);
  if (existing) return existing;
  const created: ServicePrincipal = {
    // A principal that was deleted and comes back is another object, so the moment is part of its identity.
    objectId: guidOf('servicePrincipal', tenantId, clientId, now),
    tenantId,
    clientId,
    createdAt: now,
    enabled: true,
    appRoles: [],
    delegated: [],
  };
  grants.set(key(tenantId, clientId), created);
  return created;
}

export const deleteServicePrincipal = (grants: Grants, tenantId: string, clientId: string): boolean =>
  grants.delete(key(tenantId, clientId));

/**
 * Replaces what the tenant granted on each API that the scopes name: `.default` means exactly the registration's
 * permissions, application ones included; named scopes are added to the delegated ones.
 */
export function grantTenantWide(
  principal: ServicePrincipal,
  registration: Registration,
  scopes: readonly RequestedScope[],
  now: number,
): void {
  for (const { name } of RESOURCES) {
    const values = scopes.filter((scope) => scope.resource.name === name).map((scope) => scope.value);
    if (values.length === 0) continue;
    if (!values.includes('.default')) {
      addDelegated(principal, name, null, values, now);
      continue;
    }
    const roles = requiredValues(registration, name, 'application');
    const kept = principal.appRoles.filter((grant) => grant.resource === name && roles.includes(grant.value));
    const added = roles
      .filter((value) => !kept.some((grant) => grant.value === value))
      .map((value) => ({ resource: name, value, createdAt: now }));
    principal.appRoles = [
      ...principal.appRoles.filter((grant) => grant.resource !== name),
      ...kept,
      ...added,
    ];
    principal.delegated = principal.delegated.filter(
      (grant) => grant.resource !== name || grant.principalId !== null,
    );
    addDelegated(principal, name, null, requiredValues(registration, name, 'delegated'), now);
  }
}

/** Adds delegated scopes for one person, or for everybody (`principalId` null). */
export function addDelegated(
  principal: ServicePrincipal,
  resource: ResourceName,
  principalId: string | null,
  scopes: readonly string[],
  now: number,
): void {
  if (scopes.length === 0) return;
  const same = (grant: DelegatedGrant) => grant.resource === resource && grant.principalId === principalId;
  const before = principal.delegated.find(same)?.scopes ?? [];
  principal.delegated = [
    ...principal.delegated.filter((grant) => !same(grant)),
    { resource, principalId, scopes: [...new Set([...before, ...scopes])], createdAt: now },
  ];
}

/** Delegated scopes that hold for a person on one API. */
export function delegatedScopes(
  principal: ServicePrincipal | undefined,
  resource: ResourceName,
  principalId: string,
): string[] {
  if (!principal) return [];
  const grants = principal.delegated.filter(
    (grant) =>
      grant.resource === resource && (grant.principalId === null || grant.principalId === principalId),
  );
  return [...new Set(grants.flatMap((grant) => grant.scopes))];
}

/** Application permissions on one API that have become visible by now. */
export function visibleAppRoles(
  principal: ServicePrincipal,
  resource: ResourceName,
  now: number,
  lagMs: number,
): string[] {
  return principal.appRoles
    .filter((grant) => grant.resource === resource && now >= grant.createdAt + lagMs)
    .map((grant) => grant.value);
}
