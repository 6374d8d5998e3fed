import type { MicrosoftCloud } from './clouds.ts';

/** A permission that a registration can ask for, in Microsoft's words. */
export type Permission = {
  readonly id: string;
  readonly value: string;
  readonly type: 'delegated' | 'application';
  readonly adminOnly: boolean;
  readonly title: string;
  readonly detail: string;
};

export type ResourceName = 'graph' | 'arm';

/** An API of Microsoft's that tokens can be issued for. */
export type Resource = {
  readonly name: ResourceName;
  readonly appId: string;
  readonly displayName: string;
  readonly permissions: readonly Permission[];
};

const delegated = (
  id: string,
  value: string,
  title: string,
  detail: string,
  adminOnly = false,
): Permission => ({
  id,
  value,
  type: 'delegated',
  adminOnly,
  title,
  detail,
});

const application = (id: string, value: string, title: string, detail: string): Permission => ({
  id,
  value,
  type: 'application',
  adminOnly: true,
  title,
  detail,
});

/**
 * Microsoft Graph with the permissions that the simulator knows; ids and titles are Microsoft's.
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const GRAPH: Resource = {
  name: 'graph',
  appId: '00000003-0000-0000-c000-000000000000',
  displayName: 'Microsoft Graph',
  permissions: [
    delegated(
      '37f7f235-527c-4136-accd-4a02d197296e',
      'openid',
      'Sign users in',
      'Allows you to sign in to the app with your work or school account.',
    ),
    delegated(
      '14dad69e-099b-42c9-810b-d002981feec1',
      'profile',
      'View your basic profile',
      'Allows the app to see your basic profile (e.g., name, picture, user name, email address).',
    ),
    delegated(
      '64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0',
      'email',
      'View your email address',
      'Allows the app to read your primary email address.',
    ),
    delegated(
      '7427e0e9-2fba-42fe-b0c0-848c9e6a8182',
      'offline_access',
      'Maintain access to data you have given it access to',
      'Allows the app to see and update the data you gave it access to, even when you are not currently using the app.',
    ),
    delegated(
      'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
      'User.Read',
      'Sign you in and read your profile',
      'Allows you to sign in to the app with your work account and let the app read your profile.',
    ),
    delegated(
      'b340eb25-3456-403f-be2f-af7a0d370277',
      'User.ReadBasic.All',
      "Read all users' basic profiles",
      'Allows the app to read a basic set of profile properties of other users in your organization on your behalf.',
    ),
    delegated(
      'a154be20-db9c-4678-8ab7-66f6cc099a59',
      'User.Read.All',
      "Read all users' full profiles",
      'Allows the app to read the full set of profile properties of other users in your organization on your behalf.',
      true,
    ),
    delegated(
      '4908d5b9-3fb2-4b1e-9336-1888b7937185',
      'Organization.Read.All',
      'Read organization information',
      'Allows the app to read the organization and related resources on your behalf.',
      true,
    ),
    delegated(
      '06da0dbc-49e2-44d2-8312-53f166ab848a',
      'Directory.Read.All',
      'Read directory data',
      "Allows the app to read data in your organization's directory.",
      true,
    ),
    application(
      'df021288-bdef-4463-88db-98f22de89214',
      'User.Read.All',
      "Read all users' full profiles",
      'Allows the app to read user profiles without a signed in user.',
    ),
    application(
      'e2f98668-2877-4f38-a2f4-8202e0717aa1',
      'LicenseAssignment.Read.All',
      'Read all license assignments',
      'Allows an app to read license assignments for users and groups, without a signed-in user.',
    ),
    application(
      '5facf0c1-8979-4e95-abcf-ff3d079771c0',
      'LicenseAssignment.ReadWrite.All',
      'Manage all license assignments',
      'Allows an app to manage license assignments for users and groups, without a signed-in user.',
    ),
    application(
      '498476ce-e0fe-48b0-b801-37ba7e2685c6',
      'Organization.Read.All',
      'Read organization information',
      'Allows the app to read the organization and related resources, without a signed-in user.',
    ),
    application(
      '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
      'Directory.Read.All',
      'Read directory data',
      "Allows the app to read data in your organization's directory, such as users, groups and apps, without a signed-in user.",
    ),
    application(
      '9a5d68dd-52b0-40cc-bd40-abcf44ac3a30',
      'Application.Read.All',
      'Read all applications',
      'Allows the app to read all applications and service principals without a signed-in user.',
    ),
    application(
      '230c1aed-a721-4c5d-9cb4-a90514e508ef',
      'Reports.Read.All',
      'Read all usage reports',
      'Allows an app to read all service usage reports without a signed-in user.',
    ),
    application(
      'b0afded3-3588-46d8-8b3d-9842eff778da',
      'AuditLog.Read.All',
      'Read all audit log data',
      'Allows the app to read and query your audit log activities, without a signed-in user.',
    ),
    application(
      '5b567255-7703-4780-807c-7be8301ae99b',
      'Group.Read.All',
      'Read all groups',
      'Allows the app to read group properties and memberships, without a signed-in user.',
    ),
    application(
      '98830695-27a2-44f7-8c18-0c3ebc9698f6',
      'GroupMember.Read.All',
      'Read all group memberships',
      'Allows the app to read memberships and basic group properties for all groups without a signed-in user.',
    ),
  ],
};

/** Azure Resource Manager, whose application is called "Windows Azure Service Management API". */
export const ARM: Resource = {
  name: 'arm',
  appId: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  displayName: 'Windows Azure Service Management API',
  permissions: [
    delegated(
      '41094075-9dad-400e-a0bd-54e686782033',
      'user_impersonation',
      'Access Azure Service Management as you (preview)',
      'Allows the application to access Azure Service Management as you.',
    ),
  ],
};

