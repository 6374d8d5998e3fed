import { z } from 'zod';
import { deny, may } from '#lib/access/permissions.ts';
import { type DirectoryId, FlowId, TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Prisma, TenantStatus } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { CONNECTS } from '../delegation/model.ts';
import { isEnded, PhaseRecord } from '../imports/model.ts';
import { readProblem } from '../problem-json.ts';
import { readCapabilityChecks } from '../tenants/capabilities.ts';
import { type Diagnosis, diagnose } from '../tenants/diagnosis.ts';
import type { TenantKind } from '../tenants/model.ts';
import { type FlowPulse, isSilent, shownStatus } from '../tenants/presence.ts';
import { applicationOf } from '../tenants/queries.ts';
import { readSubscriptionCheck } from '../tenants/subscription-checks.ts';
import { checkPulse, readTenantCheck } from '../tenants/tenant-check.ts';
import { type ChecklistInput, type ChecklistLine, checklist } from './checklist.ts';
import { FLOW, toFlow } from './flow-row.ts';
import type { FlowReference } from './model.ts';

/** An attempt to connect a directory, as its page shows it. */
export type FlowView = {
  readonly flowId: FlowId;
  readonly kind: TenantKind;
  readonly name: string;
  readonly directoryId: DirectoryId;
  readonly domain?: string;
  /** `redirected`: the person is still at Microsoft, as far as we know. */
  readonly state: 'redirected' | 'working' | 'succeeded' | 'failed';
  readonly problem?: Problem;
  readonly lines: readonly ChecklistLine[];
  /** What it has connected. */
  readonly tenant?: {
    readonly tenantId: TenantId;
    readonly name: string;
    readonly status: TenantStatus;
    readonly problem?: Problem;
    /** What most likely stands in the way, where the proofs tell it. */
    readonly diagnosis?: Diagnosis;
    /** Azure subscriptions that the portal was proven to see. */
    readonly seen: number;
  };
  /** The application of ours that the tenant approves. */
  readonly appId: string;
  /** By which Microsoft finds what failed on the way. */
  readonly correlationIds: readonly string[];
  /** Products found so far, and so the first number there is to see. */
  readonly products: number;
  /** How far the users of the first import are. */
  readonly users?: {
    readonly received: number;
    readonly expected: number | undefined;
    readonly isLoading: boolean;
  };
  readonly startedAt: Date;
  /** When the first import began, and so the connection was first of use; absent before. */
  readonly connectedAt?: Date;
  /** Something may change without the person's doing. */
  readonly isLive: boolean;
  readonly mayConnect: boolean;
};

const DETAILS = {
  ...FLOW,
  problem: true,
  createdAt: true,
  updatedAt: true,
  redirects: { orderBy: { createdAt: 'desc' }, take: 1, select: { expiresAt: true } },
  tenant: {
    select: {
      id: true,
      name: true,
      kind: true,
      directoryId: true,
      status: true,
      statusProblem: true,
      statusChangedAt: true,
      capabilities: true,
      boundAt: true,
      removedAt: true,
      lastCheck: true,
      azureSubscriptions: {
        where: { status: 'added' },
        orderBy: { displayName: 'asc' },
        select: { displayName: true, roleCheck: true },
      },
    },
  },
} as const satisfies Prisma.ConsentFlowSelect;

type Row = Prisma.ConsentFlowGetPayload<{ select: typeof DETAILS }>;

/** One flow of the organization with all that came of it. Problems: forbidden, not-found. */
export async function getFlow(ctx: Ctx, { flowId }: FlowReference): Promise<Result<FlowView>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const row = await ctx.database.prisma.consentFlow.findFirst({
    where: { id: flowId, organizationId: ctx.actor.organizationId, ...CONNECTS },
    select: DETAILS,
  });
  if (!row) return fail({ code: 'not-found', entity: 'flow' });
  const now = ctx.clock();
  const { state, problem } = shownState(row, now);
  // A flow that connects a tenant anew names it from the start, but has not changed it before it was bound again.
  const tenant =
    row.tenant && !row.tenant.removedAt && row.tenant.boundAt >= row.createdAt ? row.tenant : undefined;
  const [run, products] = tenant ? await findImport(ctx, tenant.id, row.createdAt) : [undefined, 0];
  const shown = tenant && readTenant(ctx, tenant, row, now);
  const input: ChecklistInput = {
    kind: row.kind,
    state,
    steps: toFlow(row).steps,
    products,
    ...(shown && { tenant: shown.evidence }),
    ...(run && { run }),
  };
  const { id, kind, name, directoryId, domain } = toFlow(row);
  return ok({
    flowId: id,
    kind,
    name,
    directoryId,
    ...(domain && { domain }),
    state,
    ...(problem && { problem }),
    lines: checklist(input, now),
    ...(shown && { tenant: shown.view }),
    appId: applicationOf(ctx, kind),
    correlationIds: correlationIds([row, tenant, run]),
    products,
    ...(run && { users: usersOf(run.phases) }),
    startedAt: row.createdAt,
    ...(run && { connectedAt: run.createdAt }),
    isLive: isLive(state, shown?.evidence, run?.status),
    mayConnect: may(ctx.actor, 'tenant.connect'),
  });
}

