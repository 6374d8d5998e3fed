import { z } from 'zod';
import { RunId, TenantId } from '#lib/core/ids.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { type PhaseName, READ_METHODS, type ReadMethod } from './model.ts';

/** Where a tenant's share of a figure comes from. */
export type Origin = {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  /** The read that was completed last, and what it shows; undefined before the first one. */
  readonly read: { readonly runId: RunId; readonly freshAt: Date; readonly method: ReadMethod } | undefined;
  /** A later import tried to read it and did not get to the end: what is shown is as of the read before. */
  readonly missedBy: RunId | undefined;
};

/** How far back an import is looked for that tried the part. */
const RUNS_LOOKED_AT = 10;

const ORIGINS = `
SELECT t.id AS tenant_id, t.name, f.run_id, f.fresh_at, f.method, tried.id AS tried_by
FROM tenant t
LEFT JOIN import_freshness f ON f.tenant_id = t.id AND f.phase = $2
LEFT JOIN LATERAL (
  SELECT recent.id
  FROM (SELECT id, phases, created_at FROM import_run WHERE tenant_id = t.id AND status <> 'running'
        ORDER BY created_at DESC LIMIT ${RUNS_LOOKED_AT}) AS recent
  CROSS JOIN jsonb_array_elements(recent.phases) AS part
  WHERE part ->> 'phase' = $2 AND part ->> 'state' <> 'waiting'
  ORDER BY recent.created_at DESC LIMIT 1) AS tried ON true
WHERE t.organization_id = $1 AND t.removed_at IS NULL AND t.id = ANY($3::uuid[])
ORDER BY lower(t.name), t.id`;

const Row = z.object({
  tenant_id: TenantId,
  name: z.string(),
  run_id: RunId.nullable(),
  fresh_at: z.date().nullable(),
  method: z.enum(READ_METHODS).nullable(),
  tried_by: RunId.nullable(),
});

/**
 * Which imports a figure comes from that is computed from one part of the data of some tenants, by name. The caller has
 * checked what the actor may do.
 */
export async function listOrigins(
  ctx: Ctx,
  { phase, tenantIds }: { readonly phase: PhaseName; readonly tenantIds: readonly TenantId[] },
): Promise<Origin[]> {
  if (tenantIds.length === 0) return [];
  const { rows } = await ctx.database.pool.query(ORIGINS, [organizationOf(ctx), phase, tenantIds]);
  return rows.map((row) => toOrigin(Row.parse(row)));
}

function toOrigin(row: z.output<typeof Row>): Origin {
  const { run_id: runId, fresh_at: freshAt, method, tried_by: triedBy } = row;
  const read = runId && freshAt && method ? { runId, freshAt, method } : undefined;
  return {
    tenantId: row.tenant_id,
    tenantName: row.name,
    read,
    missedBy: triedBy && triedBy !== read?.runId ? triedBy : undefined,
  };
}
