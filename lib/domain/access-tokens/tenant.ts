import type { TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Transaction } from '#lib/db/database.ts';
import type { Ctx } from '#lib/domain/context.ts';

/** The tenant of the actor's organization that may have access tokens: only Azure accounts do. Problems: not-found. */
export async function findAzureTenant(
  tx: Transaction,
  { actor: { organizationId } }: Ctx,
  id: TenantId,
): Promise<Result<{ readonly enrollmentNumber: string | null }>> {
  const tenant = await tx.tenant.findFirst({
    where: { id, organizationId, kind: 'azure', removedAt: null },
    select: { enrollmentNumber: true },
  });
  return tenant ? ok(tenant) : fail({ code: 'not-found', entity: 'tenant' });
}
