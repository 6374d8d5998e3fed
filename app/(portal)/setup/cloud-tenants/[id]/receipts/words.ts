import type { Delegation, DelegationEnd, DelegationPurpose } from '#lib/domain/delegation/model.ts';

/** What somebody signed in for, as a heading has it. */
export const PURPOSE_WORDS: Readonly<Record<DelegationPurpose, string>> = {
  'add-subscriptions': 'Add existing subscriptions',
  'change-access': 'Change access levels',
  'enrollment-role': 'Give the EnrollmentReader role',
  'billing-accounts': 'Look at billing accounts',
  'remove-tenant': 'Remove the tenant',
  onboarding: 'Connect the tenant',
};

/** Why the portal no longer has the person's token. */
export const END_WORDS: Readonly<Record<DelegationEnd, string>> = {
  finished: 'The work was done',
  revoked: 'Revoked by hand',
  'signed-out': 'The person signed out of the portal',
  expired: 'The hour was over',
  replaced: 'The person signed in anew for the same purpose',
};

export const STATE_WORDS: Readonly<Record<Delegation['state'], string>> = {
  redirected: 'At Microsoft',
  failed: 'Nobody signed in',
  active: 'In use',
  ended: 'Ended',
};
