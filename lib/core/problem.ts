/** What Microsoft told us about a failed call; all of it may be shown to a person and to support. */
export type MicrosoftTrace = {
  /** `AADSTS65001`, `Authorization_RequestDenied`, `AuthorizationFailed` … as Microsoft spelled it. */
  readonly code?: string;
  /** The login service's correlation id, or the request id of Graph or ARM. */
  readonly correlationId?: string;
  /** When Microsoft says it happened, as Microsoft spelled it. */
  readonly timestamp?: string;
  /** The HTTP status of the answer. */
  readonly status?: number;
};

type WithTrace = { readonly microsoft?: MicrosoftTrace };

/**
 * Every failure that the product expects, by a stable code. `describeProblem` gives the words a person reads,
 * `PROBLEM_POLICY` the HTTP status and what the worker does.
 */
export type Problem =
  // Input and access
  | { readonly code: 'invalid-input'; readonly fields: Readonly<Record<string, string>> }
  | { readonly code: 'forbidden'; readonly need: 'owner' | 'admin' }
  | { readonly code: 'not-found'; readonly entity: string }
  | { readonly code: 'already-connected'; readonly tenantName: string; readonly tenantId: string }
  /** It can be restored until then; an instant, ISO 8601. */
  | {
      readonly code: 'tenant-removed';
      readonly tenantName: string;
      readonly tenantId: string;
      readonly eraseAt: string;
    }
  | { readonly code: 'tenant-disabled' }
  | { readonly code: 'import-running' }
  /** A worker changes the roles of one of these subscriptions right now. */
  | { readonly code: 'access-change-running' }
  | { readonly code: 'import-interrupted'; readonly attempts: number }
  | { readonly code: 'rate-limited'; readonly retryAfterSeconds: number }
  // Consent flow
  | { readonly code: 'state-unknown' }
  | { readonly code: 'state-expired' }
  | { readonly code: 'state-used' }
  | { readonly code: 'state-foreign' }
  | ({ readonly code: 'consent-declined' } & WithTrace)
  | ({ readonly code: 'sign-in-cancelled' } & WithTrace)
  | ({ readonly code: 'admin-needed' } & WithTrace)
  | ({ readonly code: 'wrong-tenant'; readonly expected: string; readonly actual: string } & WithTrace)
  | ({ readonly code: 'wrong-account' } & WithTrace)
  | { readonly code: 'directory-role-missing'; readonly person: string }
  | { readonly code: 'directory-role-unknown'; readonly person: string }
  | { readonly code: 'no-owned-subscriptions'; readonly person: string; readonly seen: number }
  /** Azure refuses every change to it. `state` is Microsoft's word. */
  | { readonly code: 'azure-subscription-disabled'; readonly state: string }
  | { readonly code: 'flow-interrupted' }
  /** What was to be done with a person's own rights in Azure, after these were given back. */
  | { readonly code: 'delegation-ended' }
  // Microsoft: identity
  | ({ readonly code: 'tenant-unknown'; readonly input: string } & WithTrace)
  /** The clouds in words, and what `MICROSOFT_CLOUD` would have to be. */
  | {
      readonly code: 'other-cloud';
      readonly tenantCloud: string;
      readonly portalCloud: string;
      readonly setting: string;
    }
  | ({ readonly code: 'consent-required' } & WithTrace)
  | ({ readonly code: 'sign-in-required' } & WithTrace)
  | ({ readonly code: 'blocked-by-policy' } & WithTrace)
  | ({ readonly code: 'credential-invalid' } & WithTrace)
  | ({ readonly code: 'application-disabled' } & WithTrace)
  | ({ readonly code: 'token-invalid'; readonly reason: string } & WithTrace)
  // Microsoft: resources
  | ({ readonly code: 'permission-missing'; readonly permission?: string } & WithTrace)
  /** `role` is the one that is missing, and tells an enrollment from a customer agreement. */
  | ({
      readonly code: 'billing-role-missing';
      readonly account: string;
      readonly role: 'EnrollmentReader' | 'Billing account reader';
    } & WithTrace)
  | ({
      readonly code: 'billing-administrator-needed';
      readonly account: string;
      readonly person: string;
    } & WithTrace)
  /** No role makes it work, whoever gives it. */
  | {
      readonly code: 'billing-unsupported';
      readonly account: string;
      readonly why: 'partner' | 'personal' | 'agreement';
    }
  | ({ readonly code: 'enrollment-unknown'; readonly enrollment: string } & WithTrace)
  | ({ readonly code: 'licence-missing' } & WithTrace)
  | ({ readonly code: 'resource-not-found' } & WithTrace)
  | ({ readonly code: 'principal-not-found' } & WithTrace)
  | ({ readonly code: 'conflict' } & WithTrace)
  /** Azure took the change of roles, but does not show it yet. */
  | { readonly code: 'role-change-unconfirmed' }
  | ({ readonly code: 'request-rejected' } & WithTrace)
  | ({ readonly code: 'page-expired' } & WithTrace)
  | ({ readonly code: 'throttled'; readonly retryAfterSeconds: number } & WithTrace)
  | ({ readonly code: 'upstream-unavailable'; readonly reason: string } & WithTrace)
  | ({ readonly code: 'upstream-shape'; readonly where: string } & WithTrace)
  | { readonly code: 'read-incomplete'; readonly received: number; readonly expected: number }
  | { readonly code: 'foreign-link'; readonly origin: string }
  // Microsoft: keys of the EA reporting API. Instants are ISO 8601.
  | { readonly code: 'access-token-expired'; readonly expiredAt: string }
  /** `claimed` is the enrollment that the key itself names; without it the service said so. */
  | ({
      readonly code: 'access-token-wrong-enrollment';
      readonly typed: string;
      readonly claimed?: string;
    } & WithTrace)
  | ({ readonly code: 'access-token-refused'; readonly validUntil?: string } & WithTrace)
  | ({ readonly code: 'ea-reporting-retired' } & WithTrace)
  // This portal
  /** Encrypted with a key that is no longer among ENCRYPTION_KEYS, or damaged. */
  | { readonly code: 'secret-unreadable' }
  | { readonly code: 'storage-full' };

