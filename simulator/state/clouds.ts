/** What differs between Microsoft's clouds: the public names that tokens and discovery documents carry. */
export type MicrosoftCloud = {
  readonly name: string;
  readonly authorityHost: string;
  readonly graphResource: string;
  /** The first is the audience of issued tokens; all are accepted in scopes. */
  readonly armResources: readonly [string, ...string[]];
  readonly cloudInstanceName: string;
  readonly graphHostV1: string;
  /** `tenant_region_scope` and `tenant_region_sub_scope` of its tenants, where the cloud decides them. */
  readonly regionScope?: string;
  readonly regionSubScope?: string;
};

const GLOBAL: MicrosoftCloud = {
  name: 'global',
  authorityHost: 'login.microsoftonline.com',
  graphResource: 'https://graph.microsoft.com',
  armResources: ['https://management.azure.com', 'https://management.core.windows.net'],
  cloudInstanceName: 'microsoftonline.com',
  graphHostV1: 'graph.windows.net',
};

const CLOUDS: readonly MicrosoftCloud[] = [
  GLOBAL,
  {
    name: 'usgov',
    authorityHost: 'login.microsoftonline.us',
    graphResource: 'https://graph.microsoft.us',
    armResources: ['https://management.usgovcloudapi.net', 'https://management.core.usgovcloudapi.net'],
    cloudInstanceName: 'microsoftonline.us',
    graphHostV1: 'graph.windows.net',
    regionScope: 'USGov',
    regionSubScope: 'DODCON',
  },
  {
    name: 'usgovdod',
    authorityHost: 'login.microsoftonline.us',
    graphResource: 'https://dod-graph.microsoft.us',
    armResources: ['https://management.usgovcloudapi.net', 'https://management.core.usgovcloudapi.net'],
    cloudInstanceName: 'microsoftonline.us',
    graphHostV1: 'graph.windows.net',
    regionScope: 'USGov',
    regionSubScope: 'DOD',
  },
  {
    name: 'china',
    authorityHost: 'login.partner.microsoftonline.cn',
    graphResource: 'https://microsoftgraph.chinacloudapi.cn',
    armResources: ['https://management.chinacloudapi.cn', 'https://management.core.chinacloudapi.cn'],
    cloudInstanceName: 'partner.microsoftonline.cn',
    graphHostV1: 'graph.chinacloudapi.cn',
  },
];

/** The names of the clouds, as in `MICROSOFT_CLOUD`. */
export const CLOUD_NAMES = CLOUDS.map(({ name }) => name);

/** The cloud of a name as in `MICROSOFT_CLOUD`; an unknown name is a mistake of the person who started the simulator. */
export function cloudByName(name: string): MicrosoftCloud {
  const cloud = CLOUDS.find((candidate) => candidate.name === name);
  if (!cloud)
    throw new Error(`Unknown cloud "${name}": expected one of ${CLOUDS.map((c) => c.name).join(', ')}`);
  return cloud;
}
