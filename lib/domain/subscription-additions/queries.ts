import { deny } from '#lib/access/permissions.ts';
import type { FlowId, TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { AccessLevel } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { SILENT_AFTER_MS } from '../consent/model.ts';
import type { Delegation } from '../delegation/model.ts';
import { getDelegation } from '../delegation/queries.ts';
import { readProblem } from '../problem-json.ts';
import { readGroups, readRoles, readSubject, type StoredGroup, type StoredRole } from './model.ts';

/** A subscription that the signed-in person sees. */
export type SeenSubscription = {
  readonly subscriptionId: string;
  readonly displayName: string;
  /** Microsoft's word. */
  readonly state: string;
  readonly isAdded: boolean;
  /** Why it cannot be added. */
  readonly obstacle?: Problem;
  /** The roles that our service principal has on it. */
  readonly roles: readonly StoredRole[];
  readonly isChosen: boolean;
  readonly result?: 'waiting' | 'adding' | 'added' | 'failed';
  readonly how?: 'given' | 'existed' | 'inherited';
  /** Why it was not added. */
  readonly problem?: Problem;
};

/** One attempt to add subscriptions, as its page shows it. */
export type AdditionView = {
  readonly tenantId: TenantId;
  readonly delegation: Delegation;
  /** Whether the reader is the person who signed in, and so may go on. */
  readonly isOwn: boolean;
  readonly state: 'looking' | 'choosing' | 'adding' | 'interrupted' | 'ended';
  readonly looked: number;
  /** How many subscriptions the person sees; absent before it is known. */
  readonly seen?: number;
  /** Why the person could not be shown what there is, or why the work stopped. */
  readonly problem?: Problem;
  readonly subscriptions: readonly SeenSubscription[];
  readonly groups: readonly StoredGroup[];
  /** The name of the person's role assignment at the root scope. */
  readonly elevation?: string;
  readonly groupName?: string;
  readonly accessLevel: AccessLevel;
  /** Our service principal's object id in the directory. */
  readonly principalId?: string;
};

const HOW = ['given', 'existed', 'inherited'] as const;

/** What a sign-in for adding subscriptions has come to. Problems: forbidden, not-found. */
export async function getAddition(ctx: Ctx, flowId: FlowId): Promise<Result<AdditionView>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const found = await getDelegation(ctx, flowId);
  const subject = found.ok ? readSubject(found.value.subject) : undefined;
  if (!found.ok || !subject) return fail({ code: 'not-found', entity: 'sign-in' });
  const delegation = found.value;
  const { tenantId } = delegation;
  const row = await ctx.database.prisma.subscriptionAddition.findFirst({
    where: { tenantId, id: subject.additionId, tenant: { removedAt: null } },
    include: {
      items: { orderBy: [{ displayName: 'asc' }, { subscriptionId: 'asc' }] },
      tenant: { select: { servicePrincipalId: true } },
    },
  });
  if (!row) return fail({ code: 'not-found', entity: 'sign-in' });
  const problem = readProblem(row.problem);
  const { actor } = ctx;
  const isSilent = ctx.clock().getTime() - row.updatedAt.getTime() > SILENT_AFTER_MS;
  const state = stateOf(row.state, isSilent || problem !== undefined || delegation.state !== 'active');
  return ok({
    tenantId,
    delegation,
    isOwn: actor.type === 'member' && actor.personId === delegation.person.personId,
    state,
    looked: row.looked,
    ...(row.seen !== null && { seen: row.seen }),
    ...(problem && { problem }),
    subscriptions: row.items.map((item) => {
      const obstacle = readProblem(item.obstacle);
      const failure = readProblem(item.problem);
      const how = HOW.find((known) => known === item.how);
      return {
        subscriptionId: item.subscriptionId,
        displayName: item.displayName,
        state: item.state,
        isAdded: item.isAdded,
        ...(obstacle && { obstacle }),
        roles: readRoles(item.roles),
        isChosen: item.isChosen,
        ...(item.result && { result: item.result }),
        ...(how && { how }),
        ...(failure && { problem: failure }),
      };
    }),
    groups: readGroups(row.groups),
    ...(row.elevation && { elevation: row.elevation }),
    ...(row.groupName !== null && { groupName: row.groupName }),
    accessLevel: row.accessLevel,
    ...(row.tenant.servicePrincipalId && { principalId: row.tenant.servicePrincipalId }),
  });
}

function stateOf(state: string, isStopped: boolean): AdditionView['state'] {
  if (state === 'choosing' || state === 'ended') return state;
  if (isStopped) return 'interrupted';
  return state === 'adding' ? 'adding' : 'looking';
}
