import { deny } from '#lib/access/permissions.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { readAccessKey } from '#lib/microsoft/ea/access-key.ts';
import { checkKey, type KeyFinding } from './check-key.ts';
import { keepFinding } from './keep-finding.ts';
import { readKept } from './kept-key.ts';
import type { AccessTokenReference, AccessTokenState } from './model.ts';

/**
 * Asks again about a kept key and keeps the answer, also that there was none. May run any number of times. Nothing is
 * asked about a key that is known to be over or of another enrollment. Problems: forbidden, not-found.
 */
export async function checkAccessToken(
  ctx: Ctx,
  reference: AccessTokenReference,
): Promise<Result<{ readonly state: AccessTokenState }>> {
  const denied = deny(ctx.actor, 'access-token.manage');
  if (denied) return denied;
  const { prisma } = ctx.database;
  const token = await prisma.accessToken.findFirst({
    where: {
      id: reference.accessTokenId,
      tenantId: reference.tenantId,
      deletedAt: null,
      tenant: { organizationId: ctx.actor.organizationId, removedAt: null },
    },
    select: { enrollmentNumber: true, encryptedKey: true },
  });
  if (!token?.encryptedKey) return fail({ code: 'not-found', entity: 'access-token' });
  const text = readKept(ctx, reference, token.encryptedKey);
  const finding: KeyFinding = text
    ? await checkKey(ctx, readAccessKey(text) ?? { text }, token.enrollmentNumber, 'background')
    : { state: 'could_not_check', problem: { code: 'secret-unreadable' } };
  await prisma.$transaction((tx) => keepFinding(tx, ctx, reference, finding));
  return ok({ state: finding.state });
}
