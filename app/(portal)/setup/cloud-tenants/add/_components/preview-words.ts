import type { TenantKind } from '#lib/domain/tenants/model.ts';

type Words = {
  /** Whose approval Microsoft accepts. */
  readonly who: string;
  readonly why: string;
  /** Which account to pick on Microsoft's page. */
  readonly account: string;
  readonly never: readonly string[];
  /** What happens between the button and the return, in order. */
  readonly next: readonly string[];
};

/** What the page says about connecting a kind of account, apart from what depends on the configuration. */
export const PREVIEW_WORDS: Readonly<Record<TenantKind, Words>> = {
  office365: {
    who: 'A Global Administrator or Privileged Role Administrator of the tenant.',
    why: 'The portal reads licences and users every night, without anybody being signed in. Microsoft lets only these two roles approve such permissions for Microsoft Graph; an Application Administrator or Cloud Application Administrator cannot.',
    account:
      'Pick an account of this tenant that has one of the two roles. If the role is only eligible, activate it first. A guest of the tenant who has the role will do.',
    never: [
      'mail, calendars, files, chats or sites',
      'passwords, or any right to change users or licences',
      'a password or secret of yours',
    ],
    next: [
      'Microsoft asks for an account and shows the permissions above.',
      'You approve, and sign in once more, so that we know it was an administrator of this tenant.',
      'You come back here, and the first import starts by itself.',
    ],
  },
  azure: {
    who: 'An Owner or User Access Administrator of the subscriptions, or of a management group above them.',
    why: 'The portal reads with a role on each subscription, and only these two roles may give one. Where the tenant does not let its users approve applications, an administrator of the tenant has to approve the sign-in first.',
    account:
      'Pick an account of this tenant, or a guest of it, that has one of the two roles. If the role is only eligible, activate it first.',
    never: [
      'the contents of storage accounts, databases or key vaults',
      'any right to change resources',
      'a password or secret of yours',
    ],
    next: [
      'Microsoft asks for an account of the tenant and, the first time, shows the permissions above.',
      'You come back here. In your name we give our application the role Reader on all subscriptions on which you may; the others are listed with the reason.',
      'The first import starts by itself.',
    ],
  },
};
