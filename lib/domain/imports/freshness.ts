import type pg from 'pg';
import { deny } from '#lib/access/permissions.ts';
import { RunId, TenantId } from '#lib/core/ids.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { PHASES, type PhaseName, READ_METHODS, type ReadMethod } from './model.ts';

/** How old one part of a tenant's data is, and where it comes from. */
export type Freshness = {
  readonly phase: PhaseName;
  readonly runId: RunId;
  /** When the read began: what changed at Microsoft since may be missing. */
  readonly freshAt: Date;
  readonly method: ReadMethod;
};

/**
 * Notes that a run has read a part of a tenant completely; in the transaction that ends the phase, so that no number
 * is ever said to be newer or older than it is.
 */
export async function writeFreshness(
  client: pg.PoolClient,
  tenantId: TenantId,
  { phase, runId, freshAt, method }: Freshness,
): Promise<void> {
  await client.query(
    `INSERT INTO import_freshness (tenant_id, phase, run_id, fresh_at, method) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, phase) DO UPDATE
     SET run_id = excluded.run_id, fresh_at = excluded.fresh_at, method = excluded.method`,
    [tenantId, phase, runId, freshAt, method],
  );
}

export type TenantFreshness = {
  readonly tenantId: TenantId;
  /** The parts that were ever read completely. */
  readonly parts: readonly Freshness[];
};

/**
 * How old each part of the data of all tenants is, or of one. Tenants of which nothing was ever read completely are
 * not among them. Problems: forbidden.
 */
export async function listFreshness(
  ctx: Ctx,
  { tenantId }: { readonly tenantId?: TenantId } = {},
): Promise<Result<readonly TenantFreshness[]>> {
  const denied = deny(ctx.actor, 'import.read');
  if (denied) return denied;
  const rows = await ctx.database.prisma.importFreshness.findMany({
    where: {
      ...(tenantId && { tenantId }),
      tenant: { organizationId: organizationOf(ctx), removedAt: null },
    },
    select: { tenantId: true, phase: true, runId: true, freshAt: true, method: true },
    orderBy: [{ tenantId: 'asc' }, { phase: 'asc' }],
  });
  const tenants = new Map<string, Freshness[]>();
  for (const row of rows) {
    const part = toFreshness(row);
    if (!part) continue;
    const parts = tenants.get(row.tenantId);
    if (parts) parts.push(part);
    else tenants.set(row.tenantId, [part]);
  }
  return ok([...tenants].map(([id, parts]) => ({ tenantId: TenantId.parse(id), parts })));
}

type Row = {
  readonly phase: string;
  readonly runId: string;
  readonly freshAt: Date;
  readonly method: string;
};

/** Undefined where another version of the portal wrote of a part that we do not know. */
function toFreshness({ phase, runId, freshAt, method }: Row): Freshness | undefined {
  const known = PHASES.find((candidate) => candidate === phase);
  const by = READ_METHODS.find((candidate) => candidate === method);
  return known && by && { phase: known, runId: RunId.parse(runId), freshAt, method: by };
}
