import { deny, may } from '#lib/access/permissions.ts';
import { ChangeId, FlowId, type TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import { readProblem } from '../problem-json.ts';
import type { AccessLevel } from '../tenants/model.ts';
import { type ChangeReference, type ChangeState, isReversible, OPEN_STATES, readStep } from './model.ts';
import { isNothing, type RolePlan, readRolePlan } from './role-plan.ts';

/** `interrupted`: whoever was at it has gone, and nobody has finished it. */
export type ItemState = ChangeState | 'interrupted';

export type ChangeItemView = {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly fromLevel: AccessLevel;
  readonly toLevel: AccessLevel;
  readonly state: ItemState;
  readonly plan: RolePlan;
  /** Whether the subscription has the old role besides the new one, for as long as the change is not finished. */
  readonly leftOver: 'both' | 'perhaps' | undefined;
  readonly problem?: Problem;
  /** When its new state was read back from Azure. */
  readonly verifiedAt?: Date;
};

export type AccessChangeView = {
  readonly changeId: ChangeId;
  readonly createdAt: Date;
  /** Who planned it. */
  readonly personName: string;
  readonly undoes?: ChangeId;
  /** The sign-in it was last applied with. */
  readonly flowId?: FlowId;
  readonly principalId: string;
  readonly items: readonly ChangeItemView[];
  /** Whether a worker is at it, or will be at once. */
  readonly pulse: 'running' | 'queued' | 'idle';
  /** Whether there is something to take back. */
  readonly mayUndo: boolean;
  readonly mayChange: boolean;
};

/** No worker takes so long to take up a change; after that, it is for a person to begin it again. */
const QUEUED_MAX_MS = 60_000;

const ITEM = {
  subscriptionId: true,
  fromLevel: true,
  toLevel: true,
  state: true,
  step: true,
  plan: true,
  problem: true,
  verifiedAt: true,
} as const satisfies Prisma.AccessChangeItemSelect;
type ItemRow = Prisma.AccessChangeItemGetPayload<{ select: typeof ITEM }>;

/** A change of access levels with all its subscriptions, by their names. Problems: forbidden, not-found. */
export async function getAccessChange(
  ctx: Ctx,
  { tenantId, changeId }: ChangeReference,
): Promise<Result<AccessChangeView>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const { prisma } = ctx.database;
  const row = await prisma.accessChange.findFirst({
    where: { tenantId, id: changeId, tenant: { organizationId: organizationOf(ctx), removedAt: null } },
    select: {
      createdAt: true,
      personName: true,
      undoes: true,
      flowId: true,
      queuedAt: true,
      leaseUntil: true,
      tenant: { select: { servicePrincipalId: true } },
      items: { select: ITEM },
    },
  });
  if (!row) return fail({ code: 'not-found', entity: 'access-change' });
  const subscriptions = await prisma.azureSubscription.findMany({
    where: { tenantId, subscriptionId: { in: row.items.map(({ subscriptionId }) => subscriptionId) } },
    select: { subscriptionId: true, displayName: true, accessLevel: true },
  });
  const bySubscription = new Map(subscriptions.map((each) => [each.subscriptionId, each]));
  const pulse = pulseOf(row, ctx.clock());
  const items = row.items
    .map((item) => {
      const displayName = bySubscription.get(item.subscriptionId)?.displayName ?? item.subscriptionId;
      return toItemView(item, displayName, pulse);
    })
    .toSorted((a, b) => a.displayName.localeCompare(b.displayName, 'en'));
  const mayChange = may(ctx.actor, 'access.change');
  const mayUndo = row.items.some((item) =>
    isReversible(item, bySubscription.get(item.subscriptionId)?.accessLevel),
  );
  return ok({
    changeId,
    createdAt: row.createdAt,
    personName: row.personName,
    ...(row.undoes && { undoes: ChangeId.parse(row.undoes) }),
    ...(row.flowId && { flowId: FlowId.parse(row.flowId) }),
    principalId: row.tenant.servicePrincipalId ?? '',
    items,
    pulse,
    mayUndo: mayChange && pulse === 'idle' && mayUndo,
    mayChange,
  });
}

