import type { DirectoryId } from '#lib/core/ids.ts';
import { type Failure, fail } from '#lib/core/result.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { TenantKind } from './model.ts';

/** `already-connected` where the actor's organization has this directory; connections of others do not matter. */
export async function findConnected(
  ctx: Ctx,
  directoryId: DirectoryId,
  kind: TenantKind,
): Promise<Failure | undefined> {
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { organizationId: ctx.actor.organizationId, directoryId, kind, removedAt: null },
    select: { id: true, name: true },
  });
  return (
    (tenant && fail({ code: 'already-connected', tenantId: tenant.id, tenantName: tenant.name })) ?? undefined
  );
}

/** Whether a write broke a unique index: somebody else was faster. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
