import type { DirectoryId, TenantId } from '#lib/core/ids.ts';
import { type Failure, fail } from '#lib/core/result.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { TenantKind } from './model.ts';

/**
 * `already-connected` where the actor's organization has this directory, `tenant-removed` where it has removed it and
 * can still restore it; connections of others do not matter.
 */
export async function findConnected(
  ctx: Ctx,
  directoryId: DirectoryId,
  kind: TenantKind,
): Promise<Failure | undefined> {
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { organizationId: ctx.actor.organizationId, directoryId, kind, removedAt: null },
    select: { id: true, name: true },
  });
  if (tenant) return fail({ code: 'already-connected', tenantId: tenant.id, tenantName: tenant.name });
  return findRestorable(ctx, directoryId, kind);
}

/** `tenant-removed` where the actor's organization has removed this directory and can still restore it. */
export async function findRestorable(
  ctx: Ctx,
  directoryId: DirectoryId,
  kind: TenantKind,
): Promise<Failure | undefined> {
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { organizationId: ctx.actor.organizationId, directoryId, kind, ...restorable(ctx.clock()) },
    orderBy: { removedAt: 'desc' },
    select: { id: true, name: true, eraseAt: true },
  });
  if (!tenant?.eraseAt) return undefined;
  const { id, name, eraseAt } = tenant;
  return fail({ code: 'tenant-removed', tenantId: id, tenantName: name, eraseAt: eraseAt.toISOString() });
}

/** Of tenants that were removed and can be restored. */
export const restorable = (now: Date) => ({
  removedAt: { not: null },
  eraseAt: { gt: now },
  eraseStartedAt: null,
});

/** Whether the tenant of the actor's organization is disabled. */
export async function isDisabled(ctx: Ctx, tenantId: TenantId): Promise<boolean> {
  const where = { id: tenantId, organizationId: ctx.actor.organizationId, removedAt: null } as const;
  return (await ctx.database.prisma.tenant.count({ where: { ...where, status: 'disabled' } })) > 0;
}

/** Whether a write broke a unique index: somebody else was faster. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
