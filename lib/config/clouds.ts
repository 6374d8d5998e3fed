/** Microsoft's clouds. An app registration and its credentials belong to exactly one of them. */
export const CLOUD_NAMES = ['global', 'usgov', 'usgovdod', 'china'] as const;
export type CloudName = (typeof CLOUD_NAMES)[number];

/** Where requests of one cloud go, and what they ask for. All values are origins without a trailing slash. */
export type Cloud = {
  readonly name: CloudName;
  /** What the pages call it; with an article in a sentence. */
  readonly label: string;
  /** The host that MSAL knows the cloud by, also where `authorityUrl` points elsewhere. */
  readonly authorityHost: string;
  readonly authorityUrl: string;
  readonly graphUrl: string;
  readonly armUrl: string;
  readonly partnerCenterUrl: string;
  readonly eaReportingUrl: string;
  /** The resource that scopes and audiences name; never an override. */
  readonly graphResource: string;
  readonly armResource: string;
  /** What follows the name in the first domain of each tenant, such as `.onmicrosoft.com`. */
  readonly initialDomain: string;
};

/** How an app registration proves itself to the token endpoint. */
export type Credential =
  | { readonly type: 'secret'; readonly secret: string }
  | { readonly type: 'certificate'; readonly pem: string };

export type Registration = { readonly clientId: string; readonly credential: Credential };

export type MicrosoftSettings = {
  readonly cloud: Cloud;
  readonly registrations: {
    /** Sign-in to the portal and Azure accounts. */
    readonly azure: Registration;
    /** Office 365 accounts: users and licences. */
    readonly graph: Registration;
  };
};

type CloudFacts = {
  readonly label: string;
  readonly authority: string;
  readonly graph: string;
  readonly arm: string;
  readonly partnerCenter: string;
  readonly eaReporting: string;
  readonly initialDomain: string;
  /** What a tenant's discovery document calls the cloud (`cloud_instance_name`). */
  readonly instances: readonly string[];
  /** `tenant_region_sub_scope` of its tenants, where several clouds share an instance. */
  readonly subScopes?: readonly string[];
};

/**
 * The public hosts of each cloud. No other file names one.
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * @see https://learn.microsoft.com/graph/deployments
 * @see https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls
 */
const CLOUDS: Readonly<Record<CloudName, CloudFacts>> = {
  global: {
    label: 'Microsoft global cloud',
    authority: 'login.microsoftonline.com',
    graph: 'graph.microsoft.com',
    arm: 'management.azure.com',
    partnerCenter: 'api.partnercenter.microsoft.com',
    eaReporting: 'consumption.azure.com',
    initialDomain: '.onmicrosoft.com',
    instances: ['microsoftonline.com'],
  },
  usgov: {
    label: 'Microsoft Cloud for US Government (GCC High)',
    authority: 'login.microsoftonline.us',
    graph: 'graph.microsoft.us',
    arm: 'management.usgovcloudapi.net',
    partnerCenter: 'api.partnercenter.microsoft.com',
    eaReporting: 'consumption.azure.us',
    initialDomain: '.onmicrosoft.us',
    instances: ['microsoftonline.us'],
    subScopes: ['DODCON'],
  },
  usgovdod: {
    label: 'Microsoft Cloud for US Government (DoD)',
    authority: 'login.microsoftonline.us',
    graph: 'dod-graph.microsoft.us',
    arm: 'management.usgovcloudapi.net',
    partnerCenter: 'api.partnercenter.microsoft.com',
    eaReporting: 'consumption.azure.us',
    initialDomain: '.onmicrosoft.us',
    instances: ['microsoftonline.us'],
    subScopes: ['DOD'],
  },
  china: {
    label: 'Microsoft cloud in China (21Vianet)',
    authority: 'login.partner.microsoftonline.cn',
    graph: 'microsoftgraph.chinacloudapi.cn',
    arm: 'management.chinacloudapi.cn',
    partnerCenter: 'partner.partnercenterapi.microsoftonline.cn',
    eaReporting: 'consumption.azure.cn',
    initialDomain: '.partner.onmschina.cn',
    instances: ['partner.microsoftonline.cn', 'chinacloudapi.cn'],
  },
};

/** Origins that replace the public ones; they move where requests go, not what is asked for. */
export type EndpointOverrides = Partial<
  Pick<Cloud, 'authorityUrl' | 'graphUrl' | 'armUrl' | 'partnerCenterUrl' | 'eaReportingUrl'>
>;

export function createCloud(name: CloudName, overrides: EndpointOverrides = {}): Cloud {
  const facts = CLOUDS[name];
  return {
    name,
    label: facts.label,
    authorityHost: facts.authority,
    authorityUrl: overrides.authorityUrl ?? `https://${facts.authority}`,
    graphUrl: overrides.graphUrl ?? `https://${facts.graph}`,
    armUrl: overrides.armUrl ?? `https://${facts.arm}`,
    partnerCenterUrl: overrides.partnerCenterUrl ?? `https://${facts.partnerCenter}`,
    eaReportingUrl: overrides.eaReportingUrl ?? `https://${facts.eaReporting}`,
    graphResource: `https://${facts.graph}`,
    armResource: `https://${facts.arm}`,
    initialDomain: facts.initialDomain,
  };
}

/**
 * The clouds in which a tenant can live, by what its discovery document says. Several where it does not tell them
 * apart, none where it says something we do not know.
 */
export function cloudsOfTenant(instance: string | undefined, subScope: string | undefined): readonly Cloud[] {
  const sharing = CLOUD_NAMES.filter((name) =>
    CLOUDS[name].instances.includes(instance?.toLowerCase() ?? ''),
  );
  const exact = sharing.filter((name) => CLOUDS[name].subScopes?.includes(subScope?.toUpperCase() ?? ''));
  return (exact.length > 0 ? exact : sharing).map((name) => createCloud(name));
}
