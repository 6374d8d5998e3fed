import { deny } from '#lib/access/permissions.ts';
import type { FlowId, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { Delegation, LendingPurpose } from './model.ts';
import { DELEGATION, toDelegation } from './row.ts';

/** A sign-in for a purpose, of whoever in the organization. Problems: forbidden, not-found. */
export async function getDelegation(ctx: Ctx, flowId: FlowId): Promise<Result<Delegation>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const row = await ctx.database.prisma.delegation.findFirst({
    where: { flowId, organizationId: ctx.actor.organizationId },
    select: DELEGATION,
  });
  return row ? ok(toDelegation(row, ctx.clock())) : fail({ code: 'not-found', entity: 'sign-in' });
}

/** The one that the actor can use now, if there is one. */
export async function currentDelegation(
  ctx: Ctx,
  tenantId: TenantId,
  purpose: LendingPurpose,
): Promise<Delegation | undefined> {
  const { actor } = ctx;
  if (actor.type !== 'member') return undefined;
  const { organizationId, personId } = actor;
  const now = ctx.clock();
  const row = await ctx.database.prisma.delegation.findFirst({
    where: {
      organizationId,
      tenantId,
      personId,
      purpose,
      startedAt: { not: null },
      endedAt: null,
      expiresAt: { gt: now },
    },
    orderBy: { startedAt: 'desc' },
    select: DELEGATION,
  });
  return row ? toDelegation(row, now) : undefined;
}
