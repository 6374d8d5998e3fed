import type { Problem, ProblemCode } from './problem.ts';
import {
  BILLING_OWNER,
  CONSENTING_ADMIN,
  ENTERPRISE_ADMIN,
  NOBODY,
  OPERATOR,
  SECURITY_ADMIN,
  SUBSCRIPTION_OWNER,
  TENANT_ADMIN,
  YOU,
} from './problem-people.ts';
import { REFINEMENTS } from './problem-refinements.ts';

const NOBODY_CAN = 'Nobody: the agreement does not offer it';

const UNSUPPORTED_BILLING = {
  partner: (account: string) =>
    `Billing account ${account} is managed by a partner, who alone can read its costs.`,
  personal: (account: string) =>
    `Billing account ${account} belongs to one person, and such accounts have no roles for others.`,
  agreement: (account: string) =>
    `Microsoft offers no costs of billing account ${account} to applications: its agreement does not have them.`,
} as const;

/** The words for a person. */
export type ProblemText = {
  /** What happened, as a sentence. */
  readonly title: string;
  /** Who can fix it, as it follows "Who can fix this:"; without a full stop. */
  readonly who: string;
  /** What to do now, in sentences. */
  readonly action: string;
};

/**
 * Describes any Problem in words. Microsoft's codes and ids are not part of them; they are shown beside, from
 * `problem.microsoft`.
 */
export function describeProblem(problem: Problem): ProblemText {
  const words = wordsFor(problem);
  const code = 'microsoft' in problem ? problem.microsoft?.code : undefined;
  // Own, because Microsoft's code may come from an address that anybody can write.
  return code && Object.hasOwn(REFINEMENTS, code) ? { ...words, ...REFINEMENTS[code] } : words;
}

type Words = { readonly [C in ProblemCode]: (problem: Extract<Problem, { code: C }>) => ProblemText };

const MISSING_IN_DIRECTORY = {
  who: CONSENTING_ADMIN,
  action: 'Approve the permissions again, then check the Permissions tab.',
};

/** Azure names actions, which roles contain. */
const MISSING_IN_AZURE = {
  who: SUBSCRIPTION_OWNER,
  action:
    'Sign in again with an account that has the role, or have the role given in the Azure portal, under Access control (IAM).',
};

