import { z } from 'zod';
import { deny, may } from '#lib/access/permissions.ts';
import { RunId, type TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { readProblem } from '#lib/domain/problem-json.ts';
import { type Attendance, attendanceOf } from './attendance.ts';
import { PhaseRecord, type RunProgress, type RunView, runProgress } from './model.ts';

/** About three months of daily imports. */
const HISTORY_MAX = 100;

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

export type ImportHistory = {
  /** The run that goes on now. */
  readonly current:
    | (RunView & { readonly progress: RunProgress; readonly attendance: Attendance })
    | undefined;
  /** Newest first, the current one included. */
  readonly runs: readonly RunView[];
  /** False where there are older ones than a page holds. */
  readonly isComplete: boolean;
  readonly mayStart: boolean;
};

/** The imports of a tenant, newest first. Problems: forbidden, not-found. */
export async function listImports(
  ctx: Ctx,
  { tenantId }: { tenantId: TenantId },
): Promise<Result<ImportHistory>> {
  const denied = deny(ctx.actor, 'import.read');
  if (denied) return denied;
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: organizationOf(ctx), removedAt: null },
    select: { importRuns: { select: RUN, orderBy: { createdAt: 'desc' }, take: HISTORY_MAX + 1 } },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  const now = ctx.clock();
  const runs = tenant.importRuns.slice(0, HISTORY_MAX).map((row) => toRunView(row, now));
  const current = runs.find(({ status }) => status === 'running');
  return ok({
    current: current && {
      ...current,
      progress: runProgress(current.phases, now),
      attendance: await attendanceOf(ctx, tenantId, current.runId),
    },
    runs,
    isComplete: tenant.importRuns.length <= HISTORY_MAX,
    mayStart: may(ctx.actor, 'import.start'),
  });
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
