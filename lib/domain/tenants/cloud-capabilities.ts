import type { CloudName } from '#lib/microsoft/entra/client.ts';
import type { TenantKind } from './model.ts';

/** `missing`: Microsoft says that the cloud does not have it; `not-documented`: Microsoft says nothing about it. */
export type Availability = 'available' | 'missing' | 'not-documented';

export type CloudCapability = {
  /** As in the table of docs/operations/clouds.md. */
  readonly title: string;
  /** The kinds of account that it is about; none where it is about partners. */
  readonly kinds: readonly TenantKind[];
  readonly availability: Readonly<Record<CloudName, Availability>>;
};

const EVERYWHERE = {
  global: 'available',
  usgov: 'available',
  usgovdod: 'available',
  china: 'available',
} as const;
const GLOBAL_ONLY = { global: 'available', usgov: 'missing', usgovdod: 'missing', china: 'missing' } as const;

/**
 * What Microsoft's clouds let a portal do. From the table "national cloud deployments" on the page of each operation
 * of Microsoft Graph v1.0, and from the endpoints that Azure and Partner Center document for each cloud.
 * @see https://learn.microsoft.com/graph/api/subscribedsku-list
 * @see https://learn.microsoft.com/graph/api/resources/report
 * @see https://learn.microsoft.com/graph/api/adminreportsettings-get
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * @see https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls
 */
export const CLOUD_CAPABILITIES: readonly CloudCapability[] = [
  { title: 'Licences and seats', kinds: ['office365'], availability: EVERYWHERE },
  { title: 'Users', kinds: ['office365'], availability: EVERYWHERE },
  { title: 'Name and domains of the organization', kinds: ['office365'], availability: EVERYWHERE },
  { title: 'Usage reports (who works with which service)', kinds: ['office365'], availability: GLOBAL_ONLY },
  { title: 'The setting that hides names in usage reports', kinds: ['office365'], availability: GLOBAL_ONLY },
  { title: 'Azure subscriptions and resources', kinds: ['azure'], availability: EVERYWHERE },
  { title: 'Tags, read and written back', kinds: ['azure'], availability: EVERYWHERE },
  {
    title: 'Customers of a partner (Partner Center)',
    kinds: [],
    availability: { ...EVERYWHERE, usgovdod: 'not-documented' },
  },
];

export type CapabilityInCloud = { readonly title: string; readonly availability: Availability };

/** What can be done with a kind of account in a cloud; empty where nothing is missing, so that there is nothing to say. */
export function capabilitiesIn(cloud: CloudName, kind: TenantKind): readonly CapabilityInCloud[] {
  const capabilities = CLOUD_CAPABILITIES.filter(({ kinds }) => kinds.includes(kind)).map(
    ({ title, availability }) => ({ title, availability: availability[cloud] }),
  );
  return capabilities.every(({ availability }) => availability === 'available') ? [] : capabilities;
}
