import type { Hono } from 'hono';
import { purchaseIds, purchases } from '../../directory/purchases.ts';
import { SKUS } from '../../directory/sku-catalog.ts';
import { capabilityStatus, prepaidUnits } from '../../directory/units.ts';
import { findServicePrincipal, type ServicePrincipal } from '../../state/grants.ts';
import { guidOf } from '../../state/hash.ts';
import { RESOURCES } from '../../state/permissions.ts';
import { resourceOf } from '../../state/registrations.ts';
import type { Tenant } from '../../state/tenants.ts';
import { directoryOf, nowOf, type World } from '../../state/world.ts';
import {
  allowed,
  badRequest,
  denied,
  type GraphContext,
  type GraphEnv,
  graphError,
  READ_APPLICATIONS,
  READ_ORGANIZATION,
  READ_SKUS,
} from './answers.ts';
import { charge } from './throttling.ts';

/** SKUs, purchases, the organization and service principals: what is read once for a tenant. */
export function tenantReadRoutes(app: Hono<GraphEnv>, world: World): void {
  app.get('/v1.0/subscribedSkus', (c) => {
    if (!allowed(c.get('claims'), READ_SKUS)) return denied(c);
    const refused = ['$filter', '$top', '$expand', '$orderby'].find(
      (name) => c.req.query(name) !== undefined,
    );
    if (refused)
      return badRequest(c, `The query parameter '${refused}' is not supported.`, 'Request_UnsupportedQuery');
    const throttled = charge(c, world, 3);
    if (throttled) return throttled;
    return c.json({
      '@odata.context': context(world, 'subscribedSkus'),
      value: subscribedSkus(world, c.get('tenant')),
    });
  });

  app.get('/v1.0/directory/subscriptions', (c) => {
    if (!allowed(c.get('claims'), READ_ORGANIZATION)) return denied(c);
    const throttled = charge(c, world, 1);
    if (throttled) return throttled;
    return c.json({
      '@odata.context': context(world, 'directory/subscriptions'),
      value: purchases(directoryOf(world, c.get('tenant')), nowOf(world)),
    });
  });

  app.get('/v1.0/organization', (c) => {
    const claims = c.get('claims');
    const everything = allowed(claims, READ_ORGANIZATION);
    if (!everything && !(claims.idtyp === 'user' && allowed(claims, ['User.Read']))) return denied(c);
    const throttled = charge(c, world, 1);
    if (throttled) return throttled;
    const tenant = c.get('tenant');
    const value = everything ? organization(tenant) : basicOrganization(tenant);
    return c.json({
      '@odata.context': context(world, 'organization'),
      value: [pickMembers(value, c.req.query('$select'))],
    });
  });

  app.get('/v1.0/servicePrincipals', (c) => {
    if (!allowed(c.get('claims'), READ_APPLICATIONS)) return denied(c);
    const appId = /^appId eq '([^']+)'$/i.exec(c.req.query('$filter')?.trim() ?? '')?.[1];
    if (!appId)
      return badRequest(
        c,
        'The simulator lists service principals only by "appId eq \'…\'".',
        'Request_UnsupportedQuery',
      );
    const throttled = charge(c, world, 1);
    if (throttled) return throttled;
    const found = servicePrincipalJson(world, c.get('tenant'), appId);
    return c.json({ '@odata.context': context(world, 'servicePrincipals'), value: found ? [found] : [] });
  });

  app.get('/v1.0/:entity{servicePrincipals\\(appId=.+\\)}', (c) => {
    if (!allowed(c.get('claims'), READ_APPLICATIONS)) return denied(c);
    const appId = /'([^']+)'/.exec(decodeURIComponent(c.req.param('entity')))?.[1] ?? '';
    const throttled = charge(c, world, 1);
    if (throttled) return throttled;
    const found = servicePrincipalJson(world, c.get('tenant'), appId);
    if (!found) return notFound(c, appId);
    return c.json({ '@odata.context': context(world, 'servicePrincipals/$entity'), ...found });
  });

  app.get('/v1.0/servicePrincipals/:id/appRoleAssignments', (c) => {
    if (!allowed(c.get('claims'), READ_APPLICATIONS)) return denied(c);
    const throttled = charge(c, world, 2);
    if (throttled) return throttled;
    const id = c.req.param('id').toLowerCase();
    const principal = [...world.grants.values()].find(
      (each) => each.objectId === id && each.tenantId === c.get('tenant').id,
    );
    if (!principal) return notFound(c, id);
    return c.json({
      '@odata.context': context(world, 'appRoleAssignments'),
      value: appRoleAssignments(world, principal),
    });
  });
}

const context = (world: World, fragment: string): string => `${world.origin}/v1.0/$metadata#${fragment}`;

const notFound = (c: GraphContext, id: string): Response =>
  graphError(
    c,
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

/** Keeps the members that a `$select` names; all without one. */
function pickMembers(value: Record<string, unknown>, select: string | undefined): Record<string, unknown> {
  if (!select) return value;
  const names = select.split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name.toLowerCase())));
}

