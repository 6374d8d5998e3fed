import { randomUUID } from 'node:crypto';
import { deny } from '#lib/access/permissions.ts';
import { ChangeId, DirectoryId, type TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Transaction } from '#lib/db/database.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { subscriptionScope } from '#lib/microsoft/arm/scope.ts';
import { forEachConcurrently } from '../consent/patience.ts';
import { limitMember } from '../limits/limit.ts';
import { toJson } from '../problem-json.ts';
import { ownRoles } from '../role-assignments/record.ts';
import type { AccessLevel } from '../tenants/model.ts';
import { keepLevel } from './level.ts';
import { type ChangeAccess, type ChangeReference, isReversible, OPEN_STATES } from './model.ts';
import { readRoles } from './read-roles.ts';
import { type AssignedRole, isNothing, planRoles, ROLE_OF_LEVEL, type RolePlan } from './role-plan.ts';

const CONCURRENT_READS = 10;

/**
 * Plans to change the access level of subscriptions: says for each what changes in Azure. Where nothing does, because
 * only the portal's own setting changes, it is applied at once; the rest waits for a sign-in. Earlier plans for these
 * subscriptions are replaced. Problems: forbidden, rate-limited, not-found, access-change-running.
 */
export async function planAccessChange(
  ctx: Ctx,
  { tenantId, subscriptionId, level }: ChangeAccess,
): Promise<Result<ChangeReference>> {
  return planLevels(ctx, { tenantId, levels: new Map(subscriptionId.map((id) => [id, level])) });
}

/**
 * Plans the reverse of a change: the subscriptions that it has changed, and that nobody has changed since, back to
 * where they were; also those where it got stuck between adding and removing. Problems: forbidden, rate-limited, not-found, access-change-running.
 */
export async function planUndo(
  ctx: Ctx,
  { tenantId, changeId }: ChangeReference,
): Promise<Result<ChangeReference>> {
  const denied = deny(ctx.actor, 'access.change');
  if (denied) return denied;
  const items = await ctx.database.prisma.accessChangeItem.findMany({
    where: {
      tenantId,
      changeId,
      change: { tenant: { organizationId: organizationOf(ctx), removedAt: null } },
    },
    select: { subscriptionId: true, fromLevel: true, toLevel: true, state: true, step: true },
  });
  const now = await levelsOf(ctx, tenantId);
  const levels = new Map(
    items
      .filter((item) => isReversible(item, now.get(item.subscriptionId)))
      .map(({ subscriptionId, fromLevel }) => [subscriptionId, fromLevel]),
  );
  return planLevels(ctx, { tenantId, levels, undoes: changeId });
}

type Wanted = {
  readonly tenantId: TenantId;
  /** The level that each subscription shall have. */
  readonly levels: ReadonlyMap<string, AccessLevel>;
  readonly undoes?: ChangeId;
};

async function planLevels(ctx: Ctx, wanted: Wanted): Promise<Result<ChangeReference>> {
  const { actor } = ctx;
  const denied = deny(actor, 'access.change');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'access.plan');
  if (limited) return limited;
  if (actor.type !== 'member') return fail({ code: 'forbidden', need: 'admin' });
  const { tenantId, levels, undoes } = wanted;
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: actor.organizationId, kind: 'azure', removedAt: null },
    select: { directoryId: true, servicePrincipalId: true },
  });
  if (!tenant?.servicePrincipalId) return fail({ code: 'not-found', entity: 'tenant' });
  const from = await levelsOf(ctx, tenantId);
  const ids = [...levels.keys()];
  if (ids.length === 0 || !ids.every((id) => from.has(id)))
    return fail({ code: 'not-found', entity: 'azure-subscription' });

  const principal = {
    principalId: tenant.servicePrincipalId,
    directoryId: DirectoryId.parse(tenant.directoryId),
  };
  const plans = await plansOf(ctx, { ...wanted, ...principal });
  const items = ids.map((subscriptionId) => ({
    subscriptionId,
    fromLevel: from.get(subscriptionId) ?? 'resources',
    toLevel: levels.get(subscriptionId) ?? 'resources',
    plan: plans.get(subscriptionId) ?? { remove: [], stays: [], isSeen: false },
  }));
  const changeId = ChangeId.parse(randomUUID());
  return ctx.database.prisma.$transaction(async (tx) => {
    if (!(await replaceOpen(tx, tenantId, ids))) return fail({ code: 'access-change-running' });
    const now = ctx.clock();
    await tx.accessChange.create({
      data: {
        tenantId,
        id: changeId,
        personId: actor.personId,
        personName: actor.displayName,
        undoes,
        createdAt: now,
      },
      select: { id: true },
    });
    await tx.accessChangeItem.createMany({
      data: items.map(({ plan, ...item }) => {
        const isDone = isAppliedAtOnce({ plan, ...item });
        return {
          tenantId,
          changeId,
          ...item,
          plan: toJson(plan),
          state: isDone ? ('done' as const) : ('planned' as const),
          updatedAt: now,
          ...(isDone && plan.isSeen && { verifiedAt: now }),
        };
      }),
    });
    for (const item of items.filter(isAppliedAtOnce)) {
      await keepLevel(tx, ctx, { tenantId, changeId, ...item, done: item.plan });
    }
    return ok({ tenantId, changeId });
  });
}