export type ProblemCode = Problem['code'];

type Policy = {
  /** The status a route handler answers with. */
  readonly httpStatus: number;
  /** What a job does: stop for this tenant, try again later, or leave out the phase. */
  readonly worker: 'stop' | 'retry' | 'skip-phase';
};

/** One line for each code; a code without a line does not compile. */
export const PROBLEM_POLICY: Readonly<Record<ProblemCode, Policy>> = {
  'invalid-input': { httpStatus: 400, worker: 'stop' },
  forbidden: { httpStatus: 403, worker: 'stop' },
  'not-found': { httpStatus: 404, worker: 'stop' },
  'already-connected': { httpStatus: 409, worker: 'stop' },
  'tenant-removed': { httpStatus: 409, worker: 'stop' },
  'tenant-disabled': { httpStatus: 409, worker: 'stop' },
  'import-running': { httpStatus: 409, worker: 'stop' },
  'access-change-running': { httpStatus: 409, worker: 'stop' },
  'import-interrupted': { httpStatus: 500, worker: 'skip-phase' },
  'rate-limited': { httpStatus: 429, worker: 'retry' },
  'state-unknown': { httpStatus: 400, worker: 'stop' },
  'state-expired': { httpStatus: 400, worker: 'stop' },
  'state-used': { httpStatus: 409, worker: 'stop' },
  'state-foreign': { httpStatus: 400, worker: 'stop' },
  'consent-declined': { httpStatus: 409, worker: 'stop' },
  'sign-in-cancelled': { httpStatus: 409, worker: 'stop' },
  'admin-needed': { httpStatus: 409, worker: 'stop' },
  'wrong-tenant': { httpStatus: 409, worker: 'stop' },
  'wrong-account': { httpStatus: 409, worker: 'stop' },
  'directory-role-missing': { httpStatus: 409, worker: 'stop' },
  'directory-role-unknown': { httpStatus: 409, worker: 'stop' },
  'no-owned-subscriptions': { httpStatus: 409, worker: 'stop' },
  'azure-subscription-disabled': { httpStatus: 409, worker: 'stop' },
  'flow-interrupted': { httpStatus: 409, worker: 'stop' },
  'delegation-ended': { httpStatus: 409, worker: 'stop' },
  'tenant-unknown': { httpStatus: 404, worker: 'stop' },
  'other-cloud': { httpStatus: 409, worker: 'stop' },
  'consent-required': { httpStatus: 409, worker: 'stop' },
  'sign-in-required': { httpStatus: 409, worker: 'stop' },
  'blocked-by-policy': { httpStatus: 409, worker: 'stop' },
  'credential-invalid': { httpStatus: 502, worker: 'stop' },
  'application-disabled': { httpStatus: 409, worker: 'stop' },
  'token-invalid': { httpStatus: 502, worker: 'stop' },
  'permission-missing': { httpStatus: 409, worker: 'skip-phase' },
  'billing-role-missing': { httpStatus: 409, worker: 'skip-phase' },
  'billing-administrator-needed': { httpStatus: 409, worker: 'stop' },
  'billing-unsupported': { httpStatus: 409, worker: 'skip-phase' },
  'enrollment-unknown': { httpStatus: 404, worker: 'stop' },
  'licence-missing': { httpStatus: 409, worker: 'skip-phase' },
  'resource-not-found': { httpStatus: 404, worker: 'skip-phase' },
  'principal-not-found': { httpStatus: 409, worker: 'retry' },
  conflict: { httpStatus: 409, worker: 'retry' },
  'role-change-unconfirmed': { httpStatus: 409, worker: 'retry' },
  'request-rejected': { httpStatus: 502, worker: 'skip-phase' },
  'page-expired': { httpStatus: 502, worker: 'retry' },
  throttled: { httpStatus: 503, worker: 'retry' },
  'upstream-unavailable': { httpStatus: 503, worker: 'retry' },
  'upstream-shape': { httpStatus: 502, worker: 'skip-phase' },
  'read-incomplete': { httpStatus: 502, worker: 'skip-phase' },
  'foreign-link': { httpStatus: 502, worker: 'skip-phase' },
  'access-token-expired': { httpStatus: 409, worker: 'stop' },
  'access-token-wrong-enrollment': { httpStatus: 409, worker: 'stop' },
  'access-token-refused': { httpStatus: 409, worker: 'stop' },
  'ea-reporting-retired': { httpStatus: 502, worker: 'stop' },
  'secret-unreadable': { httpStatus: 500, worker: 'stop' },
  'storage-full': { httpStatus: 503, worker: 'retry' },
};
