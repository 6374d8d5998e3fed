import { deny } from '#lib/access/permissions.ts';
import { DirectoryId, type TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { TenantStatus } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { verifyTenantJob } from '#lib/jobs/contracts.ts';
import { appOnlyToken } from '#lib/microsoft/entra/app-only-token.ts';
import { type GraphOrganization, getOrganization } from '#lib/microsoft/graph/organization.ts';
import { listSubscribedSkus } from '#lib/microsoft/graph/subscribed-skus.ts';
import { startImport } from '../imports/start.ts';
import { toJson } from '../problem-json.ts';
import {
  CAPABILITIES,
  type CapabilityChecks,
  grantedPermission,
  readCapabilityChecks,
} from './capabilities.ts';
import { setTenantStatus } from './status.ts';
import {
  type Evidence,
  judgeCapabilities,
  judgeVerification,
  nextCheckSeconds,
  type Verdict,
} from './verification.ts';

const TENANT = {
  id: true,
  kind: true,
  directoryId: true,
  domain: true,
  status: true,
  statusChangedAt: true,
  capabilities: true,
  boundAt: true,
} as const;

type Tenant = {
  readonly id: string;
  readonly directoryId: string;
  readonly domain: string | null;
  readonly status: TenantStatus;
  readonly statusChangedAt: Date;
  readonly capabilities: unknown;
  readonly boundAt: Date;
};

/**
 * Proves what an Office 365 tenant has granted: a fresh token of our application, its tenant and roles, and harmless
 * reads. Keeps what was found, sets the status, starts an import when something new works, and comes back by a job
 * while Microsoft may still be handing over the grant. May run any number of times. Azure accounts are left alone:
 * their role assignments are their proof. Problems: forbidden, not-found.
 */
export async function verifyTenant(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: TenantId },
): Promise<Result<{ readonly status: TenantStatus }>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId, removedAt: null },
    select: TENANT,
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  if (tenant.kind !== 'office365') return ok({ status: tenant.status });

  const { evidence, organization, servicePrincipalId } = await gather(
    ctx,
    DirectoryId.parse(tenant.directoryId),
  );
  const before = readCapabilityChecks(tenant.capabilities);
  const checks = evidence.type === 'checked' ? evidence.checks : before;
  const elapsedMs = ctx.clock().getTime() - checkedSince(tenant).getTime();
  const verdict = judgeVerification(evidence, elapsedMs);
  await keep(ctx, tenant, { checks, verdict, organization, servicePrincipalId });
  ctx.log.info('tenant verified', {
    tenantId,
    status: verdict.status,
    problem: evidence.problem?.code,
    elapsedMs,
  });

  if (isNewlyProven(before, checks)) {
    const started = await startImport(ctx, { tenantId, trigger: 'onboarding' });
    if (!started.ok) ctx.log.info('no import was started', { tenantId, problem: started.problem.code });
  }
  if (!verdict.isFinal) {
    await ctx.jobs.enqueue(
      verifyTenantJob,
      { organizationId, tenantId },
      { startAfterSeconds: nextCheckSeconds(elapsedMs), singletonKey: tenantId },
    );
  }
  return ok({ status: verdict.status ?? tenant.status });
}

/** A tenant under `verifying` waits since it came to be so; what is limited since it was bound. */
const checkedSince = ({ status, statusChangedAt, boundAt }: Tenant): Date =>
  status === 'verifying' ? statusChangedAt : boundAt;

async function gather(
  ctx: Ctx,
  directoryId: DirectoryId,
): Promise<{ evidence: Evidence; organization?: GraphOrganization; servicePrincipalId?: string }> {
  const token = await appOnlyToken(ctx.microsoft.entra, {
    registration: 'graph',
    directoryId,
    resource: 'graph',
    fresh: true,
  });
  if (!token.ok) return { evidence: { type: 'unchecked', problem: token.problem } };
  const { roles, directoryId: actual, servicePrincipalId } = token.value;
  if (actual && actual !== directoryId) {
    return {
      evidence: { type: 'unchecked', problem: { code: 'wrong-tenant', expected: directoryId, actual } },
    };
  }
  const graph = ctx.microsoft.graph(directoryId);
  const [licences, organization] = await Promise.all([
    grantedPermission('licences', roles) ? listSubscribedSkus(graph) : undefined,
    grantedPermission('organization', roles) ? getOrganization(graph) : undefined,
  ]);
  const reads = { ...(licences && { licences }), ...(organization && { organization }) };
  return {
    evidence: judgeCapabilities(roles, reads, ctx.clock()),
    ...(organization?.ok && { organization: organization.value }),
    ...(servicePrincipalId && { servicePrincipalId }),
  };
}

type Findings = {
  readonly checks: CapabilityChecks;
  readonly verdict: Verdict;
  readonly organization: GraphOrganization | undefined;
  readonly servicePrincipalId: string | undefined;
};

async function keep(ctx: Ctx, tenant: Tenant, findings: Findings): Promise<void> {
  const { checks, verdict, organization, servicePrincipalId } = findings;
  const defaultDomain = organization?.verifiedDomains.find(({ isDefault }) => isDefault)?.name;
  await ctx.database.prisma.$transaction(async (tx) => {
    await tx.tenant.update({
      where: { id: tenant.id, organizationId: ctx.actor.organizationId },
      data: {
        capabilities: toJson(checks),
        ...(servicePrincipalId && { servicePrincipalId }),
        ...(tenant.domain === null && defaultDomain && { domain: defaultDomain }),
      },
      select: { id: true },
    });
    if (verdict.status) await setTenantStatus(tx, ctx, tenant, verdict.status, verdict.problem);
  });
}

const isNewlyProven = (before: CapabilityChecks, after: CapabilityChecks): boolean =>
  CAPABILITIES.some(
    (capability) => after[capability]?.state === 'proven' && before[capability]?.state !== 'proven',
  );