type PlannedItem = {
  readonly fromLevel: AccessLevel;
  readonly toLevel: AccessLevel;
  readonly plan: RolePlan;
};

/** Azure is as it has to be: by what it shows, or because both levels need the same role. */
const isAppliedAtOnce = ({ fromLevel, toLevel, plan }: PlannedItem): boolean =>
  isNothing(plan) && (plan.isSeen || ROLE_OF_LEVEL[fromLevel] === ROLE_OF_LEVEL[toLevel]);

/** The level of each subscription that is part of the portal. */
async function levelsOf(ctx: Ctx, tenantId: TenantId): Promise<ReadonlyMap<string, AccessLevel>> {
  const rows = await ctx.database.prisma.azureSubscription.findMany({
    where: {
      tenantId,
      status: 'added',
      goneSince: null,
      tenant: { organizationId: organizationOf(ctx), removedAt: null },
    },
    select: { subscriptionId: true, accessLevel: true },
  });
  return new Map(rows.map(({ subscriptionId, accessLevel }) => [subscriptionId, accessLevel ?? 'resources']));
}

/**
 * Reads the roles as our own application, which may see them under each level, and needs nobody's sign-in for that.
 * Where Azure does not answer, the portal's record stands in; whoever applies the plan reads again first.
 */
async function plansOf(
  ctx: Ctx,
  { tenantId, levels, principalId, directoryId }: Wanted & { principalId: string; directoryId: DirectoryId },
): Promise<ReadonlyMap<string, RolePlan>> {
  const arm = ctx.microsoft.armAsApp(directoryId);
  const seen = new Map<string, AssignedRole[]>();
  const refused = new Set<string>();
  await forEachConcurrently([...levels.keys()], CONCURRENT_READS, async (subscriptionId) => {
    const roles = await readRoles(ctx, arm, { tenantId, subscriptionId, principalId });
    if (roles.ok) seen.set(subscriptionId, roles.value);
    // Every role of a level allows to read this, so whoever may not has none of them.
    else if (roles.problem.code === 'permission-missing') refused.add(subscriptionId);
  });
  const scopes = [...levels.keys()].map(subscriptionScope);
  const recorded = await ownRoles(ctx.database.prisma, tenantId, scopes);
  const rows = await ctx.database.prisma.roleAssignment.findMany({
    where: { tenantId, roleScope: { in: scopes } },
    select: { roleScope: true, name: true, roleDefinitionId: true },
  });
  return new Map(
    [...levels].map(([subscriptionId, toLevel]) => {
      const assigned = seen.get(subscriptionId);
      const kept = refused.has(subscriptionId)
        ? []
        : rows.filter(({ roleScope }) => roleScope === subscriptionScope(subscriptionId));
      const plan = planRoles({
        subscriptionId,
        principalId,
        toLevel,
        assigned: assigned ?? kept,
        recorded,
        isSeen: assigned !== undefined,
      });
      return [subscriptionId, plan];
    }),
  );
}

/** Locked in one order, so that two plans that meet wait for each other instead of ending each other. */
const LOCK_OPEN = `
SELECT c.id::text AS id, c.lease_holder IS NOT NULL AND c.lease_until > now() AS is_held
FROM access_change c
WHERE c.tenant_id = $1::uuid AND EXISTS (
  SELECT 1 FROM access_change_item i
  WHERE i.tenant_id = c.tenant_id AND i.change_id = c.id AND i.subscription_id = ANY($2::uuid[])
    AND i.state IN ('planned', 'working', 'failed'))
ORDER BY c.id FOR UPDATE`;

/**
 * Ends what is open for these subscriptions; false while a worker is at one of them. A worker that was silent for too
 * long loses its right, so that it cannot come back to what has been replaced.
 */
async function replaceOpen(tx: Transaction, tenantId: TenantId, ids: readonly string[]): Promise<boolean> {
  const open = await tx.$queryRawUnsafe<{ id: string; is_held: boolean }[]>(LOCK_OPEN, tenantId, ids);
  if (open.some(({ is_held }) => is_held)) return false;
  const changeIds = open.map(({ id }) => id);
  await tx.accessChange.updateMany({
    where: { tenantId, id: { in: changeIds } },
    data: { leaseHolder: null, leaseUntil: null },
  });
  await tx.accessChangeItem.updateMany({
    where: {
      tenantId,
      changeId: { in: changeIds },
      subscriptionId: { in: [...ids] },
      state: { in: [...OPEN_STATES] },
    },
    data: { state: 'replaced' },
  });
  return true;
}
