import { z } from 'zod';
import { deny } from '#lib/access/permissions.ts';
import { RunId, TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { PHASES, type PhaseName } from '#lib/domain/imports/model.ts';
import { readProblem } from '#lib/domain/problem-json.ts';

/** An import runs every day; from then on something is wrong. */
export const STALE_AFTER_MS = 36 * 60 * 60_000;
/** One failure may be an outage that the next night mends. */
const FAILURES_MIN = 2;

/** That a tenant's imports fail, or bring less than they should; one for each tenant. */
export type ImportNotice = {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  /** Imports that failed one after the other, up to now, where there is more than one. */
  readonly failed: { readonly times: number; readonly since: Date } | undefined;
  /** The part of the data that is older than it should be, the oldest one. */
  readonly stale: { readonly phase: PhaseName; readonly freshAt: Date } | undefined;
  /** The newest import that has ended, and why it failed or is partial. */
  readonly lastRun: { readonly runId: RunId; readonly problem: Problem | undefined } | undefined;
};

/**
 * Cancelled imports say nothing about the tenant, and disabled tenants have none. A tenant of which nothing was ever
 * read has no data that could be old.
 */
const FIND = `
SELECT t.id AS tenant_id, t.name, failed.times::int, failed.since, stale.phase, stale.fresh_at,
       last.id AS run_id, last.problem
FROM tenant t
LEFT JOIN LATERAL (
  SELECT created_at FROM import_run WHERE tenant_id = t.id AND status IN ('completed', 'partial')
  ORDER BY created_at DESC LIMIT 1) AS good ON true
CROSS JOIN LATERAL (
  SELECT count(*) AS times, min(created_at) AS since FROM import_run
  WHERE tenant_id = t.id AND status = 'failed' AND created_at > coalesce(good.created_at, '-infinity')) AS failed
LEFT JOIN LATERAL (
  SELECT phase, fresh_at FROM import_freshness
  WHERE tenant_id = t.id AND phase = ANY($3) AND fresh_at < $4::timestamptz ORDER BY fresh_at LIMIT 1) AS stale ON true
LEFT JOIN LATERAL (
  SELECT id, problem FROM import_run WHERE tenant_id = t.id AND status IN ('completed', 'partial', 'failed')
  ORDER BY created_at DESC LIMIT 1) AS last ON true
WHERE t.organization_id = $1 AND ($2::uuid IS NULL OR t.id = $2) AND t.removed_at IS NULL AND t.status <> 'disabled'
  AND (failed.times >= $5 OR stale.fresh_at IS NOT NULL)
ORDER BY coalesce(failed.since, stale.fresh_at), t.name, t.id
LIMIT 500`;

const Row = z.object({
  tenant_id: TenantId,
  name: z.string(),
  times: z.number(),
  since: z.date().nullable(),
  phase: z.enum(PHASES).nullable(),
  fresh_at: z.date().nullable(),
  run_id: RunId.nullable(),
  problem: z.unknown(),
});

/**
 * The tenants, or the tenant, whose imports people should look at: they failed more than once running, or a part of
 * the data is older than 36 hours. Computed from the runs, so that it is gone as soon as it is mended.
 * Problems: forbidden.
 */
export async function listImportNotices(
  ctx: Ctx,
  { tenantId }: { readonly tenantId?: TenantId } = {},
): Promise<Result<readonly ImportNotice[]>> {
  const denied = deny(ctx.actor, 'import.read');
  if (denied) return denied;
  const { rows } = await ctx.database.pool.query(FIND, [
    ctx.actor.organizationId,
    tenantId ?? null,
    PHASES,
    new Date(ctx.clock().getTime() - STALE_AFTER_MS),
    FAILURES_MIN,
  ]);
  return ok(rows.map((row) => toNotice(Row.parse(row))));
}

function toNotice(row: z.output<typeof Row>): ImportNotice {
  const { times, since, phase, fresh_at: freshAt, run_id: runId } = row;
  return {
    tenantId: row.tenant_id,
    tenantName: row.name,
    failed: times >= FAILURES_MIN && since ? { times, since } : undefined,
    stale: phase && freshAt ? { phase, freshAt } : undefined,
    lastRun: runId ? { runId, problem: readProblem(row.problem) } : undefined,
  };
}
