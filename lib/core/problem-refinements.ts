import {
  CONSENTING_ADMIN,
  NOBODY,
  OPERATOR,
  SUBSCRIPTION_OWNER,
  TENANT_ADMIN,
  YOU,
} from './problem-people.ts';
import type { ProblemText } from './problem-text.ts';

const VERIFICATION = {
  title: 'Microsoft wants an additional verification.',
  who: YOU,
  action: 'Sign in again and complete the verification.',
};

const ENROLMENT = {
  title: 'Your account has to be set up for multifactor authentication first.',
  who: YOU,
  action: 'Sign in again and register a second factor when Microsoft asks for it.',
};

const PASSWORD_EXPIRED = {
  title: 'The password of this account has expired.',
  who: YOU,
  action: 'Change it at Microsoft, or have it reset by an administrator of the tenant, then sign in again.',
};

const INACTIVE = {
  title: 'The saved sign-in has expired, because it was not used for a long time.',
};

const DEVICE_RULE = {
  title: 'A Conditional Access rule of the tenant wants a device that the organization manages.',
  who: 'You, or a security administrator of the tenant',
  action: 'Sign in on a managed device, or ask for an exception for this application.',
};

const PARTNER_RULE = {
  title: 'A Conditional Access rule of the customer wants something that partner accounts cannot do.',
  who: 'A security administrator of the customer',
  action: 'Have service provider users of your tenant excluded from that rule, then try again.',
};

const OTHER_CLOUD = {
  title: 'This tenant belongs to another Microsoft cloud than this portal is set up for.',
  who: OPERATOR,
  action: 'Connect a tenant of the same cloud, or use a portal that is set up for the cloud of this tenant.',
};

const CROSS_CLOUD_APPLICATION = {
  title: 'This portal’s application is registered in another Microsoft cloud than the tenant.',
  who: OPERATOR,
  action: 'Register the application in the cloud of the tenant and set MICROSOFT_CLOUD to it.',
};

const APPLICATION_UNKNOWN = {
  title: 'This tenant does not know the application yet, or it belongs to another cloud.',
};

/** A defect of the request itself: only the operator and the makers can do something about it. */
const OUR_REQUEST = {
  title: 'Microsoft does not accept the form of our request.',
  who: OPERATOR,
  action: 'Start again. If it happens again, report it with the code, the correlation ID and the time.',
};

