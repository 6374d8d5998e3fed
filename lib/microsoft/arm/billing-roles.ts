import { z } from 'zod';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { CallOptions } from '../http/call-options.ts';
import { billingAccountScope } from './billing-accounts.ts';
import type { ArmClient } from './client.ts';
import { type RemovedRole, roleAssignmentName } from './role-assignments.ts';

/**
 * Roles of billing accounts by their definition's GUID: those of enrollments, and those of customer agreements.
 * @see https://learn.microsoft.com/azure/cost-management-billing/manage/assign-roles-azure-service-principals
 */
export const BILLING_ROLE = {
  enrollmentReader: '24f8edb6-1668-4659-b5e2-40bb5f3a7d7e',
  /** Can read all that EnrollmentReader can. */
  enrollmentPurchaser: 'da6647fb-7651-49ee-be91-c43c4877f0c4',
  accountOwner: '50000000-aaaa-bbbb-cccc-100000000000',
  accountContributor: '50000000-aaaa-bbbb-cccc-100000000001',
  accountReader: '50000000-aaaa-bbbb-cccc-100000000002',
} as const;

/** The version of the documented call that gives a service principal a role in an enrollment. */
export const ENROLLMENT_ROLE_API_VERSION = '2019-10-01-preview';
/** The version of the call that does so for a customer agreement, and of the lists. */
export const BILLING_ROLE_API_VERSION = '2024-04-01';

export type EnrollmentRoleRequest = {
  readonly enrollment: string;
  /** Object id of the service principal in the customer's tenant: not the application's, which is refused. */
  readonly principalId: string;
  readonly principalTenantId: string;
};

/** The same GUID for the same enrollment and principal, so that a repetition writes the same assignment. */
export const enrollmentAssignmentName = ({ enrollment, principalId }: EnrollmentRoleRequest): string =>
  roleAssignmentName(billingAccountScope(enrollment), principalId, BILLING_ROLE.enrollmentReader);

/** The path below the origin and the body, for the call and for people who send it themselves. */
export function enrollmentRoleCall(request: EnrollmentRoleRequest) {
  const scope = billingAccountScope(request.enrollment);
  const name = enrollmentAssignmentName(request);
  return {
    path: `${scope}/billingRoleAssignments/${name}?api-version=${ENROLLMENT_ROLE_API_VERSION}`,
    body: {
      properties: {
        principalId: request.principalId,
        principalTenantId: request.principalTenantId,
        roleDefinitionId: `${scope}/billingRoleDefinitions/${BILLING_ROLE.enrollmentReader}`,
      },
    },
  } as const;
}

/**
 * Gives a service principal the role EnrollmentReader, as an Enterprise Administrator. Problems: principal-not-found
 * (the directory's copy has no such service principal yet: try again), permission-missing (no Enterprise Administrator),
 * resource-not-found (no such enrollment) …
 * @see https://learn.microsoft.com/rest/api/billing/2019-10-01-preview/role-assignments/put
 */
export async function assignEnrollmentReader(
  arm: ArmClient,
  request: EnrollmentRoleRequest,
  options?: CallOptions,
): Promise<Result<undefined>> {
  const { path, body } = enrollmentRoleCall(request);
  const written = await arm.put(path, body, options);
  if (written.ok) return ok(undefined);
  const { problem } = written;
  if (problem.code === 'conflict') return ok(undefined);
  // The one documented cause of a 400, given that the body has the documented form.
  if (problem.code === 'request-rejected' && problem.microsoft?.status === 400) {
    return fail({ code: 'principal-not-found', microsoft: problem.microsoft });
  }
  return written;
}

/**
 * Takes back what `assignEnrollmentReader` gave, as an Enterprise Administrator; what is gone already is no failure.
 * Problems: permission-missing, resource-not-found (no such enrollment) …
 * @see https://learn.microsoft.com/rest/api/billing/billing-role-assignments/delete-by-billing-account
 */
export async function removeEnrollmentReader(
  arm: ArmClient,
  request: EnrollmentRoleRequest,
  options?: CallOptions,
): Promise<Result<RemovedRole>> {
  const removed = await arm.delete(enrollmentRoleCall(request).path, options);
  if (!removed.ok) return removed;
  return ok({ outcome: removed.value.status === 204 ? 'was-gone' : 'removed' });
}

const LastSegment = z.string().transform((path) => path.slice(path.lastIndexOf('/') + 1).toLowerCase());

export const ArmBillingRoleAssignment = z
  .object({
    name: z.string().nullish(),
    properties: z.object({
      principalId: z.string().nullish(),
      roleDefinitionId: LastSegment,
    }),
  })
  .transform(({ name, properties }) => ({
    /** The GUID of the assignment, lower case. */
    name: name?.toLowerCase() ?? '',
    /** Lower case; empty for people who are known by their mail address alone. */
    principalId: properties.principalId?.toLowerCase() ?? '',
    roleDefinitionId: properties.roleDefinitionId,
  }));
export type ArmBillingRoleAssignment = z.infer<typeof ArmBillingRoleAssignment>;

/**
 * Who has which role on a billing account, for callers who may read it.
 * @see https://learn.microsoft.com/rest/api/billing/billing-role-assignments/list-by-billing-account
 */
export const listBillingRoleAssignments = (
  arm: ArmClient,
  account: string,
  options?: CallOptions,
): Promise<Result<ArmBillingRoleAssignment[]>> =>
  arm.list(
    `${billingAccountScope(account)}/billingRoleAssignments?api-version=${BILLING_ROLE_API_VERSION}`,
    ArmBillingRoleAssignment,
    options,
  );
