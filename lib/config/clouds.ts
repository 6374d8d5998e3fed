/** Microsoft's clouds. An app registration and its credentials belong to exactly one of them. */
export const CLOUD_NAMES = ['global', 'usgov', 'usgovdod', 'china'] as const;
export type CloudName = (typeof CLOUD_NAMES)[number];

/** Where requests of one cloud go, and what they ask for. All values are origins without a trailing slash. */
export type Cloud = {
  readonly name: CloudName;
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

type CloudHosts = {
  authority: string;
  graph: string;
  arm: string;
  partnerCenter: string;
  eaReporting: string;
};

/**
 * The public hosts of each cloud.
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
const HOSTS: Readonly<Record<CloudName, CloudHosts>> = {
  global: {
    authority: 'login.microsoftonline.com',
    graph: 'graph.microsoft.com',
    arm: 'management.azure.com',
    partnerCenter: 'api.partnercenter.microsoft.com',
    eaReporting: 'consumption.azure.com',
  },
  usgov: {
    authority: 'login.microsoftonline.us',
    graph: 'graph.microsoft.us',
    arm: 'management.usgovcloudapi.net',
    partnerCenter: 'api.partnercenter.microsoft.com',
    eaReporting: 'consumption.azure.us',
  },
  usgovdod: {
    authority: 'login.microsoftonline.us',
    graph: 'dod-graph.microsoft.us',
    arm: 'management.usgovcloudapi.net',
    partnerCenter: 'api.partnercenter.microsoft.com',
    eaReporting: 'consumption.azure.us',
  },
  china: {
    authority: 'login.partner.microsoftonline.cn',
    graph: 'microsoftgraph.chinacloudapi.cn',
    arm: 'management.chinacloudapi.cn',
    partnerCenter: 'partner.partnercenterapi.microsoftonline.cn',
    eaReporting: 'consumption.azure.cn',
  },
};

/** Origins that replace the public ones; they move where requests go, not what is asked for. */
export type EndpointOverrides = Partial<
  Pick<Cloud, 'authorityUrl' | 'graphUrl' | 'armUrl' | 'partnerCenterUrl' | 'eaReportingUrl'>
>;

export function createCloud(name: CloudName, overrides: EndpointOverrides = {}): Cloud {
  const hosts = HOSTS[name];
  return {
    name,
    authorityHost: hosts.authority,
    authorityUrl: overrides.authorityUrl ?? `https://${hosts.authority}`,
    graphUrl: overrides.graphUrl ?? `https://${hosts.graph}`,
    armUrl: overrides.armUrl ?? `https://${hosts.arm}`,
    partnerCenterUrl: overrides.partnerCenterUrl ?? `https://${hosts.partnerCenter}`,
    eaReportingUrl: overrides.eaReportingUrl ?? `https://${hosts.eaReporting}`,
    graphResource: `https://${hosts.graph}`,
    armResource: `https://${hosts.arm}`,
  };
}
