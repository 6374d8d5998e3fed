import { deny } from '#lib/access/permissions.ts';
import { FlowId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { CONNECTS } from '../delegation/model.ts';
import type { TenantKind } from '../tenants/model.ts';
import { shownState } from './queries.ts';

/** An attempt that has connected nothing, and was followed by no other one for the same directory. */
export type UnfinishedFlow = {
  readonly flowId: FlowId;
  readonly name: string;
  readonly kind: TenantKind;
  /** `redirected`: somebody is at Microsoft, or has left it without coming back. */
  readonly state: 'redirected' | 'working' | 'failed';
  readonly problem?: Problem;
  readonly startedAt: Date;
};

/** What is older was given up. */
const REMEMBERED_MS = 24 * 60 * 60_000;

const ATTEMPTS_READ = 100;
const SHOWN_MAX = 5;

/**
 * The attempts of the last day that nothing has come of, newest first: whoever left Microsoft's page by the back button
 * or closed it finds them here. Those that connect a tenant anew are told with the tenant. Problems: forbidden.
 */
export async function listUnfinishedFlows(ctx: Ctx): Promise<Result<readonly UnfinishedFlow[]>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const { prisma } = ctx.database;
  const now = ctx.clock();
  const attempts = await prisma.consentFlow.findMany({
    where: { organizationId, ...CONNECTS, createdAt: { gte: new Date(now.getTime() - REMEMBERED_MS) } },
    orderBy: { createdAt: 'desc' },
    take: ATTEMPTS_READ,
    select: {
      id: true,
      name: true,
      kind: true,
      directoryId: true,
      status: true,
      problem: true,
      tenantId: true,
      createdAt: true,
      updatedAt: true,
      redirects: { orderBy: { createdAt: 'desc' }, take: 1, select: { expiresAt: true } },
    },
  });
  const keyOf = ({ kind, directoryId }: { kind: TenantKind; directoryId: string }) =>
    `${kind}/${directoryId}`;
  const latest = [...Map.groupBy(attempts, keyOf).values()].flatMap(([newest]) => newest ?? []);
  const open = latest.filter(({ tenantId }) => tenantId === null);
  if (open.length === 0) return ok([]);
  const tenants = await prisma.tenant.findMany({
    where: {
      organizationId,
      removedAt: null,
      directoryId: { in: open.map(({ directoryId }) => directoryId) },
    },
    select: { kind: true, directoryId: true },
  });
  const connected = new Set(tenants.map(keyOf));
  return ok(
    open
      .filter((flow) => !connected.has(keyOf(flow)))
      .slice(0, SHOWN_MAX)
      .flatMap((row) => {
        const { state, problem } = shownState(row, now);
        if (state === 'succeeded') return [];
        const { id, name, kind, createdAt } = row;
        return [
          { flowId: FlowId.parse(id), name, kind, state, ...(problem && { problem }), startedAt: createdAt },
        ];
      }),
  );
}
