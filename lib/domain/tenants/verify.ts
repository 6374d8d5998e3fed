import { deny } from '#lib/access/permissions.ts';
import { DirectoryId, type TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Prisma, TenantStatus } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { verifyTenantJob } from '#lib/jobs/contracts.ts';
import { type BillingCheck, checkBillingWithTenant } from '../billing/check-with-tenant.ts';
import { LOOKED_AT, WITH_KEYS } from '../billing/keep.ts';
import { CONNECTS } from '../delegation/model.ts';
import { startImport } from '../imports/start.ts';
import { readProblem } from '../problem-json.ts';
import { azureFindings, gatherAzure } from './azure-proofs.ts';
import { CAPABILITIES, type CapabilityChecks, readCapabilityChecks } from './capabilities.ts';
import { type CheckedTenant, keepFindings, keepProgress } from './keep-findings.ts';
import {
  excessOf,
  gatherOffice365,
  judgeCapabilities,
  type OnLook,
  office365Findings,
  tokenProof,
} from './office365-proofs.ts';
import { isSilent } from './presence.ts';
import { type FoundAt, type FoundState, type Proof, wasProvenSince } from './proof.ts';
import { readSubscriptionCheck, type SubscriptionCheck } from './subscription-checks.ts';
import { newCheck, readTenantCheck, type TenantCheck } from './tenant-check.ts';
import {
  type Findings,
  judgeVerification,
  nextCheckSeconds,
  nextRoutineCheck,
  withBilling,
} from './verification.ts';

/** A tenant in one of the other states is not in use. */
export const VERIFIABLE = [
  'verifying',
  'connected',
  'limited',
  'ea_api_migration_required',
  'cannot_connect',
  'could_not_check',
] as const satisfies readonly TenantStatus[];

const TENANT = {
  id: true,
  kind: true,
  directoryId: true,
  domain: true,
  status: true,
  capabilities: true,
  boundAt: true,
  lastCheck: true,
  azureSubscriptions: {
    where: { status: { not: 'found' } },
    select: { subscriptionId: true, status: true, notAddedReason: true, roleCheck: true, goneSince: true },
  },
  billingAccounts: { select: { ...LOOKED_AT, problem: true, checkedAt: true } },
  accessTokens: WITH_KEYS,
  consentFlows: {
    where: { status: { not: 'redirected' }, ...CONNECTS },
    orderBy: { createdAt: 'desc' },
    take: 1,
    select: { status: true, updatedAt: true },
  },
} as const satisfies Prisma.TenantSelect;

type Row = Prisma.TenantGetPayload<{ select: typeof TENANT }>;

/** One check, before it is judged, with what of it is kept. */
type Check = {
  readonly findings: Findings;
  readonly token: Proof;
  readonly excess: readonly string[];
  readonly isNewlyProven: boolean;
  readonly billing?: BillingCheck;
  readonly kept: Pick<CheckedTenant, 'capabilities' | 'subscriptions' | 'domain' | 'servicePrincipalId'>;
};

/**
 * Proves what a tenant has granted: a fresh token of our application, its tenant and roles, the directory's list where
 * it can be read, and harmless reads; for Azure the subscriptions that our application is shown and its rights on
 * them. Keeps what was found, also that nothing could be found out, sets the status, starts an import when something
 * new works, and comes back by a job while something is open. May run any number of times, at the same time too: a
 * check that was overtaken by a new approval or request keeps nothing. Problems: forbidden, not-found.
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
  const isVerifiable = VERIFIABLE.some((status) => status === tenant.status);
  if (!isVerifiable || isBeingConnected(ctx, tenant)) return ok({ status: tenant.status });

  const begunAt = ctx.clock();
  const series = seriesOf(tenant, begunAt);
  const onLook: OnLook = async (done, all) => {
    if (series.cause === 'person') await keepProgress(ctx, tenant, series, { done, all });
  };
  const { findings, token, excess, isNewlyProven, billing, kept } = await (tenant.kind === 'azure'
    ? checkAzure(ctx, tenant, series, onLook)
    : checkOffice365(ctx, tenant, onLook));

  const now = ctx.clock();
  const isUnknown = findings.items.some(({ state }) => state === 'could-not-check');
  const failures = isUnknown ? series.failures + 1 : 0;
  const sinceBegunMs = now.getTime() - Date.parse(series.since);
  const judged = judgeVerification(findings, {
    sinceBoundMs: now.getTime() - tenant.boundAt.getTime(),
    sinceBegunMs,
    failures,
    isRoutine: series.cause === 'routine',
    arrivesInParts: tenant.kind === 'azure',
  });
  const verdict = billing ? withBilling(judged, billing, tenant.status) : judged;
  const pauseSeconds = nextCheckSeconds(sinceBegunMs, failures);
  const nextAt = verdict.isFinal
    ? nextRoutineCheck(verdict.status, now)
    : new Date(now.getTime() + pauseSeconds * 1000);
  const problem = verdict.problem ?? findings.problem;
  const check: TenantCheck = {
    cause: series.cause,
    since: series.since,
    endedAt: now.toISOString(),
    ...(!verdict.isFinal && { nextAt: nextAt.toISOString() }),
    isOver: verdict.isFinal,
    failures,
    token,
    excess,
    ...(problem && { problem }),
  };
  const isKept = await keepFindings(ctx, tenant, {
    ...kept,
    ...(billing && { billing }),
    check,
    nextAt,
    verdict,
  });
  ctx.log.info('tenant verified', {
    tenantId,
    status: verdict.status,
    problem: problem?.code,
    cause: series.cause,
    sinceBegunMs,
    isKept,
  });
  if (!isKept) return ok({ status: tenant.status });
  if (isNewlyProven && tenant.status !== 'connected') {
    const started = await startImport(ctx, { tenantId, trigger: 'onboarding' });
    if (!started.ok) ctx.log.info('no import was started', { tenantId, problem: started.problem.code });
  }
  if (!verdict.isFinal) {
    await ctx.jobs.enqueue(
      verifyTenantJob,
      { organizationId, tenantId },
      { startAfterSeconds: pauseSeconds, singletonKey: tenantId },
    );
  }
  return ok({ status: verdict.status ?? tenant.status });
}

/** Whether a person's sign-in is giving out the roles right now: what is not there yet is not missing. */
function isBeingConnected(ctx: Ctx, { kind, status, consentFlows: [flow] }: Row): boolean {
  if (kind !== 'azure' || status !== 'verifying') return false;
  return flow?.status === 'working' && !isSilent(flow, ctx.clock());
}

