import type { Problem } from '#lib/core/problem.ts';
import type { HttpAnswer, Service } from './http.ts';
import { readServiceError, readTrace } from './trace.ts';

/** The codes of `Problem` that a refusal by Graph or ARM can become. */
export type ServiceProblemCode = Extract<
  Problem['code'],
  | 'consent-required'
  | 'sign-in-required'
  | 'permission-missing'
  | 'licence-missing'
  | 'resource-not-found'
  | 'principal-not-found'
  | 'conflict'
  | 'page-expired'
  | 'request-rejected'
>;

type Row = readonly [service: Exclude<Service, 'entra' | 'ea'>, code: string, problem: ServiceProblemCode];

/**
 * What Microsoft's error codes mean to us; a code that is not here falls into the class of its status.
 * @see https://learn.microsoft.com/graph/errors
 * @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
 */
export const CODE_PROBLEMS = [
  ['graph', 'Directory_ExpiredPageToken', 'page-expired'],
  ['graph', 'syncStateNotFound', 'page-expired'],
  ['graph', 'resyncRequired', 'page-expired'],
  ['graph', 'InvalidAuthenticationToken', 'sign-in-required'],
  ['graph', 'insufficient_claims', 'sign-in-required'],
  ['graph', 'Authorization_RequestDenied', 'permission-missing'],
  ['graph', 'Authentication_MSGraphPermissionMissing', 'permission-missing'],
  ['graph', 'S2SUnauthorized', 'permission-missing'],
  ['graph', 'accessDenied', 'permission-missing'],
  // The application is no longer in the tenant, although its token is still valid.
  ['graph', 'Authorization_IdentityNotFound', 'consent-required'],
  ['graph', 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', 'licence-missing'],
  ['graph', 'Request_ResourceNotFound', 'resource-not-found'],
  ['graph', 'BadRequest', 'request-rejected'],
  ['graph', 'Request_BadRequest', 'request-rejected'],
  ['graph', 'Request_UnsupportedQuery', 'request-rejected'],
  ['graph', 'NotImplemented', 'request-rejected'],
  ['arm', 'InvalidAuthenticationToken', 'sign-in-required'],
  ['arm', 'ExpiredAuthenticationToken', 'sign-in-required'],
  ['arm', 'InvalidAuthenticationTokenTenant', 'sign-in-required'],
  ['arm', 'AuthorizationFailed', 'permission-missing'],
  ['arm', 'LinkedAuthorizationFailed', 'permission-missing'],
  ['arm', 'DenyAssignmentAuthorizationFailed', 'permission-missing'],
  ['arm', 'PrincipalNotFound', 'principal-not-found'],
  ['arm', 'SubscriptionNotFound', 'resource-not-found'],
  ['arm', 'ResourceGroupNotFound', 'resource-not-found'],
  ['arm', 'ResourceNotFound', 'resource-not-found'],
  ['arm', 'RoleDefinitionDoesNotExist', 'resource-not-found'],
  ['arm', 'RoleAssignmentExists', 'conflict'],
  ['arm', 'AnotherOperationInProgress', 'conflict'],
  // Repeating these changes nothing: a lock, a policy, a full or a disabled subscription.
  ['arm', 'ScopeLocked', 'request-rejected'],
  ['arm', 'RequestDisallowedByPolicy', 'request-rejected'],
  ['arm', 'RoleAssignmentLimitExceeded', 'request-rejected'],
  ['arm', 'RoleAssignmentUpdateNotPermitted', 'request-rejected'],
  ['arm', 'ReadOnlyDisabledSubscription', 'request-rejected'],
  ['arm', 'MissingApiVersionParameter', 'request-rejected'],
  ['arm', 'InvalidApiVersionParameter', 'request-rejected'],
] as const satisfies readonly Row[];

/**
 * Codes that come with status 429 or 5xx. The status alone decides about those, before anything reads the code; they
 * stand here for the help pages.
 */
export const PASSING_CODE_PROBLEMS = [
  ['graph', 'TooManyRequests', 'throttled'],
  ['graph', 'ServiceUnavailable', 'upstream-unavailable'],
  ['graph', 'GatewayTimeout', 'upstream-unavailable'],
  ['graph', 'InternalServerError', 'upstream-unavailable'],
  ['graph', 'UnknownError', 'upstream-unavailable'],
  ['arm', 'TooManyRequests', 'throttled'],
  ['arm', 'RateLimiting', 'throttled'],
  ['arm', 'RetryableErrorDueToAnotherOperation', 'throttled'],
  ['arm', 'ServiceUnavailable', 'upstream-unavailable'],
  ['arm', 'GatewayTimeout', 'upstream-unavailable'],
  ['arm', 'InternalServerError', 'upstream-unavailable'],
] as const satisfies readonly (readonly ['graph' | 'arm', string, 'throttled' | 'upstream-unavailable'])[];

/** Every code of Graph and ARM that the product knows. */
export type ServiceCode = (typeof CODE_PROBLEMS)[number][1] | (typeof PASSING_CODE_PROBLEMS)[number][1];

const STATUS_PROBLEMS: ReadonlyMap<number, ServiceProblemCode> = new Map([
  [401, 'sign-in-required'],
  [403, 'permission-missing'],
  [404, 'resource-not-found'],
  [409, 'conflict'],
  [410, 'page-expired'],
]);

/**
 * The Problem behind an answer of Graph or ARM that is no success. `permission` is what the call needs and is
 * named when it is missing; ARM names the action itself.
 */
export function readServiceProblem(
  service: 'graph' | 'arm',
  answer: HttpAnswer,
  permission?: string,
): Problem {
  const microsoft = readTrace(answer);
  if (answer.status < 400) return readRedirect(answer);
  const error = readServiceError(answer.json);
  const known = CODE_PROBLEMS.find(([of, code]) => of === service && code === error.code)?.[2];
  const code = known ?? STATUS_PROBLEMS.get(answer.status) ?? 'request-rejected';
  if (code !== 'permission-missing') return { code, microsoft };
  // ARM's text is "… does not have authorization to perform action '…' over scope …".
  const needed = permission ?? /perform action '([^']+)'/.exec(error.message ?? '')?.[1];
  return { code, ...(needed && { permission: needed }), microsoft };
}

/** None of our calls expects a redirect, and a token must not follow one. */
function readRedirect(answer: HttpAnswer): Problem {
  const target = URL.parse(answer.headers.get('location') ?? '');
  if (target) return { code: 'foreign-link', origin: target.origin };
  return { code: 'upstream-shape', where: `status ${answer.status}`, microsoft: readTrace(answer) };
}
