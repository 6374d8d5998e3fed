import { deny } from '#lib/access/permissions.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { type BillingState, Prisma } from '#lib/db/generated/client.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { verifyTenantJob } from '#lib/jobs/contracts.ts';
import {
  assignEnrollmentReader,
  BILLING_ROLE,
  type EnrollmentRoleRequest,
  enrollmentAssignmentName,
  listBillingRoleAssignments,
} from '#lib/microsoft/arm/billing-roles.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { realWait, type Wait } from '../consent/patience.ts';
import { toJson } from '../problem-json.ts';
import { CHECK_SILENT_MS, newCheck } from '../tenants/tenant-check.ts';
import { keepLooks, LOOKED_AT, settleMigration } from './keep.ts';
import { lookAtBilling } from './look.ts';
import type { BillingAccountReference } from './model.ts';
import { findPrincipal } from './principal.ts';

/** How long a person waits for the proof; after that the workers go on looking. */
const PROOF_WAITS_MS = [0, 500, 1_000, 2_000, 3_000];
/** And for Microsoft to know a service principal that is new. */
const PRINCIPAL_WAITS_MS = [0, 1_000, 2_000, 4_000];

const SUFFICIENT: ReadonlySet<string> = new Set([
  BILLING_ROLE.enrollmentReader,
  BILLING_ROLE.enrollmentPurchaser,
]);

export type Migration = BillingAccountReference & {
  /** Azure as the Enterprise Administrator who signed in. */
  readonly arm: ArmClient;
  /** Who that is, for people to read. */
  readonly person: string;
};

/**
 * Gives our service principal the role EnrollmentReader on an enrollment, with the rights of an Enterprise
 * Administrator, and proves it by a read with our own token. Where Microsoft does not honour the role yet, the workers
 * look again until it does. A repetition writes the same assignment. Problems: forbidden, not-found,
 * billing-administrator-needed, enrollment-unknown, principal-not-found …
 */
export async function migrateEnrollment(
  ctx: Ctx,
  { tenantId, account, arm, person }: Migration,
  wait: Wait = realWait,
): Promise<Result<{ readonly state: BillingState }>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const principal = await findPrincipal(ctx, tenantId);
  if (!principal.ok) return principal;
  const { organizationId } = ctx.actor;
  const where = { tenantId, name: account, tenant: { organizationId, removedAt: null } };
  const known = await ctx.database.prisma.billingAccount.findFirst({ where, select: { name: true } });
  if (!known) return fail({ code: 'not-found', entity: 'billing-account' });
  const { directoryId, servicePrincipalId } = principal.value;
  const request = {
    enrollment: account,
    principalId: servicePrincipalId,
    principalTenantId: directoryId,
  };
  const given = await give(arm, request, wait);
  if (!given.ok) return fail(refusalOf(given.problem, account, person));
  await ctx.database.prisma.$transaction(async (tx) => {
    const { count } = await tx.billingAccount.updateMany({
      where,
      data: {
        state: 'verifying',
        problem: Prisma.DbNull,
        roleSince: null,
        // A role that somebody has given outside the portal stays theirs.
        ...(given.value.isOurs && { assignedBy: person, assignedAt: ctx.clock() }),
      },
    });
    if (count === 0) return;
    await recordAudit(tx, ctx, {
      action: 'billing-account.assign-role',
      entity: 'billing-account',
      entityId: account,
      after: {
        tenantId,
        role: 'EnrollmentReader',
        principalId: servicePrincipalId,
        assignment: enrollmentAssignmentName(request),
        signedInAs: person,
        wasThere: given.value.wasThere,
      },
    });
  });
  let state: BillingState = 'verifying';
  for (const ms of PROOF_WAITS_MS) {
    if (ms > 0) await wait(ms);
    const row = await ctx.database.prisma.billingAccount.findFirst({ where, select: LOOKED_AT });
    if (!row) return fail({ code: 'not-found', entity: 'billing-account' });
    const looked = await lookAtBilling(ctx, directoryId, [row], { isAsked: true });
    state = looked[0]?.state ?? state;
    await ctx.database.prisma.$transaction(async (tx) => {
      await keepLooks(tx, ctx, tenantId, { before: [row], looked });
      await settleMigration(tx, ctx, tenantId);
    });
    if (state !== 'verifying') break;
  }
  ctx.log.info('enrollment migrated', { tenantId, state });
  if (state === 'verifying') await haveWatched(ctx, tenantId);
  return ok({ state });
}

/**
 * Writes the assignment, unless the role is there: by us (`isOurs`), perhaps in an attempt that was cut off, or by
 * somebody else. Waits for a service principal that Microsoft does not know yet.
 */
async function give(
  arm: ArmClient,
  request: EnrollmentRoleRequest,
  wait: Wait,
): Promise<Result<{ readonly wasThere: boolean; readonly isOurs: boolean }>> {
  const options = { patience: 'interactive' } as const;
  const held = await listBillingRoleAssignments(arm, request.enrollment, options);
  const ours = enrollmentAssignmentName(request);
  const there = held.ok
    ? held.value.filter(
        ({ principalId, roleDefinitionId }) =>
          principalId === request.principalId && SUFFICIENT.has(roleDefinitionId),
      )
    : [];
  if (there.length > 0) return ok({ wasThere: true, isOurs: there.some(({ name }) => name === ours) });
  let problem: Problem = { code: 'principal-not-found' };
  for (const ms of PRINCIPAL_WAITS_MS) {
    if (ms > 0) await wait(ms);
    const assigned = await assignEnrollmentReader(arm, request, options);
    if (assigned.ok) return ok({ wasThere: false, isOurs: true });
    problem = assigned.problem;
    if (problem.code !== 'principal-not-found') break;
  }
  return fail(problem);
}

function refusalOf(problem: Problem, account: string, person: string): Problem {
  const microsoft = 'microsoft' in problem && problem.microsoft ? { microsoft: problem.microsoft } : {};
  if (problem.code === 'permission-missing')
    return { code: 'billing-administrator-needed', account, person, ...microsoft };
  if (problem.code === 'resource-not-found')
    return { code: 'enrollment-unknown', enrollment: account, ...microsoft };
  return problem;
}

/** A series of checks, as after an approval: it goes on while an account is verifying. */
async function haveWatched(ctx: Ctx, tenantId: Migration['tenantId']): Promise<void> {
  const { organizationId } = ctx.actor;
  const now = ctx.clock();
  await ctx.database.prisma.tenant.updateMany({
    where: { id: tenantId, organizationId, removedAt: null },
    data: {
      lastCheck: toJson(newCheck('person', now)),
      nextCheckAt: new Date(now.getTime() + CHECK_SILENT_MS),
    },
  });
  const singletonKey = `${tenantId} now`;
  await ctx.jobs.enqueue(verifyTenantJob, { organizationId, tenantId }, { singletonKey });
}