export const RESOURCES: readonly Resource[] = [GRAPH, ARM];

/** Scopes without a resource that OpenID Connect defines; they never decide which API a token is for. */
export const OIDC_SCOPES: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access']);

/** One requested scope, resolved: the API that it names and the permission, or `.default`. */
export type RequestedScope = { readonly resource: Resource; readonly value: string; readonly raw: string };

export type ScopeError = {
  readonly kind: 'resource' | 'scope';
  readonly raw: string;
  readonly resource?: Resource;
};

/**
 * Reads a space-separated scope parameter. Scopes without a resource belong to Graph; a resource is named by its
 * public URI in this cloud or by its application id, never by the simulator's own address.
 */
export function parseScopes(
  text: string,
  cloud: MicrosoftCloud,
): { readonly scopes: readonly RequestedScope[] } | { readonly error: ScopeError } {
  const scopes: RequestedScope[] = [];
  for (const raw of text.split(/\s+/).filter(Boolean)) {
    const parsed = parseScope(raw, cloud);
    if ('kind' in parsed) return { error: parsed };
    scopes.push(parsed);
  }
  return { scopes };
}

function parseScope(raw: string, cloud: MicrosoftCloud): RequestedScope | ScopeError {
  const slash = raw.lastIndexOf('/');
  if (slash < 0) return knownScope({ resource: GRAPH, value: raw, raw });
  const uri = raw.slice(0, slash).replace(/\/+$/, '').toLowerCase();
  const resource = resourceByUri(uri, cloud);
  if (!resource) return { kind: 'resource', raw };
  return knownScope({ resource, value: raw.slice(slash + 1), raw });
}

function knownScope(scope: RequestedScope): RequestedScope | ScopeError {
  if (scope.value === '.default') return scope;
  const known = scope.resource.permissions.find(
    (permission) =>
      permission.type === 'delegated' && permission.value.toLowerCase() === scope.value.toLowerCase(),
  );
  return known
    ? { ...scope, value: known.value }
    : { kind: 'scope', raw: scope.raw, resource: scope.resource };
}

/** The API that a resource URI (without trailing slash, lower case) or application id names in this cloud. */
export function resourceByUri(uri: string, cloud: MicrosoftCloud): Resource | undefined {
  if (uri === cloud.graphResource || uri === GRAPH.appId) return GRAPH;
  if (cloud.armResources.includes(uri) || uri === ARM.appId) return ARM;
  return undefined;
}
