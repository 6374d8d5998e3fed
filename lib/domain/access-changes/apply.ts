import { setTimeout as sleep } from 'node:timers/promises';
import { deny } from '#lib/access/permissions.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { forEachConcurrently, type Wait } from '../consent/patience.ts';
import { toJson } from '../problem-json.ts';
import { type ChangeItem, changeRoles } from './change-roles.ts';
import { withLease } from './lease.ts';
import { type ChangeReference, OPEN_STATES } from './model.ts';
import { readRolePlan } from './role-plan.ts';

/** Azure allows each person 200 changes and ten more a second in each subscription, so the limit is ours. */
const CONCURRENT_SUBSCRIPTIONS = 8;

export type ApplyChange = ChangeReference & {
  /** Azure as the person who may write role assignments. */
  readonly arm: ArmClient;
  /** Aborted when the worker stops; what is begun is then left to the next. */
  readonly signal?: AbortSignal;
  readonly wait?: Wait;
};

/** After these nothing can be done for any subscription until somebody signs in again. */
const ENDS_ALL: ReadonlySet<Problem['code']> = new Set<Problem['code']>([
  'delegation-ended',
  'sign-in-required',
]);

/**
 * Works on everything of a change that is open, some subscriptions at a time; what one of them runs into holds up no
 * other. May be repeated at any time, also after a crash: it begins by reading what is there. Returns whether all is
 * done now. Problems: forbidden, not-found, access-change-running.
 */
export async function applyAccessChange(
  ctx: Ctx,
  { tenantId, changeId, arm, signal, wait = (ms) => sleep(ms, undefined, { signal }) }: ApplyChange,
): Promise<Result<{ readonly isComplete: boolean }>> {
  const denied = deny(ctx.actor, 'access.change');
  if (denied) return denied;
  const { prisma } = ctx.database;
  const change = await prisma.accessChange.findFirst({
    where: { tenantId, id: changeId, tenant: { organizationId: organizationOf(ctx), removedAt: null } },
    select: { personName: true, tenant: { select: { servicePrincipalId: true } } },
  });
  const principalId = change?.tenant.servicePrincipalId;
  if (!change || !principalId) return fail({ code: 'not-found', entity: 'access-change' });
  const open = { tenantId, changeId, state: { in: [...OPEN_STATES] } };
  const isFree = await withLease(ctx.database, { tenantId, changeId }, async (lease) => {
    const items = await prisma.accessChangeItem.findMany({
      where: open,
      orderBy: { subscriptionId: 'asc' },
      select: { subscriptionId: true, fromLevel: true, toLevel: true, step: true, plan: true },
    });
    let isOver = false;
    await forEachConcurrently(items, CONCURRENT_SUBSCRIPTIONS, async ({ step, plan, ...item }) => {
      if (isOver || signal?.aborted) return;
      const problem = await changeItem(ctx, {
        ...item,
        lease,
        principalId,
        arm,
        wait,
        signal,
        requestedBy: change.personName,
        earlier: step === null ? undefined : readRolePlan(plan),
      });
      if (problem && ENDS_ALL.has(problem.code)) isOver = true;
    });
  });
  if (!isFree) return fail({ code: 'access-change-running' });
  return ok({ isComplete: (await prisma.accessChangeItem.count({ where: open })) === 0 });
}

/** Returns what went wrong, after writing it down. */
async function changeItem(ctx: Ctx, item: ChangeItem): Promise<Problem | undefined> {
  const { lease, subscriptionId, signal } = item;
  const changed = await changeRoles(ctx, item).catch((error: unknown) => {
    // The worker stops: what is written down says where the next one goes on.
    if (signal?.aborted) return undefined;
    throw error;
  });
  if (!changed || changed.ok) return undefined;
  const { problem } = changed;
  ctx.log.info('an access level was not changed', {
    tenantId: lease.tenantId,
    subscriptionId,
    problem: problem.code,
  });
  await ctx.database.prisma.accessChangeItem.updateMany({
    where: {
      tenantId: lease.tenantId,
      changeId: lease.changeId,
      subscriptionId,
      state: 'working',
      change: { leaseHolder: lease.holder },
    },
    data: {
      state: 'failed',
      problem: toJson(problem),
      updatedAt: ctx.clock(),
    },
  });
  return problem;
}
