import type { ServiceCode } from '#lib/microsoft/http/problems.ts';
import type { MicrosoftPage } from './page-text.ts';

const AZURE_ROLES =
  'In the Azure portal open the subscription, Access control (IAM), Check access: it lists the role that is needed.';

/**
 * One page for each code of Microsoft Graph and of Azure Resource Manager; a code without a page does not compile.
 * @see https://learn.microsoft.com/graph/errors
 * @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
 */
export const SERVICE_PAGES: Readonly<Record<ServiceCode, MicrosoftPage>> = {
  // Microsoft Graph
  Directory_ExpiredPageToken: {
    cause: 'The link to the next page of a list lives a few minutes, and it was followed later than that.',
  },
  syncStateNotFound: {
    cause: 'Microsoft has forgotten from where changes were to be read; it keeps that for days only.',
  },
  resyncRequired: { cause: 'Microsoft wants the whole list to be read again instead of its changes.' },
  InvalidAuthenticationToken: {
    cause:
      'The access token has expired, was revoked, or was meant for another service or cloud. A new one was asked for once, and refused as well.',
    fix: 'Sign in again. If every tenant is affected, the operator compares `MICROSOFT_GRAPH_URL`, `MICROSOFT_ARM_URL` and `MICROSOFT_CLOUD`, and the server’s clock.',
  },
  insufficient_claims: {
    cause:
      'The service wants proof of something more, such as a second factor or a place that a rule allows.',
  },
  Authorization_RequestDenied: {
    cause:
      'The permission is not approved in the tenant, or was withdrawn; a token that is older than the approval lacks it too.',
    fix: 'Look at the Permissions tab: it says what is missing and what that switches off. Approve again, and wait a few minutes.',
  },
  Authentication_MSGraphPermissionMissing: {
    cause:
      'The token holds no permission for this data, mostly the one for sign-in times (`AuditLog.Read.All`).',
  },
  S2SUnauthorized: { cause: 'The application may not read the usage reports (`Reports.Read.All`).' },
  accessDenied: {
    cause: 'The permission is missing, or the service behind Microsoft Graph refused the application.',
  },
  Authorization_IdentityNotFound: {
    cause:
      'Somebody deleted the enterprise application in the tenant, or the directory does not know it yet.',
    test: 'Enterprise applications in the Entra admin center lists this application again, and “Check again” in the portal succeeds.',
  },
  Authentication_RequestFromNonPremiumTenantOrB2CTenant: {
    cause:
      'Microsoft gives sign-in times only to tenants with Entra ID P1, and not to tenants for consumers.',
  },
  Request_ResourceNotFound: {
    cause:
      'The user, group or application was deleted, or was created so lately that not every server knows it.',
  },
  BadRequest: { cause: 'Microsoft Graph does not accept a part of the request.' },
  Request_BadRequest: {
    cause: 'Microsoft Graph does not accept a filter, a parameter or a value of the request.',
  },
  Request_UnsupportedQuery: { cause: 'Microsoft Graph does not offer this filter or order for this list.' },
  NotImplemented: { cause: 'Microsoft Graph does not offer this property for lists, or not in this cloud.' },
  // Azure Resource Manager
  ExpiredAuthenticationToken: { cause: 'The access token has expired, and a new one was refused.' },
  InvalidAuthenticationTokenTenant: {
    cause:
      'The token is one of another tenant than the subscription’s; a subscription that has moved looks like this.',
  },
  AuthorizationFailed: {
    cause:
      'The account or application has no role with the action that Azure names, at this scope or above it, or the role is minutes old.',
    test: AZURE_ROLES,
  },
  LinkedAuthorizationFailed: {
    cause:
      'The change concerns a second resource, such as a network or an identity, on which a role is missing.',
    test: AZURE_ROLES,
  },
  DenyAssignmentAuthorizationFailed: {
    cause:
      'A deny assignment stands above all roles. Azure makes them for deployment stacks and managed applications.',
    test: 'Access control (IAM), Deny assignments lists none that names the action; then the same step works.',
  },
  PrincipalNotFound: {
    cause:
      'The service principal was created seconds ago and is not in the region that handles the request, or it was deleted in the meantime.',
  },
  SubscriptionNotFound: {
    cause: 'The subscription was deleted or cancelled long ago, its ID is wrong, or it is in another tenant.',
  },
  ResourceGroupNotFound: { cause: 'The resource group was deleted or renamed.' },
  ResourceNotFound: { cause: 'The resource was deleted or moved.' },
  RoleDefinitionDoesNotExist: {
    cause:
      'The role that was to be assigned does not exist in the tenant; built-in roles exist everywhere in public Azure.',
  },
  RoleAssignmentExists: {
    cause: 'The same role is assigned to the same identity at the same scope. The portal takes this as done.',
  },
  AnotherOperationInProgress: { cause: 'Azure is still at work on an earlier change of the same thing.' },
  ScopeLocked: {
    cause:
      'Somebody put a lock on the resource, its group or the subscription, so that nothing is changed by accident.',
    test: 'Settings, Locks lists none at this scope or above it; then the same step works.',
  },
  RequestDisallowedByPolicy: {
    cause:
      'An Azure Policy with the effect Deny covers the change. Microsoft’s own text names the policy and its assignment.',
    test: 'Azure portal, Policy, Compliance lists the exemption; then the same step works.',
  },
  RoleAssignmentLimitExceeded: {
    cause: 'A subscription holds 4,000 role assignments at most.',
    fix: 'Remove assignments of deleted identities (“Identity not found”) first, and assign roles to groups instead of persons.',
    test: 'Access control (IAM) shows fewer assignments than the limit; then the same step works.',
  },
  RoleAssignmentUpdateNotPermitted: {
    cause: 'An assignment of the same name exists with other content: another role, identity or scope.',
  },
  ReadOnlyDisabledSubscription: {
    cause: 'The subscription is cancelled, its trial or credit has ended, or a payment is missing.',
    test: 'The Azure portal lists the subscription as Active; then the same step works.',
  },
  MissingApiVersionParameter: {
    cause: 'The request lacks the version of the interface; a proxy that cuts off queries causes this.',
  },
  InvalidApiVersionParameter: {
    cause: 'This cloud does not offer the version of the interface that was asked for.',
  },
  // Both; the status decides.
  TooManyRequests: { cause: 'More requests came than the quota of application and tenant allows.' },
  RateLimiting: { cause: 'More queries came than Azure Resource Graph allows.' },
  RetryableErrorDueToAnotherOperation: {
    cause: 'Azure is at work on an earlier change and wants this one later.',
  },
  ServiceUnavailable: { cause: 'The service is overloaded or under repair for the moment.' },
  GatewayTimeout: { cause: 'A part of the service did not answer in time.' },
  InternalServerError: { cause: 'The service failed by itself.' },
  UnknownError: { cause: 'The service failed by itself and does not say at what.' },
};
