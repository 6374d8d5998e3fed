import { may } from '#lib/access/permissions.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { CAPABILITIES, CAPABILITY } from '../tenants/capabilities.ts';
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
  /** Client id of the registration that asks, as Microsoft's page names it under the application's details. */
  readonly appId: string;
  readonly applicationPermissions: readonly AskedPermission[];
  readonly delegatedPermissions: readonly AskedPermission[];
};

export type ConsentPreviews = {
  readonly byKind: Readonly<Record<TenantKind, ConsentPreview>>;
  /** One registration for both kinds: its consent asks for the permissions of both. */
  readonly isShared: boolean;
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
  const { azure, graph } = ctx.microsoft.entra.settings.registrations;
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
      },
      azure: {
        appId: azure.clientId,
        applicationPermissions: [],
        delegatedPermissions: [IDENTITY, AZURE],
      },
    },
    isShared,
    mayConnect: may(ctx.actor, 'tenant.connect'),
  };
}
