import { z } from 'zod';
import { deny } from '#lib/access/permissions.ts';
import { RunId, type TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { RUN_STATUSES, type RunStatus } from './model.ts';

/** How far back the days of imports are shown. */
export const DAYS_SHOWN = 400;

const DAY_MS = 86_400_000;

/** What became of the imports of one day (UTC). */
export type ImportDay = {
  /** Such as 2026-11-21. */
  readonly day: string;
  /** `none`: no import began. `before`: the tenant was not connected yet. */
  readonly state: RunStatus | 'none' | 'before';
  /** The import that the state is of: the best one of the day. */
  readonly runId?: RunId;
};

/** Of several imports of a day the one that brought most, and of those the newest. */
const BEST_OF_DAYS = `
SELECT DISTINCT ON (day) day::text, status::text, id
FROM (SELECT (created_at AT TIME ZONE 'UTC')::date AS day, status, id, created_at
      FROM import_run WHERE tenant_id = $1 AND created_at >= $2) AS run
ORDER BY day, array_position(ARRAY['completed', 'partial', 'failed', 'running', 'cancelled'], status::text), created_at DESC`;

const Row = z.object({ day: z.iso.date(), status: z.enum(RUN_STATUSES), id: RunId });

/**
 * The last 400 days of a tenant, oldest first, today included; some days more, so that they begin with a Monday.
 * Problems: forbidden, not-found.
 */
export async function listImportDays(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: TenantId },
): Promise<Result<readonly ImportDay[]>> {
  const denied = deny(ctx.actor, 'import.read');
  if (denied) return denied;
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: organizationOf(ctx), removedAt: null },
    select: { boundAt: true },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  const days = daysUntil(ctx.clock());
  const { rows } = await ctx.database.pool.query(BEST_OF_DAYS, [tenantId, `${days[0]}T00:00:00Z`]);
  const runs = new Map(rows.map((row) => Row.parse(row)).map((run) => [run.day, run]));
  const firstDay = dayOf(tenant.boundAt);
  return ok(
    days.map((day): ImportDay => {
      const run = runs.get(day);
      if (run) return { day, state: run.status, runId: run.id };
      return { day, state: day < firstDay ? 'before' : 'none' };
    }),
  );
}

const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);

function daysUntil(today: Date): string[] {
  const first = new Date(today.getTime() - (DAYS_SHOWN - 1) * DAY_MS);
  const sinceMonday = (first.getUTCDay() + 6) % 7;
  return Array.from({ length: DAYS_SHOWN + sinceMonday }, (_, index) =>
    dayOf(new Date(first.getTime() + (index - sinceMonday) * DAY_MS)),
  );
}
