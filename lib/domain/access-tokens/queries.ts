import { deny, may } from '#lib/access/permissions.ts';
import { AccessTokenId, type TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { readProblem } from '../problem-json.ts';
import type { AccessTokenState } from './model.ts';
import { findAzureTenant } from './tenant.ts';

/** What anybody is ever told of a kept key. */
export type AccessTokenView = {
  readonly accessTokenId: AccessTokenId;
  readonly enrollmentNumber: string;
  readonly lastFour: string;
  readonly addedBy: string;
  readonly addedAt: Date;
  /** Absent where the key does not say. */
  readonly expiresAt?: Date;
  readonly state: AccessTokenState;
  /** The Problem behind any state but valid. */
  readonly problem?: Problem;
  readonly checkedAt: Date;
};

export type AccessTokenList = {
  readonly tokens: readonly AccessTokenView[];
  /** False where there are more than a page can hold. */
  readonly isComplete: boolean;
  readonly mayManage: boolean;
};

const TOKENS_MAX = 200;

/** The kept access tokens of a tenant, the newest first. Problems: forbidden, not-found. */
export async function listAccessTokens(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: TenantId },
): Promise<Result<AccessTokenList>> {
  const denied = deny(ctx.actor, 'access-token.read');
  if (denied) return denied;
  const { prisma } = ctx.database;
  const tenant = await findAzureTenant(prisma, ctx, tenantId);
  if (!tenant.ok) return tenant;
  const rows = await prisma.accessToken.findMany({
    where: { tenantId, deletedAt: null, tenant: { organizationId: ctx.actor.organizationId } },
    orderBy: [{ addedAt: 'desc' }, { id: 'asc' }],
    take: TOKENS_MAX + 1,
    select: {
      id: true,
      enrollmentNumber: true,
      lastFour: true,
      addedBy: true,
      addedAt: true,
      expiresAt: true,
      state: true,
      problem: true,
      checkedAt: true,
    },
  });
  const now = ctx.clock();
  return ok({
    tokens: rows.slice(0, TOKENS_MAX).map(({ id, expiresAt, state, problem: stored, ...row }) => ({
      ...row,
      accessTokenId: AccessTokenId.parse(id),
      ...(expiresAt && { expiresAt }),
      ...stateNow(state, readProblem(stored), expiresAt, now),
    })),
    isComplete: rows.length <= TOKENS_MAX,
    mayManage: may(ctx.actor, 'access-token.manage'),
  });
}

/** A key ends at its time, and not at the next check. */
function stateNow(
  state: AccessTokenState,
  problem: Problem | undefined,
  expiresAt: Date | null,
  now: Date,
): Pick<AccessTokenView, 'state' | 'problem'> {
  if (expiresAt && expiresAt <= now && state !== 'wrong_enrollment') {
    const expiredAt = expiresAt.toISOString();
    return { state: 'expired', problem: { code: 'access-token-expired', expiredAt } };
  }
  return { state, ...(problem && { problem }) };
}
