import { may } from '#lib/access/permissions.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { CAPABILITIES, CAPABILITY } from '../tenants/capabilities.ts';
import { type CapabilityInCloud, capabilitiesIn } from '../tenants/cloud-capabilities.ts';
import type { TenantKind } from '../tenants/model.ts';

export type AskedPermission = {
  /** As Microsoft spells it. */
  readonly scope: string;
  /** What it allows, in a few words. */
  readonly title: string;
  /** What it is for, as a sentence. */
  readonly meaning: string;
};

/** What Microsoft will show next and ask for, so that a page can say it before. */
export type ConsentPreview = {
  /** Client id of the registration that asks. */
  readonly appId: string;
  readonly applicationPermissions: readonly AskedPermission[];
  readonly delegatedPermissions: readonly AskedPermission[];
  /** What the portal's cloud has for this kind of account; empty where it has everything. */
  readonly capabilities: readonly CapabilityInCloud[];
};

/** The pages of Microsoft's that come next, as far as anybody can know them here. */
export type MicrosoftPages = {
  /** The cloud, as it stands in a sentence after "the". */
  readonly cloud: string;
  /** What the address bar shows while one signs in and approves. */
  readonly signInHost: string;
  /** Where Microsoft sends the browser back to. */
  readonly returnHost: string;
  /**
   * Whether Microsoft verifies publishers in this cloud. Whether ours is verified is known to Microsoft's page alone:
   * an application cannot read it about itself without rights in the directory that owns it.
   * @see https://learn.microsoft.com/entra/identity-platform/publisher-verification-overview
   */
  readonly verifiesPublishers: boolean;
};

export type ConsentPreviews = {
  readonly byKind: Readonly<Record<TenantKind, ConsentPreview>>;
  /** One registration for both kinds: its consent asks for the permissions of both. */
  readonly isShared: boolean;
  readonly pages: MicrosoftPages;
  readonly mayConnect: boolean;
};

const IDENTITY: AskedPermission = {
  scope: 'openid, profile',
  title: 'Sign you in',
  meaning: 'Tells us who approves, and in which tenant.',
};
const OWN_PROFILE: AskedPermission = {
  scope: 'User.Read',
  title: 'Read your own profile',
  meaning: 'Part of every sign-in; of nobody else.',
};
const AZURE: AskedPermission = {
  scope: 'user_impersonation',
  title: 'Act for you in Azure',
  meaning: 'Only while the subscriptions are added. Your token is not kept.',
};

/** What connecting each kind of account asks for. */
export function previewConsent(ctx: Ctx): ConsentPreviews {
  const { registrations, cloud } = ctx.microsoft.entra.settings;
  const { azure, graph } = registrations;
  const isShared = azure.clientId === graph.clientId;
  return {
    byKind: {
      office365: {
        appId: graph.clientId,
        applicationPermissions: CAPABILITIES.map((capability) => ({
          scope: CAPABILITY[capability].asked,
          title: CAPABILITY[capability].title,
          meaning: CAPABILITY[capability].enables,
        })),
        delegatedPermissions: [IDENTITY, OWN_PROFILE, ...(isShared ? [AZURE] : [])],
        capabilities: capabilitiesIn(cloud.name, 'office365'),
      },
      azure: {
        appId: azure.clientId,
        applicationPermissions: [],
        delegatedPermissions: [IDENTITY, AZURE],
        capabilities: capabilitiesIn(cloud.name, 'azure'),
      },
    },
    isShared,
    pages: {
      cloud: cloud.label,
      signInHost: new URL(cloud.authorityUrl).host,
      returnHost: new URL(ctx.appUrl).host,
      verifiesPublishers: cloud.name === 'global',
    },
    mayConnect: may(ctx.actor, 'tenant.connect'),
  };
}