function subscribedSkus(world: World, tenant: Tenant) {
  const directory = directoryOf(world, tenant);
  const bought = directory.baseHolders();
  const held = directory.holders();
  return SKUS.map((sku, position) => ({
    accountName: tenant.domains.at(-1)?.split('.')[0] ?? '',
    accountId: tenant.id,
    appliesTo: sku.appliesTo,
    capabilityStatus: capabilityStatus(sku.units),
    consumedUnits: held[position] ?? 0,
    id: `${tenant.id}_${sku.skuId}`,
    skuId: sku.skuId,
    skuPartNumber: sku.partNumber,
    subscriptionIds: purchaseIds(directory, position),
    prepaidUnits: prepaidUnits(sku.units, bought[position] ?? 0),
    servicePlans: sku.plans.map((plan) => ({
      servicePlanId: plan.id,
      servicePlanName: plan.name,
      provisioningStatus: sku.units === 'suspended' || sku.units === 'all-zero' ? 'Disabled' : 'Success',
      appliesTo: plan.appliesTo,
    })),
  }));
}

const basicOrganization = (tenant: Tenant) => ({
  id: tenant.id,
  displayName: tenant.displayName,
  verifiedDomains: tenant.domains.map((name, position) => ({
    capabilities: 'Email, OfficeCommunicationsOnline',
    isDefault: position === 0,
    isInitial: position === tenant.domains.length - 1,
    name,
    type: 'Managed',
  })),
});

const organization = (tenant: Tenant) => ({
  ...basicOrganization(tenant),
  deletedDateTime: null,
  businessPhones: ['+1 425 555 0100'],
  city: null,
  country: null,
  countryLetterCode: tenant.countryLetterCode,
  createdDateTime: tenant.createdDateTime,
  defaultUsageLocation: null,
  isMultipleDataLocationsForServicesEnabled: null,
  marketingNotificationEmails: [],
  onPremisesLastSyncDateTime: null,
  onPremisesSyncEnabled: null,
  partnerTenantType: null,
  postalCode: null,
  preferredLanguage: 'en',
  securityComplianceNotificationMails: [],
  securityComplianceNotificationPhones: [],
  state: null,
  street: null,
  technicalNotificationMails: [`it@${tenant.domains[0]}`],
  tenantType: 'AAD',
  assignedPlans: SKUS.slice(0, 2).flatMap((sku) =>
    sku.plans.map((plan) => ({
      assignedDateTime: tenant.createdDateTime,
      capabilityStatus: 'Enabled',
      service: plan.name.split('_')[0] ?? plan.name,
      servicePlanId: plan.id,
    })),
  ),
  provisionedPlans: [],
});

const resourcePrincipalId = (tenant: Tenant, appId: string): string =>
  guidOf('resourcePrincipal', tenant.id, appId);

function servicePrincipalJson(world: World, tenant: Tenant, appId: string) {
  const common = {
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    servicePrincipalType: 'Application',
    tags: [],
  };
  const resource = RESOURCES.find((each) => each.appId === appId.toLowerCase());
  if (resource) {
    const appRoles = resource.permissions
      .filter((permission) => permission.type === 'application')
      .map(({ id, value, title, detail }) => ({
        allowedMemberTypes: ['Application'],
        description: detail,
        displayName: title,
        id,
        isEnabled: true,
        origin: 'Application',
        value,
      }));
    const id = resourcePrincipalId(tenant, resource.appId);
    return {
      ...common,
      id,
      appId: resource.appId,
      appDisplayName: resource.displayName,
      displayName: resource.displayName,
      appRoles,
    };
  }
  const principal = findServicePrincipal(world.grants, tenant.id, appId);
  const registration = principal && world.registrations.get(principal.clientId);
  if (!principal || !registration) return undefined;
  return {
    ...common,
    id: principal.objectId,
    accountEnabled: principal.enabled,
    appId: principal.clientId,
    appDisplayName: registration.displayName,
    displayName: registration.displayName,
    signInAudience: 'AzureADMultipleOrgs',
    appRoles: [],
  };
}

function appRoleAssignments(world: World, principal: ServicePrincipal) {
  const tenant = world.tenants.get(principal.tenantId);
  const displayName = world.registrations.get(principal.clientId)?.displayName ?? '';
  if (!tenant) return [];
  return principal.appRoles.map((grant) => {
    const resource = resourceOf(grant.resource);
    const permission = resource.permissions.find(
      (each) => each.type === 'application' && each.value === grant.value,
    );
    return {
      id: Buffer.from(guidOf('appRoleAssignment', principal.objectId, grant.value)).toString('base64url'),
      createdDateTime: new Date(grant.createdAt).toISOString(),
      appRoleId: permission?.id,
      principalDisplayName: displayName,
      principalId: principal.objectId,
      principalType: 'ServicePrincipal',
      resourceDisplayName: resource.displayName,
      resourceId: resourcePrincipalId(tenant, resource.appId),
    };
  });
}
