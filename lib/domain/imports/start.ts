import { randomUUID } from 'node:crypto';
import { deny } from '#lib/access/permissions.ts';
import { RunId, type TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { limitMember } from '../limits/limit.ts';
import { enqueueRun } from './enqueue.ts';
import { type PhaseName, plannedPhases, type RunTrigger } from './model.ts';

export type StartImport = {
  readonly tenantId: TenantId;
  readonly trigger: RunTrigger;
  /** Reads only these parts; the others are kept as they are. */
  readonly only?: readonly PhaseName[];
  /** Reads all users anew, not what has changed alone. */
  readonly full?: boolean;
};

/**
 * Starts an import of a tenant; a worker does it. One runs at a time for each tenant. What a person started is in
 * the audit. Problems: forbidden, rate-limited, not-found, tenant-disabled, import-running.
 */
export async function startImport(
  ctx: Ctx,
  { tenantId, trigger, only, full = false }: StartImport,
): Promise<Result<{ runId: RunId }>> {
  const denied = deny(ctx.actor, 'import.start');
  if (denied) return denied;
  const limited = trigger === 'manual' && (await limitMember(ctx, 'import.start', tenantId));
  if (limited) return limited;
  const organizationId = organizationOf(ctx);
  const started = await ctx.database.prisma.$transaction(async (tx) => {
    const tenant = await tx.tenant.findFirst({
      where: { id: tenantId, organizationId, removedAt: null },
      select: { kind: true, status: true },
    });
    if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
    if (tenant.status === 'disabled') return fail({ code: 'tenant-disabled' });
    const runId = RunId.parse(randomUUID());
    // Skips instead of failing: a violated index would end the transaction, also for what follows.
    const { count } = await tx.importRun.createMany({
      data: [
        {
          tenantId,
          id: runId,
          trigger,
          status: 'running',
          phases: plannedPhases(tenant.kind, only, { full }),
          createdAt: ctx.clock(),
        },
      ],
      skipDuplicates: true,
    });
    if (count === 0) return fail({ code: 'import-running' });
    if (trigger === 'manual') {
      await recordAudit(tx, ctx, {
        action: 'import.start',
        entity: 'import',
        entityId: runId,
        after: { tenantId, ...(only && { only: [...only] }), ...(full && { full }) },
      });
    }
    return ok({ runId });
  });
  if (!started.ok) return started;
  await enqueueRun(ctx, { organizationId, tenantId, runId: started.value.runId });
  return started;
}
