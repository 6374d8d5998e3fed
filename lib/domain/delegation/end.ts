import type { Actor } from '#lib/access/actor.ts';
import { deny, may } from '#lib/access/permissions.ts';
import type { FlowId, PersonId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx, Services } from '#lib/domain/context.ts';
import { recordAudit } from '../audit/record.ts';
import { type DelegationEnd, ONBOARDING } from './model.ts';

/**
 * Deletes the token, so that from the next call on nothing more is done with the person's rights, in no process. For
 * the person themself, for an owner of the organization, and for the job that uses it. One that has ended stays as it
 * was. Problems: forbidden, not-found.
 */
export async function endDelegation(
  ctx: Ctx,
  flowId: FlowId,
  why: Extract<DelegationEnd, 'finished' | 'revoked'>,
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const { actor } = ctx;
  const { organizationId } = actor;
  return ctx.database.prisma.$transaction(async (tx) => {
    const isForAll = actor.type === 'job' || actor.portalRole === 'owner';
    const delegation = await tx.delegation.findFirst({
      where: { flowId, organizationId, ...(!isForAll && { personId: actor.personId }) },
      select: { tenantId: true, purpose: true },
    });
    // Whether there is one of somebody else's makes no difference.
    if (!delegation) {
      return isForAll
        ? fail({ code: 'not-found', entity: 'sign-in' })
        : fail({ code: 'forbidden', need: 'owner' });
    }
    const { tenantId, purpose } = delegation;
    const { count } = await tx.delegation.updateMany({
      where: { flowId, organizationId, startedAt: { not: null }, endedAt: null },
      data: { accessToken: null, endedAt: ctx.clock(), endedWhy: why },
    });
    if (count === 0) return ok(undefined);
    await recordAudit(tx, ctx, {
      action: 'delegation.end',
      entity: 'delegation',
      entityId: flowId,
      after: { tenantId, purpose, why },
    });
    return ok(undefined);
  });
}

/** Whether somebody may end what this person has lent. */
export const mayEndDelegation = (actor: Actor, personId: string): boolean =>
  may(actor, 'tenant.connect') &&
  (actor.type !== 'member' || actor.personId === personId || actor.portalRole === 'owner');

/** Deletes every token of a person who signs out. An onboarding has none that is kept, and goes on to its end. */
export async function endDelegationsOf(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  personId: PersonId,
): Promise<void> {
  await database.prisma.delegation.updateMany({
    where: { personId, purpose: { not: ONBOARDING }, startedAt: { not: null }, endedAt: null },
    data: { accessToken: null, endedAt: clock(), endedWhy: 'signed-out' },
  });
}

/** Deletes the tokens whose time is over, and ends what a process has left without an end. Returns how many. */
export async function endExpiredDelegations({
  database,
  clock,
}: Pick<Services, 'database' | 'clock'>): Promise<number> {
  const { rowCount } = await database.pool.query(
    `UPDATE delegation SET access_token = NULL, ended_at = expires_at, ended_why = 'expired'
      WHERE expires_at <= $1 AND ended_at IS NULL`,
    [clock()],
  );
  return rowCount ?? 0;
}
