/*
 * For tests: tenants that are there without anybody having gone to Microsoft.
 */
import { randomUUID } from 'node:crypto';
import { DirectoryId, TenantId } from '#lib/core/ids.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '../context.ts';

/** A connected Office 365 tenant of the actor's organization; give what the test is about. */
export async function createTestTenant(
  ctx: Ctx,
  given: Partial<Prisma.TenantUncheckedCreateInput> = {},
): Promise<{ readonly tenantId: TenantId; readonly directoryId: DirectoryId }> {
  const tenant = await ctx.database.prisma.tenant.create({
    data: {
      id: randomUUID(),
      organizationId: ctx.actor.organizationId,
      kind: 'office365',
      name: 'Contoso',
      directoryId: randomUUID(),
      status: 'connected',
      boundByPerson: 'Alex Admin (alex.admin@contoso.com)',
      boundAt: ctx.clock(),
      statusChangedAt: ctx.clock(),
      ...given,
    },
    select: { id: true, directoryId: true },
  });
  return { tenantId: TenantId.parse(tenant.id), directoryId: DirectoryId.parse(tenant.directoryId) };
}

/** The audit of the actor's organization: the action of each event, oldest first. */
export async function auditActions(ctx: Ctx): Promise<string[]> {
  const events = await ctx.database.prisma.auditEvent.findMany({
    where: { organizationId: ctx.actor.organizationId },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
    select: { action: true },
  });
  return events.map(({ action }) => action);
}
