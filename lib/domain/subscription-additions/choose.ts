import { deny } from '#lib/access/permissions.ts';
import { type FlowId, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { addSubscriptionsJob } from '#lib/jobs/contracts.ts';
import type { FlowReference, StartedFlow } from '../consent/model.ts';
import type { Delegation } from '../delegation/model.ts';
import { getDelegation } from '../delegation/queries.ts';
import { restartDelegation } from '../delegation/start.ts';
import { type ChooseSubscriptions, readGroups, readSubject } from './model.ts';
import type { AdditionReference } from './row.ts';

/**
 * Keeps what the person chose and lets a worker add it, with the rights of their sign-in. Without a sign-in the choice
 * is kept all the same, for the page and the next one. Subscriptions that cannot be added are left out, whatever the
 * form says. Problems: forbidden, not-found, invalid-input, delegation-ended.
 */
export async function addChosen(ctx: Ctx, choice: ChooseSubscriptions): Promise<Result<undefined>> {
  const found = await findOwn(ctx, choice.flowId);
  if (!found.ok) return found;
  const { reference, delegation } = found.value;
  const kept = await keepChoice(ctx, reference, choice);
  if (!kept.ok) return kept;
  if (delegation.state !== 'active') return fail({ code: 'delegation-ended' });
  const { prisma } = ctx.database;
  const where = { tenantId: reference.tenantId, additionId: reference.additionId };
  const { count } = await prisma.subscriptionAddition.updateMany({
    where: { tenantId: reference.tenantId, id: reference.additionId, state: { in: ['choosing', 'ended'] } },
    data: { state: 'adding', problem: Prisma.DbNull, updatedAt: ctx.clock() },
  });
  // Somebody has pressed the button twice.
  if (count === 0) return ok(undefined);
  await prisma.subscriptionAdditionItem.updateMany({
    where: { ...where, isChosen: true, OR: [{ result: null }, { result: { not: 'added' } }] },
    data: { result: 'waiting', problem: Prisma.DbNull },
  });
  await enqueue(ctx, reference);
  return ok(undefined);
}

/** Keeps what the person chose and leads them to a new sign-in. Problems: forbidden, rate-limited, not-found, invalid-input. */
export async function signInAgainWith(ctx: Ctx, choice: ChooseSubscriptions): Promise<Result<StartedFlow>> {
  const found = await findOwn(ctx, choice.flowId);
  if (!found.ok) return found;
  const kept = await keepChoice(ctx, found.value.reference, choice);
  return kept.ok ? restartDelegation(ctx, { flowId: choice.flowId }) : kept;
}

/** Lets a worker try again what failed. Problems: forbidden, not-found, delegation-ended. */
export async function retryFailed(ctx: Ctx, { flowId }: FlowReference): Promise<Result<undefined>> {
  const found = await findOwn(ctx, flowId);
  if (!found.ok) return found;
  const { reference, delegation } = found.value;
  if (delegation.state !== 'active') return fail({ code: 'delegation-ended' });
  const { tenantId, additionId } = reference;
  const { prisma } = ctx.database;
  await prisma.subscriptionAdditionItem.updateMany({
    where: { tenantId, additionId, result: 'failed' },
    data: { result: 'waiting', problem: Prisma.DbNull },
  });
  await prisma.subscriptionAddition.updateMany({
    where: { tenantId, id: additionId },
    data: { state: 'adding', updatedAt: ctx.clock() },
  });
  await enqueue(ctx, reference);
  return ok(undefined);
}

const enqueue = (ctx: Ctx, { tenantId, additionId }: AdditionReference): Promise<void> => {
  const payload = { organizationId: ctx.actor.organizationId, tenantId, additionId };
  return ctx.jobs.enqueue(addSubscriptionsJob, payload, { singletonKey: additionId });
};

type Own = { readonly reference: AdditionReference; readonly delegation: Delegation };

/** Of the person who signed in: what others have chosen is nobody else's to change. */
async function findOwn(ctx: Ctx, flowId: FlowId): Promise<Result<Own>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const delegation = await getDelegation(ctx, flowId);
  const subject = delegation.ok ? readSubject(delegation.value.subject) : undefined;
  const isOwn =
    delegation.ok && ctx.actor.type === 'member' && delegation.value.person.personId === ctx.actor.personId;
  if (!subject || !isOwn) return fail({ code: 'not-found', entity: 'sign-in' });
  const tenantId = TenantId.parse(delegation.value.tenantId);
  const reference = { tenantId, additionId: subject.additionId };
  return ok({ reference, delegation: delegation.value });
}

async function keepChoice(
  ctx: Ctx,
  { tenantId, additionId }: AdditionReference,
  { target, subscription, group, accessLevel }: ChooseSubscriptions,
): Promise<Result<undefined>> {
  return ctx.database.prisma.$transaction(async (tx) => {
    const addition = await tx.subscriptionAddition.findFirst({
      where: { tenantId, id: additionId, tenant: { organizationId: ctx.actor.organizationId } },
      select: { groups: true, state: true },
    });
    if (!addition) return fail({ code: 'not-found', entity: 'sign-in' });
    if (addition.state === 'adding') return ok(undefined);
    const chosenGroup = readGroups(addition.groups).find(({ name }) => name === group);
    if (target === 'group' && !chosenGroup) {
      return fail({ code: 'invalid-input', fields: { group: 'Choose a management group.' } });
    }
    const own = { tenantId, additionId, isAdded: false };
    // What is below a group gets its role there, and so needs no right of the person on it.
    const chosen =
      target === 'group'
        ? { ...own, subscriptionId: { in: [...(chosenGroup?.subscriptionIds ?? [])] } }
        : { ...own, subscriptionId: { in: subscription }, obstacle: { equals: Prisma.DbNull } };
    await tx.subscriptionAdditionItem.updateMany({
      where: { tenantId, additionId },
      data: { isChosen: false },
    });
    const { count } = await tx.subscriptionAdditionItem.updateMany({
      where: chosen,
      data: { isChosen: true },
    });
    await tx.subscriptionAddition.updateMany({
      where: { tenantId, id: additionId },
      data: {
        groupName: target === 'group' ? (chosenGroup?.name ?? null) : null,
        accessLevel,
        updatedAt: ctx.clock(),
      },
    });
    if (target === 'subscriptions' && count === 0) {
      return fail({ code: 'invalid-input', fields: { subscription: 'Choose at least one subscription.' } });
    }
    return ok(undefined);
  });
}
