import { deny, may } from '#lib/access/permissions.ts';
import { type FlowId, OrganizationId, PersonId } from '#lib/core/ids.ts';
import { type Failure, fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import type { Delegation } from './model.ts';
import { recordCalls } from './record-calls.ts';
import { DELEGATION, toDelegation } from './row.ts';
import { openToken } from './token.ts';

/**
 * Lets `work` act in Azure as the person who signed in; each of its calls is in the receipt, and fails with
 * `delegation-ended` from the moment the token ends. For that person, and for a job that was started for them: also a
 * job may no longer use it once they are no admin of the organization. Does not end it: `endDelegation` does.
 * Problems: forbidden, not-found, delegation-ended.
 */
export async function useDelegation<T>(
  ctx: Ctx,
  flowId: FlowId,
  work: (arm: ArmClient, delegation: Delegation) => Promise<T>,
): Promise<Result<T>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const row = await ctx.database.prisma.delegation.findFirst({
    where: { flowId, organizationId, tenant: { removedAt: null } },
    select: { ...DELEGATION, accessToken: true },
  });
  if (!row) return fail({ code: 'not-found', entity: 'sign-in' });
  const refused = await refuseOthers(ctx, row.personId);
  if (refused) return refused;
  const delegation = toDelegation(row, ctx.clock());
  if (delegation.state !== 'active' || !row.accessToken) return fail({ code: 'delegation-ended' });
  const owner = { flowId, organizationId, personId: row.personId };
  const token = openToken(ctx.encryptionKeys, row.accessToken, owner);
  const arm = ctx.microsoft.armAsPerson(token, recordCalls(ctx, flowId));
  return ok(await work(arm, delegation));
}

async function refuseOthers({ actor, database }: Ctx, personId: string): Promise<Failure | undefined> {
  if (actor.type === 'member') {
    return actor.personId === personId ? undefined : fail({ code: 'not-found', entity: 'sign-in' });
  }
  const member = await database.prisma.member.findUnique({
    where: { organizationId_personId: { organizationId: actor.organizationId, personId } },
    select: { portalRole: true, person: { select: { displayName: true } } },
  });
  const isAdmin =
    member !== null &&
    may(
      {
        type: 'member',
        personId: PersonId.parse(personId),
        organizationId: OrganizationId.parse(actor.organizationId),
        portalRole: member.portalRole,
        displayName: member.person.displayName,
      },
      'tenant.connect',
    );
  return isAdmin ? undefined : fail({ code: 'forbidden', need: 'admin' });
}
