import { z } from 'zod';
import { deny, may } from '#lib/access/permissions.ts';
import { DirectoryId, TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Prisma, TenantStatus } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { ONBOARDING } from '../delegation/model.ts';
import { RUN_STATUSES, type RunStatus } from '../imports/model.ts';
import { readProblem } from '../problem-json.ts';
import { type CapabilityChecks, readCapabilityChecks } from './capabilities.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';
import type { AccessLevel, Agreement, TenantKind } from './model.ts';
import { shownStatus } from './presence.ts';
import { readSubscriptionCheck, type SubscriptionCheck } from './subscription-checks.ts';
import { type CheckPulse, checkPulse, readTenantCheck, type TenantCheck } from './tenant-check.ts';

const TENANTS_MAX = 500;
const SUBSCRIPTIONS_MAX = 5_000;

export type SubscriptionView = {
  readonly subscriptionId: string;
  readonly displayName: string;
  /** Microsoft's word, such as Enabled. */
  readonly state: string;
  readonly status: 'added' | 'adding' | 'found' | 'failed';
  readonly accessLevel?: AccessLevel;
  /** Why it was not added. */
  readonly problem?: Problem;
  readonly addedAt?: Date;
  /** Since when Microsoft says that it does not exist any more. */
  readonly goneSince?: Date;
  /** Whether our role on it was proven to work. */
  readonly check?: SubscriptionCheck;
};

/** Whether the portal works with it: it was added, and exists. */
export const isInUse = ({ status, goneSince }: SubscriptionView): boolean =>
  status === 'added' && goneSince === undefined;

export type TenantSummary = {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly directoryId: DirectoryId;
  readonly domain?: string;
  readonly kind: TenantKind;
  readonly status: TenantStatus;
  /** The Problem behind the status. */
  readonly problem?: Problem;
  readonly subscriptions: readonly SubscriptionView[];
  /** The newest import; `at` is when it ended, or began where it has not. */
  readonly lastImport?: { readonly status: RunStatus; readonly at: Date };
  /** What goes on right now with the check of what is granted. */
  readonly pulse: CheckPulse;
};

export type TenantList = {
  readonly tenants: readonly TenantSummary[];
  /** False where there are more than a page can hold. */
  readonly isComplete: boolean;
  readonly mayConnect: boolean;
};

const SUBSCRIPTION = {
  tenantId: true,
  subscriptionId: true,
  displayName: true,
  state: true,
  status: true,
  accessLevel: true,
  notAddedReason: true,
  addedAt: true,
  goneSince: true,
  roleCheck: true,
} as const satisfies Prisma.AzureSubscriptionSelect;

const SUMMARY = {
  id: true,
  name: true,
  directoryId: true,
  domain: true,
  kind: true,
  status: true,
  statusProblem: true,
  statusChangedAt: true,
  lastCheck: true,
} as const satisfies Prisma.TenantSelect;

type SummaryRow = Prisma.TenantGetPayload<{ select: typeof SUMMARY }>;
type SubscriptionRow = Prisma.AzureSubscriptionGetPayload<{ select: typeof SUBSCRIPTION }>;

/** The tenants of the organization by name, with their subscriptions and newest import. Problems: forbidden. */
export async function listTenants(ctx: Ctx): Promise<Result<TenantList>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const { prisma } = ctx.database;
  const rows = await prisma.tenant.findMany({
    where: { organizationId, removedAt: null },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: TENANTS_MAX + 1,
    select: SUMMARY,
  });
  const tenants = await withDetails(ctx, rows.slice(0, TENANTS_MAX));
  return ok({
    tenants,
    isComplete: rows.length <= TENANTS_MAX,
    mayConnect: may(ctx.actor, 'tenant.connect'),
  });
}

export type TenantDetails = TenantSummary & {
  readonly agreement?: Agreement;
  readonly enrollmentNumber?: string;
  readonly capabilities: CapabilityChecks;
  /** The application of ours that the tenant approves. */
  readonly appId: string;
  readonly servicePrincipalId?: string;
  /** Who proved that they may connect this directory. */
  readonly boundByPerson: string;
  readonly boundAt: Date;
  readonly statusChangedAt: Date;
  /** The latest series of checks; absent where there was none. */
  readonly check?: TenantCheck;
  /** What most likely stands in the way, where the proofs tell it. */
  readonly diagnosis?: Diagnosis;
  readonly mayChange: boolean;
};

