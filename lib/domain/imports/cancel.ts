import { deny } from '#lib/access/permissions.ts';
import type { RunId, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Transaction } from '#lib/db/database.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { LOCK_RUN } from './lease.ts';

export type CancelImport = { readonly tenantId: TenantId; readonly runId: RunId };

/**
 * Ends a run now: its worker can write nothing more and stops within seconds. What was read until then stays, and
 * no user is retired. A run that has ended already is left as it is. Problems: forbidden, not-found.
 */
export async function cancelImport(ctx: Ctx, { tenantId, runId }: CancelImport): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'import.start');
  if (denied) return denied;
  return ctx.database.prisma.$transaction(async (tx) => {
    const run = await tx.importRun.findFirst({
      where: { tenantId, id: runId, tenant: { organizationId: organizationOf(ctx), removedAt: null } },
      select: { id: true },
    });
    if (!run) return fail({ code: 'not-found', entity: 'import' });
    if (await cancelRunningImport(tx, ctx, tenantId, runId)) {
      await recordAudit(tx, ctx, {
        action: 'import.cancel',
        entity: 'import',
        entityId: runId,
        after: { tenantId },
      });
    }
    return ok(undefined);
  });
}

/**
 * Cancels what runs for a tenant, in the transaction of whatever makes it pointless, such as the tenant's removal.
 * Returns whether something ran.
 */
export async function cancelRunningImport(
  tx: Transaction,
  ctx: Pick<Ctx, 'clock'>,
  tenantId: TenantId,
  runId?: RunId,
): Promise<boolean> {
  const running = await tx.importRun.findFirst({
    where: { tenantId, status: 'running', ...(runId && { id: runId }) },
    select: { id: true },
  });
  if (!running) return false;
  await tx.$queryRawUnsafe(LOCK_RUN, tenantId, running.id);
  const { count } = await tx.importRun.updateMany({
    where: { tenantId, id: running.id, status: 'running' },
    data: {
      status: 'cancelled',
      finishedAt: ctx.clock(),
      leaseHolder: null,
      leaseUntil: null,
      checkpoint: Prisma.DbNull,
    },
  });
  await tx.importPage.deleteMany({ where: { tenantId, runId: running.id } });
  return count > 0;
}
