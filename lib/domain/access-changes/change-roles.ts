import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { assignRole, removeRole } from '#lib/microsoft/arm/role-assignments.ts';
import { subscriptionScope } from '#lib/microsoft/arm/scope.ts';
import type { CallOptions } from '#lib/microsoft/http/call-options.ts';
import { repeatWhilePassing, type Wait } from '../consent/patience.ts';
import { toJson } from '../problem-json.ts';
import { forgetRole, ownRoles, recordRole, roleKey } from '../role-assignments/record.ts';
import type { AccessLevel } from '../tenants/model.ts';
import { type ChangeLease, ChangeLost } from './lease.ts';
import { keepLevel } from './level.ts';
import type { ChangeState, ChangeStep } from './model.ts';
import { readRoles } from './read-roles.ts';
import { type AssignedRole, planRoles, ROLE_OF_LEVEL, type RolePlan } from './role-plan.ts';

/** One subscription of a change that a worker holds. */
export type ChangeItem = {
  readonly lease: ChangeLease;
  readonly subscriptionId: string;
  readonly fromLevel: AccessLevel;
  readonly toLevel: AccessLevel;
  readonly principalId: string;
  readonly arm: ArmClient;
  readonly wait: Wait;
  readonly signal: AbortSignal | undefined;
  /** What an attempt before this one was about, if there was one. */
  readonly earlier: RolePlan | undefined;
  /** Who planned it. */
  readonly requestedBy: string;
};

/** What Azure says for a while after a service principal or an assignment is new, and what it says when it is busy. */
const PASSING: ReadonlySet<Problem['code']> = new Set<Problem['code']>([
  'conflict',
  'principal-not-found',
  'role-change-unconfirmed',
  'throttled',
  'upstream-unavailable',
]);

/**
 * Leads one subscription to the roles of its new level: reads what is there, adds the new role, sees it listed, only
 * then removes the old one, and sees that listed, too. Each call is written down before it is sent; whoever repeats all
 * of it after a crash finds at least one role at any time, and ends in the same place.
 */
export async function changeRoles(ctx: Ctx, item: ChangeItem): Promise<Result<undefined>> {
  const { subscriptionId, principalId, toLevel, lease, arm, signal, wait } = item;
  const { prisma } = ctx.database;
  const { tenantId } = lease;
  const call: CallOptions = { patience: 'background', signal };
  const patiently = <T>(work: () => Promise<Result<T>>) =>
    repeatWhilePassing(work, { wait, passes: ({ code }) => PASSING.has(code) });
  const read = () => readRoles(ctx, arm, { tenantId, subscriptionId, principalId }, call);
  /** Reads until Azure shows what is expected; replicas may be behind for a while. */
  const readUntil = (isExpected: (roles: readonly AssignedRole[]) => boolean) =>
    patiently(async () => {
      const roles = await read();
      return roles.ok && !isExpected(roles.value) ? fail({ code: 'role-change-unconfirmed' }) : roles;
    });

  await note(ctx, item, { state: 'working', problem: Prisma.DbNull });
  const before = await read();
  if (!before.ok) return before;
  const recorded = await ownRoles(prisma, tenantId, [subscriptionScope(subscriptionId)]);
  const plan = planRoles({
    subscriptionId,
    principalId,
    toLevel,
    assigned: before.value,
    recorded,
    isSeen: true,
  });
  const { add, remove } = plan;
  const whole = withEarlier(plan, item.earlier);
  if (add) {
    await noteStep(ctx, item, 'add', whole);
    const added = await patiently(() => assignRole(arm, { subscriptionId, principalId, ...add }, call));
    if (!added.ok) return added;
    if (added.value.isOurs) await recordRole(prisma, ctx.clock(), { tenantId, principalId, ...add });
    await noteStep(ctx, item, 'confirm', whole);
    const confirmed = await readUntil((roles) => has(roles, toLevel));
    if (!confirmed.ok) return confirmed;
  }
  for (const role of remove) {
    await noteStep(ctx, item, 'remove', whole);
    const removed = await patiently(() => removeRole(arm, { subscriptionId, name: role.name }, call));
    if (!removed.ok) return removed;
  }
  await noteStep(ctx, item, 'verify', whole);
  const after = await readUntil((roles) => has(roles, toLevel) && hasNone(roles, whole.remove));
  if (!after.ok) return after;
  await conclude(ctx, item, whole);
  return ok(undefined);
}

/** What this attempt does, together with what an earlier one has done already: the change as a whole. */
function withEarlier(plan: RolePlan, earlier: RolePlan | undefined): RolePlan {
  if (!earlier) return plan;
  const add = plan.add ?? earlier.add;
  const known = new Set(plan.remove.map(({ roleScope, name }) => roleKey(roleScope, name)));
  const gone = earlier.remove.filter(({ roleScope, name }) => !known.has(roleKey(roleScope, name)));
  return { ...plan, ...(add && { add }), remove: [...plan.remove, ...gone] };
}

const has = (roles: readonly AssignedRole[], level: AccessLevel): boolean =>
  roles.some(({ roleDefinitionId }) => roleDefinitionId === ROLE_OF_LEVEL[level]);

function hasNone(roles: readonly AssignedRole[], removed: readonly AssignedRole[]): boolean {
  const gone = new Set(removed.map(({ roleScope, name }) => roleKey(roleScope, name)));
  return !roles.some(({ roleScope, name }) => gone.has(roleKey(roleScope, name)));
}

type Note = {
  readonly state?: ChangeState;
  readonly step?: ChangeStep;
  readonly plan?: Prisma.InputJsonObject;
  readonly problem?: typeof Prisma.DbNull;
};

/** Writes down where the work is. Throws where it is no longer ours to do. */
async function note(ctx: Ctx, { lease, subscriptionId }: ChangeItem, data: Note): Promise<void> {
  const { tenantId, changeId, holder } = lease;
  const { count } = await ctx.database.prisma.accessChangeItem.updateMany({
    where: {
      tenantId,
      changeId,
      subscriptionId,
      state: { notIn: ['done', 'replaced'] },
      change: { leaseHolder: holder },
    },
    data: { ...data, updatedAt: ctx.clock() },
  });
  if (count !== 1) throw new ChangeLost();
}

const noteStep = (ctx: Ctx, item: ChangeItem, step: ChangeStep, plan: RolePlan): Promise<void> =>
  note(ctx, item, { step, plan: toJson(plan) });

/** What was read back is the new level, and nothing but what was read back. */
async function conclude(ctx: Ctx, item: ChangeItem, plan: RolePlan): Promise<void> {
  const { lease, subscriptionId, fromLevel, toLevel, requestedBy } = item;
  const { tenantId, changeId, holder } = lease;
  await ctx.database.prisma.$transaction(async (tx) => {
    for (const role of plan.remove) await forgetRole(tx, { tenantId, ...role });
    const now = ctx.clock();
    const { count } = await tx.accessChangeItem.updateMany({
      where: { tenantId, changeId, subscriptionId, state: 'working', change: { leaseHolder: holder } },
      data: { state: 'done', verifiedAt: now, updatedAt: now },
    });
    if (count !== 1) throw new ChangeLost();
    await keepLevel(tx, ctx, {
      tenantId,
      changeId,
      subscriptionId,
      fromLevel,
      toLevel,
      done: plan,
      requestedBy,
    });
  });
}