/** One entry for each code; a code without words does not compile. */
const WORDS: Words = {
  'invalid-input': ({ fields }) => ({
    title: 'Something in the form has to be changed.',
    who: YOU,
    action: Object.values(fields).join(' ') || 'Correct the marked fields.',
  }),
  forbidden: ({ need }) => ({
    title: `This needs the role ${need} in your organization.`,
    who: 'An owner of your organization',
    action: `Ask an owner to do it for you, or to make you ${need === 'owner' ? 'an owner' : 'an admin'}.`,
  }),
  'not-found': ({ entity }) => ({
    title: `There is no such ${entity.replaceAll('-', ' ')} in your organization.`,
    who: YOU,
    action: 'Go back to the list. It may have been removed, or the address is not complete.',
  }),
  'already-connected': ({ tenantName }) => ({
    title: `This tenant is already connected as “${tenantName}”.`,
    who: YOU,
    action: 'Open it and change its connection there. Nothing was added twice.',
  }),
  'tenant-removed': ({ tenantName, eraseAt }) => ({
    title: `Your organization removed this tenant, which was “${tenantName}”, and can still restore it.`,
    who: 'An owner or admin of your organization',
    action: `Restore it under Cloud Tenant Setup, with all that was imported. It is erased on ${eraseAt.slice(0, 10)}; after that, or once an owner has erased it, it can be connected anew.`,
  }),
  'tenant-disabled': () => ({
    title: 'This tenant is disabled: it is neither imported nor checked.',
    who: 'An owner or admin of your organization',
    action: 'Enable it on its Settings tab, then try again.',
  }),
  'import-running': () => ({
    title: 'An import of this tenant is already running.',
    who: NOBODY,
    action: 'Wait until it has finished, or cancel it first.',
  }),
  'access-change-running': () => ({
    title: 'The roles of one of these subscriptions are being changed right now.',
    who: NOBODY,
    action: 'Wait until that change has finished, then start again.',
  }),
  'import-interrupted': ({ attempts }) => ({
    title: `The import was interrupted ${attempts === 1 ? 'once' : `${attempts} times`} and has stopped.`,
    who: OPERATOR,
    action: 'Start it again. If it stops again, ask the operator to look into the log of the worker.',
  }),
  'rate-limited': ({ retryAfterSeconds }) => ({
    title: 'That was tried too often in a short time.',
    who: NOBODY,
    action: `Try again ${inAbout(retryAfterSeconds)}.`,
  }),
  'state-unknown': () => ({
    title: 'This page belongs to a connection that we do not know.',
    who: YOU,
    action: 'Start again under Cloud Tenant Setup. Nothing was changed.',
  }),
  'state-expired': () => ({
    title: 'This connection took longer than the ten minutes it may take.',
    who: YOU,
    action: 'Start again under Cloud Tenant Setup. Nothing was added here.',
  }),
  'state-used': () => ({
    title: 'This answer from Microsoft was already used.',
    who: YOU,
    action: 'Look at Cloud Tenant Setup to see what came of it. Start again if the tenant is not there.',
  }),
  'state-foreign': () => ({
    title: 'This connection was started by another person, in another organization or in another browser.',
    who: 'The person who started it',
    action:
      'Sign in as the person who started it, in the same browser, or start again yourself. Nothing was changed.',
  }),
  'consent-declined': () => ({
    title: 'Nothing was approved, and nothing has changed at Microsoft.',
    who: 'You or another administrator of the tenant',
    action:
      'Start again when you are ready to approve. The permissions are explained before you go to Microsoft.',
  }),
  'sign-in-cancelled': () => ({
    title: 'The tenant is approved, but the sign-in was cancelled, so it is not connected.',
    who: CONSENTING_ADMIN,
    action:
      'Try again: only the sign-in is left. It shows that an administrator of the tenant connects it. Nothing was added here.',
  }),
  'admin-needed': () => ({
    title: 'Your account may not approve this for the tenant.',
    who: CONSENTING_ADMIN,
    action: 'Ask such an administrator to sign in to this portal and connect the tenant.',
  }),
  'wrong-tenant': ({ expected, actual }) => ({
    title: `You signed in to the tenant ${actual}, but ${expected} was expected.`,
    who: YOU,
    action:
      'Try again and pick an account of the expected tenant, or connect the other tenant instead. Nothing was added.',
  }),
  'wrong-account': () => ({
    title: 'The account you chose is not a member or guest of this tenant.',
    who: YOU,
    action: 'Try again with an account of the tenant, or ask its administrator to invite yours.',
  }),
  'directory-role-missing': ({ person }) => ({
    title: `${person} is neither Global Administrator nor Privileged Role Administrator of this tenant.`,
    who: CONSENTING_ADMIN,
    action:
      'Start again and sign in with an account that has one of these roles, activated if it is only eligible. Nothing was added.',
  }),
  'directory-role-unknown': ({ person }) => ({
    title: `Microsoft did not tell which roles ${person} has, so we could not check them.`,
    who: OPERATOR,
    action:
      'Set groupMembershipClaims to DirectoryRole in the manifest of the app registration, then start again. Nothing was added.',
  }),
  'no-owned-subscriptions': ({ person, seen }) => ({
    title:
      seen === 0
        ? `${person} sees no Azure subscription in this tenant.`
        : `${person} sees ${seen} Azure ${seen === 1 ? 'subscription' : 'subscriptions'} but may not assign roles on any.`,
    who: SUBSCRIPTION_OWNER,
    action:
      'Start again with an account that is Owner or User Access Administrator of at least one subscription.',
  }),
  'azure-subscription-disabled': ({ state }) => ({
    title: `The subscription is ${state} in Azure, which refuses every change to it.`,
    who: SUBSCRIPTION_OWNER,
    action: 'Enable it in the Azure portal, then sign in again to add it.',
  }),
  'flow-interrupted': () => ({
    title: 'The connection was interrupted before it was complete.',
    who: YOU,
    action: 'Start again. What was done already is recognised and not done twice.',
  }),
  'delegation-ended': () => ({
    title: 'The sign-in that this was done with has ended.',
    who: YOU,
    action: 'Sign in again to go on. What was done already stays as it is.',
  }),
  'tenant-unknown': ({ input }) => ({
    title: input
      ? `Microsoft knows no tenant “${input}” in this cloud.`
      : 'Microsoft knows no such tenant in this cloud.',
    who: YOU,
    action:
      'Check the spelling: a verified domain such as contoso.com, or the tenant ID from the Entra admin center.',
  }),
  'other-cloud': ({ tenantCloud, portalCloud, setting }) => ({
    title: `This tenant lives in the ${tenantCloud}, and this portal works with the ${portalCloud}.`,
    who: OPERATOR,
    action: `An application is registered in one cloud only, so this needs an installation of its own: one with MICROSOFT_CLOUD=${setting} and app registrations of that cloud. Nothing was added here.`,
  }),
  'consent-required': () => ({
    title: 'This tenant has not approved the application, or Microsoft has not handed the approval on yet.',
    who: CONSENTING_ADMIN,
    action:
      'After a new approval wait a few minutes, then check again. Otherwise approve it again, with an account that may approve for the whole tenant.',
  }),
  'sign-in-required': () => ({
    title: 'Microsoft wants a new sign-in.',
    who: YOU,
    action: 'Sign in again and complete what Microsoft asks for.',
  }),
  'blocked-by-policy': () => ({
    title: 'A Conditional Access rule or another policy of the tenant stopped the sign-in.',
    who: SECURITY_ADMIN,
    action:
      'Send them the details below. They find the policy in the sign-in log, under this correlation ID.',
  }),
  'credential-invalid': () => ({
    title: 'Microsoft does not accept the secret or certificate of this portal’s application.',
    who: OPERATOR,
    action: 'Create a new credential for the app registration, configure its value, and restart the portal.',
  }),
  'application-disabled': () => ({
    title: 'The application is switched off in this tenant.',
    who: TENANT_ADMIN,
    action:
      'In the Entra admin center open Enterprise applications, choose this application, and enable users to sign in.',
  }),
  'token-invalid': () => ({
    title: 'The answer to the sign-in could not be verified.',
    who: OPERATOR,
    action:
      'Start again. If it happens again, check the configured cloud, the app registration and the server’s clock.',
  }),
  'permission-missing': ({ permission }) => ({
    title: permission
      ? `Microsoft refused the access: ${permission} is missing.`
      : 'Microsoft refused the access: a permission is missing.',
    ...(permission?.startsWith('Microsoft.') ? MISSING_IN_AZURE : MISSING_IN_DIRECTORY),
  }),
  'billing-role-missing': ({ account, role }) =>
    role === 'EnrollmentReader'
      ? {
          title: `EnrollmentReader is missing on enrollment ${account}.`,
          who: ENTERPRISE_ADMIN,
          action:
            'Migrate the EA API on the Enrollments tab, or have the commands there run and then check. A role that was given a moment ago can take some minutes.',
        }
      : {
          title: `Billing account reader is missing on billing account ${account}.`,
          who: BILLING_OWNER,
          action:
            'Follow the steps on the Enrollments tab, then check. A role that was given a moment ago can take some minutes.',
        },
  'billing-administrator-needed': ({ account, person }) => ({
    title: `${person} may not give roles on enrollment ${account}.`,
    who: ENTERPRISE_ADMIN,
    action:
      'Start again with the account of an Enterprise Administrator, not a read-only one. Being Global Administrator or Owner of subscriptions is not enough.',
  }),
  'billing-unsupported': ({ account, why }) => ({
    title: UNSUPPORTED_BILLING[why](account),
    who: NOBODY_CAN,
    action:
      'No role has to be given. The portal reads subscriptions and resources of this tenant as before, without costs of this account.',
  }),
  'enrollment-unknown': ({ enrollment }) => ({
    title: `Microsoft knows no enrollment ${enrollment}.`,
    who: YOU,
    action:
      'Compare the number with the billing account ID in the Azure portal, under Cost Management + Billing, Properties. Remove this one and add the right one.',
  }),
  'licence-missing': () => ({
    title: 'The tenant does not have the service or licence that this needs.',
    who: 'Whoever buys licences for the tenant',
    action: 'Nothing is broken. This part stays empty until the tenant has the licence.',
  }),
  'resource-not-found': () => ({
    title: 'Microsoft says that this no longer exists.',
    who: YOU,
    action:
      'Check in the Azure portal or the Entra admin center whether it was deleted or moved to another tenant.',
  }),
  'principal-not-found': () => ({
    title: 'Azure has not copied our identity to this region yet.',
    who: 'Nobody while we try; after that, you',
    action:
      'It usually takes less than two minutes, and we try again for five. If that was not enough, start again later: what is done already is not done twice.',
  }),
  conflict: () => ({
    title: 'Somebody else is changing the same thing at Microsoft right now.',
    who: NOBODY,
    action: 'Try again in a minute.',
  }),
  'role-change-unconfirmed': () => ({
    title: 'Azure took the change of roles, but does not show it yet.',
    who: NOBODY,
    action: 'Try again in a few minutes. What is done already is not done twice.',
  }),
  'request-rejected': () => ({
    title: 'Microsoft refused the request.',
    who: OPERATOR,
    action:
      'Compare the app registration with the guide, and search for the code below. Support can find the request by its ID.',
  }),
  'page-expired': () => ({
    title: 'Microsoft no longer knows where the reading had stopped.',
    who: NOBODY,
    action: 'The list is read again from its beginning.',
  }),
  throttled: ({ retryAfterSeconds }) => ({
    title: 'Microsoft asks us to slow down.',
    who: NOBODY,
    action: `We go on by ourselves. Microsoft answers again ${inAbout(retryAfterSeconds)}.`,
  }),
  'upstream-unavailable': ({ reason }) => ({
    title: 'Microsoft’s service cannot be reached at the moment.',
    who: NOBODY,
    action: `Try again in a few minutes. ${reason}`,
  }),
  'upstream-shape': ({ where }) => ({
    title: 'Microsoft answered in a form that we do not understand.',
    who: OPERATOR,
    action: `Nothing was changed. Report it with the details below (${where}).`,
  }),
  'read-incomplete': ({ received, expected }) => ({
    title: `Microsoft sent ${count(received)} of ${count(expected)} users.`,
    who: NOBODY,
    action:
      'What arrived is stored, and nobody was marked as deleted. The next import reads the whole list again.',
  }),
  'foreign-link': ({ origin }) => ({
    title: `Microsoft’s answer led to another address, ${origin}, and was not followed.`,
    who: OPERATOR,
    action: 'Check the endpoints in the configuration. No access token was sent there.',
  }),
  'access-token-expired': ({ expiredAt }) => ({
    title: `This access token expired on ${day(expiredAt)}.`,
    who: ENTERPRISE_ADMIN,
    action: 'Generate a new one in the Azure portal and paste that.',
  }),
  'access-token-wrong-enrollment': ({ typed, claimed }) => ({
    title: claimed
      ? `This access token is for the wrong enrollment: it belongs to ${claimed}, not to ${typed}.`
      : `Wrong enrollment: Microsoft does not take this access token for ${typed}.`,
    who: 'You, or an Enterprise Administrator of the enrollment',
    action: `Correct the enrollment number, or paste a token that was generated in the billing scope of ${typed}.`,
  }),
  'access-token-refused': ({ validUntil }) => ({
    title: 'Microsoft refused this access token.',
    who: ENTERPRISE_ADMIN,
    action: validUntil
      ? `It is complete and would be valid until ${day(validUntil)}, so it was revoked or replaced. Generate a new one in the Azure portal and paste that.`
      : 'It is complete, but was revoked, was replaced or has expired. Generate a new one in the Azure portal and paste that.',
  }),
  'ea-reporting-retired': () => ({
    title: 'This could not be checked: Microsoft has retired the service that takes access tokens.',
    who: ENTERPRISE_ADMIN,
    action: 'Connect the enrollment by a role instead, on the Enrollments tab.',
  }),
  'secret-unreadable': () => ({
    title: 'The portal can no longer read what it has kept encrypted.',
    who: OPERATOR,
    action:
      'Have the key with which it was encrypted put back into ENCRYPTION_KEYS, or delete it here and add it again.',
  }),
  'storage-full': () => ({
    title: 'The portal’s database has no room left.',
    who: OPERATOR,
    action:
      'Free space on the database’s disk. An import that has ended is then started again. What was stored before is still there, and can be read.',
  }),
};

/** TypeScript cannot see that the code picks the entry for its own kind of Problem. */
function wordsFor<C extends ProblemCode>(problem: Extract<Problem, { code: C }>): ProblemText {
  return (WORDS[problem.code as C] as (problem: Extract<Problem, { code: C }>) => ProblemText)(problem);
}

/** Rounded up, as it is read: "in about 3 minutes". */
export function inAbout(seconds: number): string {
  if (seconds < 5) return 'in a few seconds';
  if (seconds <= 90) return `in about ${Math.ceil(seconds)} seconds`;
  return `in about ${Math.ceil(seconds / 60)} minutes`;
}

const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** The day of an instant, in UTC: `31 March 2026`. */
const day = (iso: string): string => DAY.format(new Date(iso));

const count = (value: number): string => value.toLocaleString('en-US');