type PulseRow = { readonly queuedAt: Date | null; readonly leaseUntil: Date | null };

function pulseOf({ queuedAt, leaseUntil }: PulseRow, now: Date): AccessChangeView['pulse'] {
  if (leaseUntil && leaseUntil > now) return 'running';
  return queuedAt && now.getTime() - queuedAt.getTime() < QUEUED_MAX_MS ? 'queued' : 'idle';
}

function toItemView(row: ItemRow, displayName: string, pulse: AccessChangeView['pulse']): ChangeItemView {
  const { subscriptionId, fromLevel, toLevel, verifiedAt } = row;
  const state = row.state === 'working' && pulse !== 'running' ? 'interrupted' : row.state;
  const plan = readRolePlan(row.plan);
  const problem = state === 'failed' ? readProblem(row.problem) : undefined;
  return {
    subscriptionId,
    displayName,
    fromLevel,
    toLevel,
    state,
    plan,
    leftOver: leftOverOf(row, plan),
    ...(problem && { problem }),
    ...(verifiedAt && { verifiedAt }),
  };
}

/** Between the call that adds and the one that removes a subscription has both roles; never none. */
function leftOverOf({ state, step: stored }: ItemRow, { add, remove }: RolePlan): ChangeItemView['leftOver'] {
  if (!OPEN_STATES.some((open) => open === state) || remove.length === 0) return undefined;
  const step = readStep(stored);
  if (step === 'add') return 'perhaps';
  if (step === 'confirm' || step === 'remove') return 'both';
  return step === undefined && !add ? 'both' : undefined;
}

/** What the Subscriptions tab says about a change that is not over. */
export type OpenChange = {
  readonly changeId: ChangeId;
  readonly state: ItemState;
  readonly toLevel: AccessLevel;
  readonly leftOver: ChangeItemView['leftOver'];
};

/** The open change of each subscription of a tenant, by the subscription's id. Problems: forbidden. */
export async function listOpenChanges(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: TenantId },
): Promise<Result<ReadonlyMap<string, OpenChange>>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const rows = await ctx.database.prisma.accessChangeItem.findMany({
    where: {
      tenantId,
      state: { in: [...OPEN_STATES] },
      change: { tenant: { organizationId: organizationOf(ctx), removedAt: null } },
    },
    select: { ...ITEM, changeId: true, change: { select: { queuedAt: true, leaseUntil: true } } },
  });
  const now = ctx.clock();
  return ok(
    new Map(
      rows.map((row) => {
        const { state, toLevel, leftOver } = toItemView(row, '', pulseOf(row.change, now));
        return [row.subscriptionId, { changeId: ChangeId.parse(row.changeId), state, toLevel, leftOver }];
      }),
    ),
  );
}

/** Whether somebody has to sign in for what is left of a change. */
export const needsSignIn = (item: ChangeItemView): boolean =>
  item.state !== 'done' && item.state !== 'replaced' && !(item.plan.isSeen && isNothing(item.plan));

export type ChangeSummary = {
  readonly changeId: ChangeId;
  readonly createdAt: Date;
  readonly personName: string;
  /** How many subscriptions it has, how many are done, and how many are open. */
  readonly all: number;
  readonly done: number;
  readonly open: number;
};

const CHANGES_MAX = 100;

/** The latest changes of a tenant, newest first. Problems: forbidden. */
export async function listAccessChanges(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: TenantId },
): Promise<Result<ChangeSummary[]>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const rows = await ctx.database.prisma.accessChange.findMany({
    where: { tenantId, tenant: { organizationId: organizationOf(ctx), removedAt: null } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: CHANGES_MAX,
    select: { id: true, createdAt: true, personName: true, items: { select: { state: true } } },
  });
  return ok(
    rows.map(({ id, createdAt, personName, items }) => ({
      changeId: ChangeId.parse(id),
      createdAt,
      personName,
      all: items.length,
      done: items.filter(({ state }) => state === 'done').length,
      open: items.filter(({ state }) => OPEN_STATES.some((open) => open === state)).length,
    })),
  );
}
