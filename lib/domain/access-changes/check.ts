import { deny } from '#lib/access/permissions.ts';
import { DirectoryId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { subscriptionScope } from '#lib/microsoft/arm/scope.ts';
import { forEachConcurrently } from '../consent/patience.ts';
import { limitMember } from '../limits/limit.ts';
import { toJson } from '../problem-json.ts';
import { ownRoles } from '../role-assignments/record.ts';
import { withLease } from './lease.ts';
import { keepLevel } from './level.ts';
import { type ChangeReference, OPEN_STATES } from './model.ts';
import { readRoles } from './read-roles.ts';
import { isNothing, planRoles } from './role-plan.ts';

const CONCURRENT_READS = 10;

/**
 * Looks as our own application how far a change is that somebody applies outside the portal, with the script for
 * example: what has the roles of its new level is done, the plan of the rest is brought up to date. Changes nothing in
 * Azure. Problems: forbidden, rate-limited, not-found, access-change-running.
 */
export async function checkAccessChange(
  ctx: Ctx,
  { tenantId, changeId }: ChangeReference,
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'access.change');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'access.plan');
  if (limited) return limited;
  const { prisma } = ctx.database;
  const tenant = await prisma.tenant.findFirst({
    where: {
      id: tenantId,
      organizationId: organizationOf(ctx),
      removedAt: null,
      accessChanges: { some: { id: changeId } },
    },
    select: { directoryId: true, servicePrincipalId: true },
  });
  const principalId = tenant?.servicePrincipalId;
  if (!tenant || !principalId) return fail({ code: 'not-found', entity: 'access-change' });
  const arm = ctx.microsoft.armAsApp(DirectoryId.parse(tenant.directoryId));
  const isFree = await withLease(ctx.database, { tenantId, changeId }, async () => {
    const items = await prisma.accessChangeItem.findMany({
      where: { tenantId, changeId, state: { in: [...OPEN_STATES] } },
      select: { subscriptionId: true, fromLevel: true, toLevel: true, state: true },
    });
    const scopes = items.map(({ subscriptionId }) => subscriptionScope(subscriptionId));
    await forEachConcurrently(items, CONCURRENT_READS, async ({ state, ...item }) => {
      const { subscriptionId, toLevel } = item;
      const roles = await readRoles(ctx, arm, { tenantId, subscriptionId, principalId });
      if (!roles.ok) return;
      const recorded = await ownRoles(prisma, tenantId, scopes);
      const assigned = roles.value;
      const plan = planRoles({ subscriptionId, principalId, toLevel, assigned, recorded, isSeen: true });
      const where = { tenantId, changeId, subscriptionId, state };
      const now = ctx.clock();
      await prisma.$transaction(async (tx) => {
        if (!isNothing(plan)) {
          await tx.accessChangeItem.updateMany({
            where,
            data: { plan: toJson(plan), updatedAt: now },
          });
          return;
        }
        const { count } = await tx.accessChangeItem.updateMany({
          where,
          data: { state: 'done', verifiedAt: now, updatedAt: now },
        });
        if (count === 1) await keepLevel(tx, ctx, { tenantId, changeId, ...item, done: plan });
      });
    });
  });
  return isFree ? ok(undefined) : fail({ code: 'access-change-running' });
}