/** The series that goes on, or a new one where none is open: then its day or an import called for the check. */
function seriesOf({ status, lastCheck, boundAt }: Row, now: Date): TenantCheck {
  const last = readTenantCheck(lastCheck);
  if (last && !last.isOver) return last;
  return !last && status === 'verifying' ? newCheck('onboarding', boundAt) : newCheck('routine', now);
}

async function checkOffice365(ctx: Ctx, tenant: Row, onLook: OnLook): Promise<Check> {
  const before = readCapabilityChecks(tenant.capabilities);
  const evidence = await gatherOffice365(ctx, DirectoryId.parse(tenant.directoryId), onLook);
  const now = ctx.clock();
  const capabilities: CapabilityChecks = judgeCapabilities(evidence, before, now);
  const { token, organization } = evidence;
  const domain = organization?.verifiedDomains.find(({ isDefault }) => isDefault)?.name;
  const servicePrincipalId = token.ok ? token.value.servicePrincipalId : undefined;
  return {
    findings: office365Findings(evidence, capabilities, tenant.boundAt),
    token: tokenOf(token, now),
    excess: excessOf(evidence),
    isNewlyProven: CAPABILITIES.some((capability) =>
      isNew(before[capability], capabilities[capability], tenant.boundAt),
    ),
    kept: {
      capabilities,
      ...(servicePrincipalId && { servicePrincipalId }),
      ...(tenant.domain === null && domain && { domain }),
    },
  };
}

async function checkAzure(ctx: Ctx, tenant: Row, series: TenantCheck, onLook: OnLook): Promise<Check> {
  const before = new Map<string, SubscriptionCheck | undefined>();
  const lost: Problem[] = [];
  let gone = 0;
  for (const { subscriptionId, status, notAddedReason, roleCheck, goneSince } of tenant.azureSubscriptions) {
    if (goneSince) gone += 1;
    else if (status === 'added') before.set(subscriptionId, readSubscriptionCheck(roleCheck));
    else lost.push(readProblem(notAddedReason) ?? { code: 'flow-interrupted' });
  }
  // What no longer exists is not missing, unless nothing else was added.
  if (gone > 0 && before.size === 0) lost.push({ code: 'resource-not-found' });
  const evidence = await gatherAzure(
    ctx,
    DirectoryId.parse(tenant.directoryId),
    {
      added: [...before].map(([subscriptionId, check]) => ({ subscriptionId, check })),
      since: new Date(series.since),
    },
    onLook,
  );
  const { token, checks } = evidence;
  const servicePrincipalId = token.ok ? token.value.servicePrincipalId : undefined;
  const stored = { accounts: tenant.billingAccounts, keys: tenant.accessTokens };
  const billing = await checkBillingWithTenant(ctx, tenant.directoryId, stored, {
    since: new Date(series.since),
    refused: token.ok ? undefined : token.problem,
  });
  return {
    findings: azureFindings(evidence, lost, tenant.boundAt),
    token: tokenOf(token, ctx.clock()),
    excess: [],
    billing,
    isNewlyProven: [...checks].some(([id, check]) => isNew(before.get(id), check, tenant.boundAt)),
    kept: { subscriptions: checks, ...(servicePrincipalId && { servicePrincipalId }) },
  };
}

const tokenOf = (token: Result<unknown>, now: Date): Proof =>
  token.ok ? { state: 'ok', at: now.toISOString() } : tokenProof(token.problem, now.toISOString());

/** What works again after it could not be looked up, or after a passing refusal, has been imported before. */
const isNew = (
  before: FoundAt | undefined,
  after: ({ readonly state: FoundState } & FoundAt) | undefined,
  boundAt: Date,
): boolean => after?.state === 'proven' && !wasProvenSince(before, boundAt);
