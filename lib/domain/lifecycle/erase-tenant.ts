import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';
import { withTransaction } from '#lib/db/database.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { keyOfThing, listMicrosoftSide, readMicrosoftSide, storedMicrosoftSide } from './microsoft-side.ts';
import { lockTenant, UNDER_WAY } from './remove-tenant.ts';
import { type TenantTable, tenantTables } from './tenant-tables.ts';

/** Rows of one statement: few enough to hold up nobody, also in the embedded database, which has one thread. */
const BATCH_ROWS = 2_000;

export type Erasure = {
  readonly tenantId: TenantId;
  /** Stops between two batches; the next worker goes on. */
  readonly signal: AbortSignal;
  readonly batchRows?: number;
  /** Told after each batch. */
  readonly onBatch?: (table: string, rows: number) => void;
};

/** `not-due`: it may still be restored, was restored, or is erased already. */
export type ErasureOutcome = 'erased' | 'stopped' | 'not-due';

/**
 * Erases every row of a removed tenant whose time is over, table by table in bounded batches, and at last the tenant
 * itself. From its first step on nothing can be restored. Each batch is counted into the receipt in its own
 * transaction, so that a worker that dies leaves both or neither, and the next one goes on. Any number of workers may
 * try at the same time. The receipt and the audit stay; names of the tenant's people are taken out of the audit.
 */
export async function eraseTenant(ctx: Ctx, erasure: Erasure): Promise<ErasureOutcome> {
  const { tenantId, signal, batchRows = BATCH_ROWS, onBatch } = erasure;
  if (!(await begin(ctx, tenantId))) return 'not-due';
  await completeReceipt(ctx, tenantId);
  const { pool } = ctx.database;
  for (const table of await tenantTables(pool)) {
    for (;;) {
      if (signal.aborted) return 'stopped';
      const rows = await eraseBatch(ctx, tenantId, table, batchRows);
      if (rows > 0) onBatch?.(table.table, rows);
      if (rows < batchRows) break;
    }
  }
  if (signal.aborted) return 'stopped';
  await end(ctx, tenantId);
  ctx.log.info('a tenant was erased', { tenantId });
  return 'erased';
}

/** The point of no return. False where the tenant is not there, not removed or not due. */
async function begin(ctx: Ctx, tenantId: TenantId): Promise<boolean> {
  const { rowCount } = await ctx.database.pool.query(
    `UPDATE tenant SET erase_started_at = coalesce(erase_started_at, $3::timestamptz)
     WHERE id = $1 AND organization_id = $2 AND removed_at IS NOT NULL
       AND (erase_started_at IS NOT NULL OR erase_at <= $3::timestamptz)`,
    [tenantId, ctx.actor.organizationId, ctx.clock()],
  );
  return rowCount === 1;
}

/**
 * What was made at Microsoft after the removal, by somebody's sign-in that was under way then, is left there, too. An
 * erasure that goes on after an interruption finds less, and so takes nothing out.
 */
async function completeReceipt(ctx: Ctx, tenantId: TenantId): Promise<void> {
  const { organizationId } = ctx.actor;
  await ctx.database.prisma.$transaction(async (tx) => {
    await lockTenant(tx, tenantId);
    const removal = await tx.tenantRemoval.findFirst({
      where: { organizationId, formerTenantId: tenantId, ...UNDER_WAY },
      select: { id: true, microsoftSide: true },
    });
    if (!removal) return;
    const known = readMicrosoftSide(removal.microsoftSide);
    const keys = new Set(known.map(keyOfThing));
    const listed = await listMicrosoftSide(tx, ctx, tenantId);
    const added = listed.filter((thing) => !keys.has(keyOfThing(thing)));
    if (added.length === 0) return;
    await tx.tenantRemoval.updateMany({
      where: { organizationId, id: removal.id },
      data: { microsoftSide: storedMicrosoftSide([...known, ...added]) },
    });
  });
}

async function eraseBatch(
  ctx: Ctx,
  tenantId: TenantId,
  { table, column, key }: TenantTable,
  batchRows: number,
): Promise<number> {
  const keys = key.join(', ');
  return withTransaction(ctx.database.pool, async (client) => {
    // One batch at a time: who waited for the rows of another's would find none of them left and take the table for empty.
    await client.query('SELECT 1 FROM tenant WHERE id = $1 FOR NO KEY UPDATE', [tenantId]);
    const { rowCount } = await client.query(
      `DELETE FROM ${table} WHERE (${keys}) IN (SELECT ${keys} FROM ${table} WHERE ${column} = $1 LIMIT $2)`,
      [tenantId, batchRows],
    );
    const rows = rowCount ?? 0;
    if (rows > 0) await count(client, ctx, tenantId, table, rows);
    return rows;
  });
}

const count = (client: pg.PoolClient, ctx: Ctx, tenantId: TenantId, table: string, rows: number) =>
  client.query(
    `UPDATE tenant_removal
     SET erased = jsonb_set(erased, ARRAY[$3::text], to_jsonb(coalesce((erased ->> $3::text)::bigint, 0) + $4::bigint))
     WHERE organization_id = $1 AND former_tenant_id = $2
       AND removed_at IS NOT NULL AND restored_at IS NULL AND erased_at IS NULL`,
    [ctx.actor.organizationId, tenantId, table, rows],
  );

/** What an audit event may say of the tenant's people. */
const PERSONAL = ['boundBy', 'boundByObjectId', 'signedInAs'];

/**
 * The rest, with the tenant itself: attempts to connect the same directory, which name people of it, and names of them
 * in the audit. What was written meanwhile goes with the tenant, by the constraints.
 */
async function end(ctx: Ctx, tenantId: TenantId): Promise<void> {
  const { organizationId } = ctx.actor;
  const now = ctx.clock();
  await ctx.database.prisma.$transaction(async (tx) => {
    await lockTenant(tx, tenantId);
    const tenant = await tx.tenant.findFirst({
      where: { id: tenantId, organizationId, eraseStartedAt: { not: null } },
      select: { directoryId: true, kind: true, removedAt: true },
    });
    if (!tenant?.removedAt) return;
    const { directoryId, kind, removedAt } = tenant;
    await tx.consentFlow.deleteMany({
      where: { organizationId, directoryId, kind, tenantId: null, createdAt: { lte: removedAt } },
    });
    await tx.$executeRaw`
      UPDATE audit_event SET before = before - ${PERSONAL}::text[], after = after - ${PERSONAL}::text[]
      WHERE organization_id = ${organizationId}::uuid
        AND ((entity = 'tenant' AND entity_id = ${tenantId}) OR after ->> 'tenantId' = ${tenantId})`;
    await tx.tenant.deleteMany({ where: { id: tenantId, organizationId } });
    await tx.tenantRemoval.updateMany({
      where: { organizationId, formerTenantId: tenantId, ...UNDER_WAY },
      data: { erasedAt: now },
    });
    // A removal that nobody came to the end of.
    await tx.tenantRemoval.deleteMany({
      where: { organizationId, formerTenantId: tenantId, removedAt: null },
    });
    await recordAudit(tx, ctx, { action: 'tenant.erase', entity: 'tenant', entityId: tenantId });
  });
}