function isLive(
  state: FlowView['state'],
  tenant: ChecklistInput['tenant'],
  runStatus: string | undefined,
): boolean {
  if (state === 'redirected' || state === 'working' || runStatus === 'running') return true;
  return tenant?.status === 'verifying' || tenant?.pulse === 'running' || tenant?.pulse === 'followed';
}

type TenantRow = NonNullable<Row['tenant']>;

/** The tenant of a flow: what the checklist rests on, and what the page says of it. */
function readTenant(ctx: Ctx, tenant: TenantRow, flow: FlowPulse, now: Date) {
  const { kind, boundAt, name, directoryId } = tenant;
  const shown = shownStatus(tenant, flow, now);
  const capabilities = readCapabilityChecks(tenant.capabilities);
  const check = readTenantCheck(tenant.lastCheck);
  const pulse = checkPulse(check, now);
  const subscriptions = tenant.azureSubscriptions.map(({ displayName, roleCheck }) => {
    const found = readSubscriptionCheck(roleCheck);
    return { displayName, ...(found && { check: found }) };
  });
  const evidence: ChecklistInput['tenant'] = {
    kind,
    status: shown.status,
    boundAt,
    capabilities,
    subscriptions: subscriptions.map((subscription) => subscription.check),
    ...(check && { check }),
    pulse,
  };
  const diagnosis = diagnose({
    kind,
    name,
    directoryId,
    appId: applicationOf(ctx, kind),
    ...shown,
    capabilities,
    subscriptions,
    ...(check && { check }),
    pulse,
  });
  const seen = subscriptions.filter((subscription) => subscription.check?.state === 'proven').length;
  const view: FlowView['tenant'] = {
    tenantId: TenantId.parse(tenant.id),
    name,
    ...shown,
    ...(diagnosis && { diagnosis }),
    seen,
  };
  return { evidence, view };
}

/** What the users' part of an import has brought so far. */
function usersOf(phases: readonly PhaseRecord[]): NonNullable<FlowView['users']> {
  const users = phases.find(({ phase }) => phase === 'users');
  return {
    received: users?.received ?? 0,
    expected: users?.expected ?? undefined,
    isLoading: users !== undefined && !isEnded(users),
  };
}

/** Every correlation id that Microsoft gave with a failure that is kept with one of these, each once. */
function correlationIds(kept: readonly unknown[]): readonly string[] {
  const found = new Set<string>();
  JSON.stringify(kept, (key, value: unknown) => {
    if (key === 'correlationId' && typeof value === 'string') found.add(value);
    return value;
  });
  return [...found];
}

/** A flow whose process is gone, or whose person did not come back in time, will not go on by itself. */
export function shownState(
  row: Pick<Row, 'status' | 'updatedAt' | 'problem' | 'redirects'>,
  now: Date,
): Pick<FlowView, 'state' | 'problem'> {
  if (isSilent(row, now)) return { state: 'failed', problem: { code: 'flow-interrupted' } };
  const [latest] = row.redirects;
  if (row.status === 'redirected' && (!latest || latest.expiresAt <= now)) {
    return { state: 'failed', problem: { code: 'state-expired' } };
  }
  const problem = readProblem(row.problem);
  return { state: row.status, ...(problem && { problem }) };
}

async function findImport(ctx: Ctx, tenantId: string, since: Date) {
  const { prisma } = ctx.database;
  const [run, products] = await Promise.all([
    prisma.importRun.findFirst({
      where: { tenantId, createdAt: { gte: since } },
      orderBy: { createdAt: 'asc' },
      select: { status: true, phases: true, problem: true, createdAt: true, finishedAt: true },
    }),
    prisma.subscribedSku.count({ where: { tenantId } }),
  ]);
  if (!run) return [undefined, products] as const;
  const { status, createdAt, finishedAt } = run;
  const phases = z.array(PhaseRecord).safeParse(run.phases).data ?? [];
  return [{ status, createdAt, finishedAt, phases, problem: readProblem(run.problem) }, products] as const;
}

export type FlowSummary = {
  readonly flowId: FlowId;
  readonly name: string;
  readonly kind: TenantKind;
  readonly startedAt: Date;
};

const RECENT_FLOWS = 5;

/** The newest attempts of the organization. Problems: forbidden. */
export async function listRecentFlows(ctx: Ctx): Promise<Result<readonly FlowSummary[]>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const rows = await ctx.database.prisma.consentFlow.findMany({
    where: { organizationId: ctx.actor.organizationId, ...CONNECTS },
    orderBy: { createdAt: 'desc' },
    take: RECENT_FLOWS,
    select: { id: true, name: true, kind: true, createdAt: true },
  });
  return ok(
    rows.map(({ id, name, kind, createdAt }) => ({
      flowId: FlowId.parse(id),
      name,
      kind,
      startedAt: createdAt,
    })),
  );
}
