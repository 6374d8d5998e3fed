import type { Problem } from '#lib/core/problem.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { RedeemedCode } from '#lib/microsoft/entra/redeem-code.ts';
import { recordAudit } from '../audit/record.ts';
import { nameOfPerson } from '../consent/bind-tenant.ts';
import type { Flow } from '../consent/flow-row.ts';
import { TOKEN_KEPT_MAX_MS } from './model.ts';
import { sealToken } from './token.ts';

/**
 * Keeps the access token of a person who has signed in for a purpose: encrypted, for its hour at most. One token a
 * person, tenant and purpose; an earlier one ends. Returns the Problem where it cannot be kept.
 */
export async function acceptDelegation(
  ctx: Ctx,
  flow: Flow,
  { person, accessToken, accessTokenExpiresAt }: RedeemedCode,
): Promise<Problem | undefined> {
  if (person.directoryId !== flow.directoryId) {
    return { code: 'wrong-tenant', expected: flow.directoryId, actual: person.directoryId };
  }
  if (!accessToken || !accessTokenExpiresAt) return { code: 'token-invalid', reason: 'no access token' };
  const { id: flowId, organizationId, personId } = flow;
  const now = ctx.clock();
  const keptUntil = now.getTime() + TOKEN_KEPT_MAX_MS;
  const expiresAt = new Date(Math.min(accessTokenExpiresAt.getTime(), keptUntil));
  const kept = await ctx.database.prisma.$transaction(async (tx) => {
    const delegation = await tx.delegation.findFirst({
      where: { flowId, organizationId, startedAt: null, tenant: { removedAt: null } },
      select: { tenantId: true, purpose: true },
    });
    if (!delegation) return false;
    const { tenantId, purpose } = delegation;
    await tx.delegation.updateMany({
      where: { organizationId, personId, tenantId, purpose, startedAt: { not: null }, endedAt: null },
      data: { accessToken: null, endedAt: now, endedWhy: 'replaced' },
    });
    await tx.delegation.updateMany({
      where: { flowId, organizationId },
      data: {
        accessToken: sealToken(ctx.encryptionKeys, accessToken, { flowId, organizationId, personId }),
        signedInAs: nameOfPerson(person),
        signedInObjectId: person.objectId,
        startedAt: now,
        expiresAt,
      },
    });
    await tx.consentFlow.updateMany({
      where: { id: flowId, organizationId },
      data: { status: 'succeeded', updatedAt: now },
    });
    await recordAudit(tx, ctx, {
      action: 'delegation.begin',
      entity: 'delegation',
      entityId: flowId,
      after: { tenantId, purpose, signedInAs: nameOfPerson(person), expiresAt: expiresAt.toISOString() },
    });
    return true;
  });
  return kept ? undefined : { code: 'not-found', entity: 'tenant' };
}