/** One tenant of the organization. Problems: forbidden, not-found. */
export async function getTenant(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: TenantId },
): Promise<Result<TenantDetails>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const row = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: ctx.actor.organizationId, removedAt: null },
    select: {
      ...SUMMARY,
      agreement: true,
      enrollmentNumber: true,
      capabilities: true,
      servicePrincipalId: true,
      boundByPerson: true,
      boundAt: true,
    },
  });
  const [summary] = row ? await withDetails(ctx, [row]) : [];
  if (!row || !summary) return fail({ code: 'not-found', entity: 'tenant' });
  const { boundByPerson, boundAt, statusChangedAt } = row;
  const check = readTenantCheck(row.lastCheck);
  const capabilities = readCapabilityChecks(row.capabilities);
  const diagnosis = diagnose({
    ...summary,
    appId: applicationOf(ctx, row.kind),
    capabilities,
    subscriptions: summary.subscriptions.filter(isInUse),
    ...(check && { check }),
  });
  return ok({
    ...summary,
    ...(row.agreement && { agreement: row.agreement }),
    ...(row.enrollmentNumber && { enrollmentNumber: row.enrollmentNumber }),
    appId: applicationOf(ctx, row.kind),
    ...(row.servicePrincipalId && { servicePrincipalId: row.servicePrincipalId }),
    capabilities,
    ...(check && { check }),
    ...(diagnosis && { diagnosis }),
    boundByPerson,
    boundAt,
    statusChangedAt,
    mayChange: may(ctx.actor, 'tenant.update'),
  });
}

/** The client ID of the registration that a kind of account approves. */
export const applicationOf = ({ microsoft }: Ctx, kind: TenantKind): string =>
  microsoft.entra.settings.registrations[kind === 'azure' ? 'azure' : 'graph'].clientId;

/** Three queries for all of the tenants, however many they are. */
async function withDetails(ctx: Ctx, rows: readonly SummaryRow[]): Promise<TenantSummary[]> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const { prisma } = ctx.database;
  const [subscriptions, imports, flows] = await Promise.all([
    prisma.azureSubscription.findMany({
      where: { tenantId: { in: ids }, tenant: { organizationId: ctx.actor.organizationId } },
      orderBy: [{ displayName: 'asc' }, { subscriptionId: 'asc' }],
      take: SUBSCRIPTIONS_MAX,
      select: SUBSCRIPTION,
    }),
    newestImports(ctx, ids),
    newestFlows(ctx, ids),
  ]);
  const byTenant = Map.groupBy(subscriptions, ({ tenantId }) => tenantId);
  const now = ctx.clock();
  return rows.map((row) => {
    const lastImport = imports.get(row.id);
    return {
      tenantId: TenantId.parse(row.id),
      name: row.name,
      directoryId: DirectoryId.parse(row.directoryId),
      ...(row.domain && { domain: row.domain }),
      kind: row.kind,
      ...shownStatus(row, flows.get(row.id), now),
      subscriptions: (byTenant.get(row.id) ?? []).map(toSubscriptionView),
      ...(lastImport && { lastImport }),
      pulse: checkPulse(readTenantCheck(row.lastCheck), now),
    };
  });
}

function toSubscriptionView(row: SubscriptionRow): SubscriptionView {
  const problem = readProblem(row.notAddedReason);
  const check = row.status === 'added' ? readSubscriptionCheck(row.roleCheck) : undefined;
  return {
    subscriptionId: row.subscriptionId,
    displayName: row.displayName,
    state: row.state,
    status: row.status,
    ...(row.accessLevel && { accessLevel: row.accessLevel }),
    ...(problem && { problem }),
    ...(row.addedAt && { addedAt: row.addedAt }),
    ...(row.goneSince && { goneSince: row.goneSince }),
    ...(check && { check }),
  };
}

const NewestImport = z.object({ tenant_id: z.string(), status: z.enum(RUN_STATUSES), at: z.date() });

async function newestImports(ctx: Ctx, ids: readonly string[]) {
  // Prisma's `distinct` would read every run of every tenant.
  const { rows } = await ctx.database.pool.query(
    `SELECT t.id AS tenant_id, r.status::text AS status, coalesce(r.finished_at, r.started_at, r.created_at) AS at
       FROM tenant t
       JOIN LATERAL (
         SELECT status, finished_at, started_at, created_at FROM import_run
          WHERE tenant_id = t.id ORDER BY created_at DESC LIMIT 1
       ) r ON true
      WHERE t.organization_id = $1 AND t.id = ANY($2::uuid[])`,
    [ctx.actor.organizationId, ids],
  );
  return new Map(rows.map((row) => NewestImport.parse(row)).map(({ tenant_id, ...run }) => [tenant_id, run]));
}

const NewestFlow = z.object({
  tenant_id: z.string(),
  status: z.enum(['redirected', 'working', 'succeeded', 'failed']),
  updated_at: z.date(),
});

/** The newest flow that somebody has worked on; one that is still at Microsoft changes nothing. */
async function newestFlows(ctx: Ctx, ids: readonly string[]) {
  const { rows } = await ctx.database.pool.query(
    `SELECT t.id AS tenant_id, f.status::text AS status, f.updated_at
       FROM tenant t
       JOIN LATERAL (
         SELECT status, updated_at FROM consent_flow
          WHERE tenant_id = t.id AND status <> 'redirected'
            AND NOT EXISTS (
              SELECT 1 FROM delegation WHERE flow_id = consent_flow.id AND purpose <> '${ONBOARDING}')
          ORDER BY created_at DESC LIMIT 1
       ) f ON true
      WHERE t.organization_id = $1 AND t.id = ANY($2::uuid[])`,
    [ctx.actor.organizationId, ids],
  );
  return new Map(
    rows
      .map((row) => NewestFlow.parse(row))
      .map(({ tenant_id, status, updated_at }) => [tenant_id, { status, updatedAt: updated_at }]),
  );
}
