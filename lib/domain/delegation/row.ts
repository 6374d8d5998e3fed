import { DirectoryId, FlowId, TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import { readProblem } from '../problem-json.ts';
import { DELEGATION_ENDS, type Delegation, toPurpose } from './model.ts';

/** The columns behind `Delegation`; the token is read by `useDelegation` alone. */
export const DELEGATION = {
  flowId: true,
  tenantId: true,
  personId: true,
  purpose: true,
  subject: true,
  signedInAs: true,
  signedInObjectId: true,
  createdAt: true,
  startedAt: true,
  expiresAt: true,
  endedAt: true,
  endedWhy: true,
  person: { select: { displayName: true } },
  flow: {
    select: {
      directoryId: true,
      status: true,
      problem: true,
      redirects: { orderBy: { createdAt: 'desc' }, take: 1, select: { expiresAt: true } },
    },
  },
} as const satisfies Prisma.DelegationSelect;

type Row = Prisma.DelegationGetPayload<{ select: typeof DELEGATION }>;

/** A row as it is now: a token whose time is over counts as ended, also before a worker has deleted it. */
export function toDelegation(row: Row, now: Date): Delegation {
  const { signedInAs, signedInObjectId, startedAt, expiresAt } = row;
  const { state, problem } = stateOf(row, now);
  const end = state === 'ended' ? endOf(row) : undefined;
  return {
    flowId: FlowId.parse(row.flowId),
    tenantId: TenantId.parse(row.tenantId),
    directoryId: DirectoryId.parse(row.flow.directoryId),
    purpose: toPurpose(row.purpose),
    subject: row.subject,
    state,
    ...(problem && { problem }),
    person: { personId: row.personId, name: row.person.displayName },
    ...(signedInAs !== null &&
      signedInObjectId !== null && { signedIn: { name: signedInAs, objectId: signedInObjectId } }),
    createdAt: row.createdAt,
    ...(startedAt && { startedAt }),
    ...(expiresAt && { expiresAt }),
    ...end,
  };
}

function stateOf(
  { endedAt, startedAt, expiresAt, flow }: Row,
  now: Date,
): { readonly state: Delegation['state']; readonly problem?: Problem } {
  if (startedAt) {
    return { state: !endedAt && expiresAt && expiresAt > now ? 'active' : 'ended' };
  }
  const problem = readProblem(flow.problem);
  if (flow.status === 'failed') return { state: 'failed', ...(problem && { problem }) };
  const [latest] = flow.redirects;
  if (!latest || latest.expiresAt <= now) return { state: 'failed', problem: { code: 'state-expired' } };
  return { state: 'redirected' };
}

function endOf({ endedAt, endedWhy, expiresAt }: Row): Pick<Delegation, 'endedAt' | 'endedWhy'> {
  const why = DELEGATION_ENDS.find((known) => known === endedWhy);
  if (endedAt && why) return { endedAt, endedWhy: why };
  return { ...(expiresAt && { endedAt: expiresAt }), endedWhy: 'expired' };
}
