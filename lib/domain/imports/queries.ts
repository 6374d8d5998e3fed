import { z } from 'zod';
import { deny, may } from '#lib/access/permissions.ts';
import { RunId, type TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { readProblem } from '#lib/domain/problem-json.ts';
import { type Attendance, attendanceOf } from './attendance.ts';
import { PhaseRecord, type RunProgress, type RunView, runProgress } from './model.ts';

/** Of one page of the history; older ones are a link away. */
const RUNS_SHOWN = 30;

const RUN = {
  id: true,
  status: true,
  trigger: true,
  createdAt: true,
  startedAt: true,
  finishedAt: true,
  phases: true,
  problem: true,
} as const satisfies Prisma.ImportRunSelect;
type RunRow = Prisma.ImportRunGetPayload<{ select: typeof RUN }>;

export type CurrentRun = RunView & { readonly progress: RunProgress; readonly attendance: Attendance };

export type ImportHistory = {
  /** The run that goes on now. */
  readonly current: CurrentRun | undefined;
  /** One page of all runs, newest first, the current one included. */
  readonly runs: readonly RunView[];
  /** The run to go on after for older ones; undefined where there are none. */
  readonly older: RunId | undefined;
  /** The run to go back before for newer ones. */
  readonly newer: RunId | undefined;
  readonly mayStart: boolean;
};

export type ListImports = {
  readonly tenantId: TenantId;
  /** Only what is older than this run. */
  readonly before?: RunId;
  /** Only what is newer than this run. */
  readonly after?: RunId;
};

/** The imports of a tenant, newest first, a page at a time. Problems: forbidden, not-found. */
export async function listImports(
  ctx: Ctx,
  { tenantId, before, after }: ListImports,
): Promise<Result<ImportHistory>> {
  const denied = deny(ctx.actor, 'import.read');
  if (denied) return denied;
  const edge = before ?? after;
  const isBackwards = before === undefined && after !== undefined;
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: organizationOf(ctx), removedAt: null },
    select: {
      importRuns: {
        select: RUN,
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        // One more than is shown tells whether there are others beyond.
        take: isBackwards ? -(RUNS_SHOWN + 1) : RUNS_SHOWN + 1,
        ...(edge && { cursor: { tenantId_id: { tenantId, id: edge } }, skip: 1 }),
      },
    },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  const now = ctx.clock();
  const hasMore = tenant.importRuns.length > RUNS_SHOWN;
  const rows = isBackwards ? tenant.importRuns.slice(-RUNS_SHOWN) : tenant.importRuns.slice(0, RUNS_SHOWN);
  const runs = rows.map((row) => toRunView(row, now));
  const hasOlder = isBackwards || hasMore;
  const hasNewer = isBackwards ? hasMore : before !== undefined;
  return ok({
    current: await currentRun(ctx, tenantId),
    runs,
    older: hasOlder ? runs.at(-1)?.runId : undefined,
    newer: hasNewer ? runs[0]?.runId : undefined,
    mayStart: may(ctx.actor, 'import.start'),
  });
}

async function currentRun(ctx: Ctx, tenantId: TenantId): Promise<CurrentRun | undefined> {
  const row = await ctx.database.prisma.importRun.findFirst({
    where: { tenantId, status: 'running', tenant: { organizationId: organizationOf(ctx) } },
    select: RUN,
  });
  return row ? withProgress(ctx, tenantId, toRunView(row, ctx.clock())) : undefined;
}

const withProgress = async (ctx: Ctx, tenantId: TenantId, run: RunView): Promise<CurrentRun> => ({
  ...run,
  progress: runProgress(run.phases, ctx.clock()),
  attendance: await attendanceOf(ctx, tenantId, run.runId),
});

export type ImportDetails = {
  readonly run: RunView;
  /** While it goes on. */
  readonly current: CurrentRun | undefined;
  /** There is no newer one. */
  readonly isNewest: boolean;
  readonly mayStart: boolean;
};

/** One import of a tenant. Problems: forbidden, not-found. */
export async function getImport(
  ctx: Ctx,
  { tenantId, runId }: { readonly tenantId: TenantId; readonly runId: RunId },
): Promise<Result<ImportDetails>> {
  const denied = deny(ctx.actor, 'import.read');
  if (denied) return denied;
  const ofTenant = { tenantId, tenant: { organizationId: organizationOf(ctx), removedAt: null } };
  const row = await ctx.database.prisma.importRun.findFirst({
    where: { ...ofTenant, id: runId },
    select: RUN,
  });
  if (!row) return fail({ code: 'not-found', entity: 'import' });
  const newest = await ctx.database.prisma.importRun.findFirst({
    where: ofTenant,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true },
  });
  const run = toRunView(row, ctx.clock());
  return ok({
    run,
    current: run.status === 'running' ? await withProgress(ctx, tenantId, run) : undefined,
    isNewest: newest?.id === row.id,
    mayStart: may(ctx.actor, 'import.start'),
  });
}

/** Runs that one query reads for a file. */
const FILE_STEP = 200;

/** All runs of a tenant, newest first, read as they are asked for. The caller has checked whose the tenant is. */
export async function* allRuns(ctx: Ctx, tenantId: TenantId): AsyncGenerator<RunView> {
  let edge: string | undefined;
  for (;;) {
    const rows: RunRow[] = await ctx.database.prisma.importRun.findMany({
      where: { tenantId, tenant: { organizationId: organizationOf(ctx), removedAt: null } },
      select: RUN,
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: FILE_STEP,
      ...(edge && { cursor: { tenantId_id: { tenantId, id: edge } }, skip: 1 }),
    });
    const now = ctx.clock();
    for (const row of rows) yield toRunView(row, now);
    edge = rows.at(-1)?.id;
    if (rows.length < FILE_STEP) return;
  }
}

function toRunView(row: RunRow, now: Date): RunView {
  const { startedAt, finishedAt } = row;
  return {
    runId: RunId.parse(row.id),
    status: row.status,
    trigger: row.trigger,
    createdAt: row.createdAt,
    startedAt,
    finishedAt,
    durationMs: startedAt ? (finishedAt ?? now).getTime() - startedAt.getTime() : null,
    phases: z.array(PhaseRecord).parse(row.phases),
    problem: readProblem(row.problem),
  };
}
