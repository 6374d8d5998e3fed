import { z } from 'zod';
import { deny } from '#lib/access/permissions.ts';
import type { TenantId } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';

const DAY_MS = 86_400_000;

/** A day in UTC, as 2026-11-21; not of an age of which databases have other ideas. */
export const Day = z.iso
  .date()
  .refine((day) => day >= '1900-01-01')
  .brand<'Day'>();
export type Day = z.infer<typeof Day>;

/** The day (UTC) of an instant. */
export const dayOf = (instant: Date): Day => Day.parse(instant.toISOString().slice(0, 10));

/** The first instant that is not of the day any more. */
export const endOf = (day: Day): Date => new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS);

/** From here back, a run that ended on a day may have begun on an earlier one. */
const LONGEST_RUN_MS = 3 * DAY_MS;

const CERTIFIED = `
SELECT DISTINCT ((phase ->> 'endedAt')::timestamptz AT TIME ZONE 'UTC')::date::text AS day
FROM tenant JOIN import_run run ON run.tenant_id = tenant.id, jsonb_array_elements(run.phases) AS phase
WHERE tenant.id = $1 AND tenant.organization_id = $2 AND tenant.removed_at IS NULL
  AND run.created_at >= $3 AND run.created_at < $4
  AND phase ->> 'phase' = $5 AND phase ->> 'state' = 'completed'
  AND coalesce(phase -> 'certificate' ->> 'green', 'true') = 'true'`;

/**
 * The days (UTC) from one to another, both included, on which a run has read a part of the tenant to the end, proven by
 * its certificate. On any other day the data is what an earlier run had read. Problems: forbidden.
 */
export async function certifiedDays(
  ctx: Ctx,
  {
    tenantId,
    from,
    to,
    phase = 'users',
  }: {
    readonly tenantId: TenantId;
    readonly from: Day;
    readonly to: Day;
    readonly phase?: 'users' | 'skus';
  },
): Promise<Result<ReadonlySet<Day>>> {
  const denied = deny(ctx.actor, 'import.read');
  if (denied) return denied;
  const earliest = new Date(Date.parse(`${from}T00:00:00Z`) - LONGEST_RUN_MS);
  const { rows } = await ctx.database.pool.query<{ day: string }>(CERTIFIED, [
    tenantId,
    organizationOf(ctx),
    earliest,
    endOf(to),
    phase,
  ]);
  const days = rows.map(({ day }) => Day.parse(day));
  return ok(new Set(days.filter((day) => day >= from && day <= to)));
}
