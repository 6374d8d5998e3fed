import { deny } from '#lib/access/permissions.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { forgetNotices } from '../notices/record.ts';
import type { AccessTokenReference } from './model.ts';

/**
 * Erases a kept key and takes its token from the list. What is left are the facts about it, for the audit. Nothing
 * changes at Microsoft. Deleting it again changes nothing. Problems: forbidden, not-found.
 */
export async function deleteAccessToken(
  ctx: Ctx,
  { tenantId, accessTokenId }: AccessTokenReference,
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'access-token.manage');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  return ctx.database.prisma.$transaction(async (tx) => {
    const where = { id: accessTokenId, tenantId, tenant: { organizationId, removedAt: null } };
    const before = await tx.accessToken.findFirst({
      where,
      select: { tenantId: true, enrollmentNumber: true, lastFour: true, state: true },
    });
    if (!before) return fail({ code: 'not-found', entity: 'access-token' });
    const { count } = await tx.accessToken.updateMany({
      where: { ...where, deletedAt: null },
      data: { deletedAt: ctx.clock(), encryptedKey: null },
    });
    if (count === 0) return ok(undefined);
    await forgetNotices(tx, accessTokenId);
    await recordAudit(tx, ctx, {
      action: 'access-token.delete',
      entity: 'access-token',
      entityId: accessTokenId,
      before,
    });
    return ok(undefined);
  });
}
