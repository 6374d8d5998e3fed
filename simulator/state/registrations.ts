import { ARM, GRAPH, type ResourceName } from './permissions.ts';

export type RequiredPermission = {
  readonly resource: ResourceName;
  readonly type: 'delegated' | 'application';
  readonly value: string;
};

export type ClientSecret = { readonly value: string; readonly expiresAt: number };

/** An app registration in the publisher's own directory: multi-tenant, confidential. */
export type Registration = {
  readonly clientId: string;
  displayName: string;
  readonly publisher: string;
  readonly publisherVerified: boolean;
  redirectUris: string[];
  secrets: ClientSecret[];
  /** PEM certificates whose keys may sign client assertions. */
  certificates: string[];
  /** `groupMembershipClaims: DirectoryRole`: ID tokens then carry `wids`. */
  directoryRoleClaims: boolean;
  required: RequiredPermission[];
};

const CALLBACK_PATHS = [
  '/api/auth/callback/microsoft',
  '/api/consent/callback',
  '/api/consent/admin-callback',
  '/api/partner/callback',
];

const NEVER = Date.parse('2099-12-31T00:00:00Z');

const delegated = (resource: ResourceName, ...values: string[]): RequiredPermission[] =>
  values.map((value) => ({ resource, type: 'delegated', value }));

const application = (...values: string[]): RequiredPermission[] =>
  values.map((value) => ({ resource: 'graph', type: 'application', value }));

/** The two registrations that the portal is configured with, their redirect URIs on the portal's origin. */
export function defaultRegistrations(portalUrl: string): Registration[] {
  const common = {
    publisher: 'Cloud Tenant Setup Project',
    publisherVerified: true,
    certificates: [],
    directoryRoleClaims: true,
  };
  const redirectUris = () => CALLBACK_PATHS.map((path) => portalUrl.replace(/\/+$/, '') + path);
  return [
    {
      ...common,
      clientId: '11111111-aaaa-4bbb-8ccc-000000000001',
      displayName: 'Cloud Tenant Setup',
      redirectUris: redirectUris(),
      secrets: [{ value: 'simulator-azure-secret~1', expiresAt: NEVER }],
      required: [
        ...delegated('graph', 'openid', 'profile', 'email', 'offline_access'),
        ...delegated('arm', 'user_impersonation'),
      ],
    },
    {
      ...common,
      clientId: '22222222-aaaa-4bbb-8ccc-000000000002',
      displayName: 'Cloud Tenant Setup for Microsoft 365',
      redirectUris: redirectUris(),
      secrets: [{ value: 'simulator-graph-secret~2', expiresAt: NEVER }],
      required: [
        ...delegated('graph', 'openid', 'profile', 'User.Read'),
        ...application('User.Read.All', 'LicenseAssignment.Read.All', 'Organization.Read.All'),
      ],
    },
  ];
}

/** The values that a registration asks for on one API. */
export function requiredValues(
  registration: Registration,
  resource: ResourceName,
  type: RequiredPermission['type'],
): string[] {
  return registration.required.filter((p) => p.resource === resource && p.type === type).map((p) => p.value);
}

export const resourceOf = (name: ResourceName) => (name === 'graph' ? GRAPH : ARM);