/**
 * Better words where Microsoft's code says more than the class it belongs to. The numbers may change; without one the
 * words of the class remain true. Pages with a form carry these texts, so only what is said at once stands here; causes
 * and checks are on the help pages.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const REFINEMENTS: Readonly<Record<string, Partial<ProblemText>>> = {
  // Accounts
  AADSTS16000: {
    title: 'This browser is signed in with an account that the tenant does not know.',
    action: 'Sign out at Microsoft or open a private window, then sign in with an account of the tenant.',
  },
  AADSTS50014: {
    title: 'Your invitation to this tenant is not accepted yet.',
    action: 'Open the invitation mail and accept it, then try again.',
  },
  AADSTS50034: {
    title: 'The tenant has no account of this name.',
    action: 'Check the spelling of the user name, and that it belongs to this tenant.',
  },
  AADSTS50057: {
    title: 'This account is disabled.',
    who: TENANT_ADMIN,
    action: 'Sign in with another account, or have this one enabled.',
  },
  AADSTS90072: {
    title: 'Your account is not a guest of this tenant, so it cannot pass the tenant’s verification.',
    action: 'Sign in with an account of the tenant, or be invited as a guest first.',
  },
  AADSTS500208: {
    title: 'This is a personal account, and the tenant takes work or school accounts only.',
    action: 'Sign in with a work or school account of the tenant.',
  },
  // The sign-in
  AADSTS50053: {
    title: 'The account is locked after too many attempts, or the sign-in came from a suspicious address.',
    who: 'Nobody if you wait, or a security administrator of the tenant',
    action: 'Wait an hour and try again, or have the account unblocked.',
  },
  AADSTS50055: PASSWORD_EXPIRED,
  AADSTS50144: PASSWORD_EXPIRED,
  AADSTS50058: {
    title: 'Nobody was signed in at Microsoft in this browser.',
    action: 'Sign in again. If it stays so, allow the cookies of Microsoft’s sign-in page.',
  },
  AADSTS50072: ENROLMENT,
  AADSTS50074: VERIFICATION,
  AADSTS50076: VERIFICATION,
  AADSTS50078: VERIFICATION,
  AADSTS50079: ENROLMENT,
  AADSTS500121: {
    title: 'The additional verification was not completed.',
    action: 'Sign in again and answer the request on your phone or key in time.',
  },
  AADSTS50126: {
    title: 'The user name or the password was wrong.',
  },
  AADSTS50158: VERIFICATION,
  AADSTS50173: {
    title: 'The sign-in was revoked, for example by a new password.',
  },
  AADSTS54005: {
    title: 'This answer from Microsoft was already used.',
    action: 'Start again. A second click or a reload usually causes this.',
  },
  AADSTS70008: INACTIVE,
  AADSTS700082: INACTIVE,
  AADSTS70043: {
    title: 'The tenant’s rules want a new sign-in after a certain time, and that time is over.',
  },
  AADSTS700003: {
    title: 'The device of the saved sign-in was removed from the organization.',
    action: 'Sign in again on a device that the organization knows.',
  },
  AADSTS500133: {
    title: 'Microsoft found our request too old or dated in the future.',
    who: OPERATOR,
    action: 'Synchronise the clock of the server, then try again.',
  },
  // Rules of the tenant
  AADSTS50105: {
    title: 'This application is open to assigned people only, and you are not one of them.',
    who: TENANT_ADMIN,
    action:
      'In the Entra admin center open Enterprise applications, choose this application, and assign your account.',
  },
  AADSTS50177: PARTNER_RULE,
  AADSTS50178: PARTNER_RULE,
  AADSTS50097: DEVICE_RULE,
  AADSTS53000: DEVICE_RULE,
  AADSTS53001: DEVICE_RULE,
  AADSTS530003: DEVICE_RULE,
  AADSTS53002: {
    title:
      'A Conditional Access rule of the tenant allows approved apps only, and this portal is none of them.',
    action: 'Ask for an exception for this application.',
  },
  AADSTS53004: {
    title:
      'Your account has to register for multifactor authentication, which is blocked here because of a risk.',
    action: 'Register from a device and place that your organization trusts, then sign in again.',
  },
  AADSTS53010: {
    title: 'The tenant allows the set-up of multifactor authentication from certain places or devices only.',
    who: YOU,
    action: 'Register a second factor from such a place or device, then sign in again.',
  },
  AADSTS53011: {
    title: 'Your account is blocked because of a risk in its home tenant.',
    who: 'A security administrator of your account’s home tenant',
    action: 'Have the risk cleared there, then try again.',
  },
  AADSTS500021: {
    title: 'Your network allows sign-ins to certain tenants only, and this one is not among them.',
    who: 'Whoever runs the proxy of your network',
    action: 'Have the tenant added to the allowed ones, or use another network.',
  },
  AADSTS500022: {
    title: 'Your network allows sign-ins to certain tenants only, and this one is not among them.',
    who: 'Whoever runs the proxy of your network',
    action: 'Have the tenant added to the allowed ones, or use another network.',
  },
  AADSTS500212: {
    title: 'Your own organization does not allow its people to sign in to this tenant.',
    who: 'A security administrator of your organization',
    action: 'Have this tenant allowed in the outbound cross-tenant access settings, then try again.',
  },
  AADSTS500213: {
    title: 'The tenant does not allow people of your organization to sign in.',
    action: 'Have your organization allowed in the tenant’s inbound cross-tenant access settings.',
  },
  AADSTS530034: {
    title: 'Microsoft blocked the partner’s account because of a risk in its home tenant.',
    who: 'A security administrator of the partner',
    action: 'Clear the risk there, then try again. The customer does not have to do anything.',
  },
  AADSTS530035: {
    title: 'The security defaults of the tenant stopped the sign-in.',
    who: YOU,
    action: 'Set up multifactor authentication for the account, then sign in again in a current browser.',
  },
  // Approval
  AADSTS90095: {
    title: 'Your account may not approve this, but the tenant lets you ask for it.',
    who: 'The reviewer of approval requests in the tenant',
    action: 'Send the request on Microsoft’s page. When it is approved, start again.',
  },
  AADSTS900941: {
    title: 'Microsoft finds this request risky and lets an administrator alone approve it.',
    who: CONSENTING_ADMIN,
    action: 'Have such an administrator check the publisher and connect the tenant.',
  },
  AADSTS90099: {
    title:
      'The application is not approved in the customer’s tenant, so partner accounts cannot use it there.',
    who: 'A Global Administrator of the customer, or the partner by its application consent',
    action: 'Have the application approved in that tenant first, then try again.',
  },
  AADSTS700011: APPLICATION_UNKNOWN,
  AADSTS700016: APPLICATION_UNKNOWN,
  AADSTS7000229: {
    title: 'The application has no service principal in this tenant.',
    action: 'After a new approval wait a few minutes and check again. Otherwise approve it again.',
  },
  AADSTS650051: {
    title: 'Microsoft is still adding the application to the tenant.',
    action: 'Wait half a minute, then try again.',
  },
  AADSTS1000031: {
    title: 'The tenant does not let anybody use this application at the moment.',
  },
  // Tenants
  AADSTS90038: OTHER_CLOUD,
  AADSTS5000224: {
    title: 'This tenant was deleted, or Microsoft has blocked it.',
    who: TENANT_ADMIN,
    action: 'Remove the tenant here if it is gone for good.',
  },
  // Services that the tenant has not
  AADSTS500011: {
    title: 'The tenant has no service of the kind that this needs.',
    who: CONSENTING_ADMIN,
    action: 'Enable the service in the tenant, then approve again.',
  },
  // This portal's application
  AADSTS50011: {
    title: 'The address of this portal is not registered for its application.',
    action:
      'Add the exact redirect URI to the app registration, and compare APP_URL with the address in use.',
  },
  AADSTS50194: {
    title: 'This portal’s application is registered for one tenant only.',
    action: 'Set the app registration to accounts in any organizational directory.',
  },
  AADSTS65005: {
    title: 'The app registration does not list a permission that was asked for.',
    action: 'Add the permissions of the guide to the app registration, then have the tenant approve again.',
  },
  AADSTS650056: {
    title: 'The app registration lists no permission for the service, or the tenant has not approved it.',
    who: 'The operator of this portal, or an administrator of the tenant',
    action:
      'Compare the permissions of the app registration with the guide, then have the tenant approve again.',
  },
  AADSTS650057: {
    title: 'The app registration does not ask for the service that a token was wanted for.',
    action: 'Add the permissions of the guide to the app registration, then have the tenant approve again.',
  },
  AADSTS501461: {
    title: 'The app registration maps claims in a way that Microsoft does not allow for this token.',
    action: 'Set acceptMappedClaims to null in the manifest of the app registration.',
  },
  AADSTS700054: {
    title: 'The app registration does not allow ID tokens.',
    action: 'In the app registration open Authentication and select ID tokens.',
  },
  AADSTS900144: OUR_REQUEST,
  AADSTS90014: OUR_REQUEST,
  AADSTS90023: OUR_REQUEST,
  AADSTS900382: CROSS_CLOUD_APPLICATION,
  AADSTS900432: CROSS_CLOUD_APPLICATION,
  AADSTS9002313: OUR_REQUEST,
  AADSTS700024: {
    title: 'Microsoft found our proof of identity too old or dated in the future.',
    action: 'Synchronise the clock of the server, then try again.',
  },
  AADSTS700027: {
    title: 'Microsoft does not accept the certificate of this portal’s application.',
    action:
      'Upload the certificate to the app registration. After a rotation wait a few minutes and try again.',
  },
  AADSTS7000215: {
    title: 'The secret of this portal’s application is wrong.',
    action: 'Configure the value of the secret, not its ID, and restart the portal.',
  },
  AADSTS7000218: {
    title: 'This portal sent no secret and no certificate for its application.',
    action: 'Configure one of them and restart the portal.',
  },
  AADSTS7000222: {
    title: 'The secret of this portal’s application has expired.',
    action: 'Create a new secret for the app registration, configure its value, and restart the portal.',
  },
  AADSTS50196: {
    title: 'Microsoft saw the same request too often in a short time.',
    who: NOBODY,
  },
  // Microsoft Graph
  Authorization_IdentityNotFound: {
    title: 'The application is no longer in this tenant.',
    action: 'Approve it again. If somebody removed it on purpose, remove the tenant here.',
  },
  Authentication_RequestFromNonPremiumTenantOrB2CTenant: {
    title: 'The tenant has no Entra ID P1 licence, which Microsoft wants for this data.',
  },
  // Azure
  InvalidAuthenticationToken: {
    title: 'Microsoft accepts neither our access token nor the new one that we asked for.',
    who: OPERATOR,
    action:
      'Try again in a few minutes. If it stays so, compare the configured cloud, and the server’s clock with the right time.',
  },
  InvalidAuthenticationTokenTenant: {
    title: 'The subscription belongs to another tenant than the one that was signed in to.',
    action: 'Connect the tenant of the subscription and add it there.',
  },
  AuthorizationFailed: {
    who: SUBSCRIPTION_OWNER,
    action:
      'Have one of them sign in here and add the subscription again. A role that was given just now takes up to ten minutes.',
  },
  LinkedAuthorizationFailed: {
    title: 'Azure refused the access to something that belongs to what was asked for.',
    who: SUBSCRIPTION_OWNER,
    action: 'Give the account a role on both, then try again.',
  },
  DenyAssignmentAuthorizationFailed: {
    title: 'A deny assignment in Azure forbids this, whatever roles somebody has.',
    who: SUBSCRIPTION_OWNER,
    action:
      'Open Access control (IAM), Deny assignments. They come from deployment stacks and managed applications and are changed there.',
  },
  ScopeLocked: {
    title: 'A lock on the subscription or resource forbids the change.',
    who: SUBSCRIPTION_OWNER,
    action: 'Remove the lock in the Azure portal under Settings, Locks, then try again.',
  },
  RequestDisallowedByPolicy: {
    title: 'An Azure Policy of the organization forbids the change.',
    who: 'Whoever manages Azure Policy in the tenant',
    action: 'Have an exemption made for this change, then try again.',
  },
  RoleAssignmentLimitExceeded: {
    title: 'The subscription has as many role assignments as Azure allows.',
    who: SUBSCRIPTION_OWNER,
    action: 'Remove role assignments that nobody needs, then try again.',
  },
  RoleAssignmentExists: {
    title: 'The role is assigned already.',
    action: 'Nothing has to be done.',
  },
  RoleAssignmentUpdateNotPermitted: {
    title: 'Azure does not let a role assignment be changed, only removed and made anew.',
    who: SUBSCRIPTION_OWNER,
    action:
      'Remove the assignment of this application in Access control (IAM), then add the subscription again.',
  },
  ReadOnlyDisabledSubscription: {
    title: 'The subscription is disabled in Azure, which refuses every change to it.',
    who: SUBSCRIPTION_OWNER,
    action: 'Enable it in the Azure portal, then sign in again to add it.',
  },
  SubscriptionNotFound: {
    title: 'Azure does not know this subscription, or shows it to none of us.',
    who: SUBSCRIPTION_OWNER,
    action: 'Check in the Azure portal whether it still exists, and in which tenant.',
  },
};
