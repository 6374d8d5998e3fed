import { z } from 'zod';
import { deny } from '#lib/access/permissions.ts';
import type { FlowId, TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { RoleChange } from '#lib/microsoft/arm/role-change.ts';
import { readSteps, type Step } from '../consent/model.ts';
import { readProblem } from '../problem-json.ts';
import type { Delegation } from './model.ts';
import { DELEGATION, toDelegation } from './row.ts';

/** One call that was made with a person's rights. */
export type ReceiptCall = {
  readonly id: string;
  readonly at: Date;
  readonly method: string;
  /** Host and path. */
  readonly target: string;
  /** Absent where no answer came, or is not there yet. */
  readonly status?: number;
  readonly requestId?: string;
  readonly problem?: Problem;
  readonly durationMs?: number;
  readonly roleChange?: RoleChange;
};

/** What was done with a person's rights, call by call. */
export type Receipt = {
  readonly delegation: Delegation;
  readonly calls: readonly ReceiptCall[];
  /** False where there were more calls than a page can hold. */
  readonly isComplete: boolean;
};

const RoleChangeRow = z.object({
  change: z.enum(['made', 'kept', 'removed']),
  roleScope: z.string(),
  name: z.string().optional(),
  roleDefinitionId: z.string().optional(),
  principalId: z.string().optional(),
});

const CALLS_MAX = 20_000;

/** The receipt of one sign-in of the organization. Problems: forbidden, not-found. */
export async function getReceipt(ctx: Ctx, flowId: FlowId): Promise<Result<Receipt>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const row = await ctx.database.prisma.delegation.findFirst({
    where: { flowId, organizationId: ctx.actor.organizationId, tenant: { removedAt: null } },
    select: { ...DELEGATION, calls: { orderBy: [{ at: 'asc' }, { id: 'asc' }], take: CALLS_MAX + 1 } },
  });
  if (!row) return fail({ code: 'not-found', entity: 'receipt' });
  const calls = row.calls.slice(0, CALLS_MAX).map((call): ReceiptCall => {
    const { id, at, method, target, status, requestId, durationMs } = call;
    const problem = readProblem(call.problem);
    const roleChange = RoleChangeRow.safeParse(call.roleChange).data;
    return {
      id,
      at,
      method,
      target,
      ...(status !== null && { status }),
      ...(requestId !== null && { requestId }),
      ...(problem && { problem }),
      ...(durationMs !== null && { durationMs }),
      ...(roleChange && { roleChange }),
    };
  });
  return ok({ delegation: toDelegation(row, ctx.clock()), calls, isComplete: row.calls.length <= CALLS_MAX });
}

/** A use of a person's rights in a line. */
export type ReceiptSummary = {
  readonly delegation: Delegation;
  readonly calls: number;
  readonly failed: number;
  /** Role assignments. */
  readonly made: number;
  readonly removed: number;
};

/**
 * A sign-in to connect the tenant of which only the steps are known: it has bound nothing, or was before the calls of
 * an onboarding were written down.
 */
export type Onboarding = {
  readonly flowId: FlowId;
  readonly person: string;
  readonly at: Date;
  readonly until: Date;
  readonly steps: readonly Step[];
};

export type TenantReceipts = {
  readonly uses: readonly ReceiptSummary[];
  readonly onboardings: readonly Onboarding[];
};

const RECEIPTS_MAX = 200;

const Counts = z.object({
  flow_id: z.string(),
  calls: z.number(),
  failed: z.number(),
  made: z.number(),
  removed: z.number(),
});

/** Every use of people's rights in a tenant of the organization, newest first. Problems: forbidden, not-found. */
export async function listReceipts(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: TenantId },
): Promise<Result<TenantReceipts>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const { prisma, pool } = ctx.database;
  const [rows, flows] = await Promise.all([
    prisma.delegation.findMany({
      where: { tenantId, organizationId, tenant: { removedAt: null } },
      orderBy: { createdAt: 'desc' },
      take: RECEIPTS_MAX,
      select: DELEGATION,
    }),
    prisma.consentFlow.findMany({
      where: {
        tenantId,
        organizationId,
        delegation: null,
        status: { in: ['succeeded', 'failed', 'working'] },
      },
      orderBy: { createdAt: 'desc' },
      take: RECEIPTS_MAX,
      select: {
        id: true,
        createdAt: true,
        updatedAt: true,
        steps: true,
        person: { select: { displayName: true } },
      },
    }),
  ]);
  const counted = await pool.query(
    `SELECT flow_id, count(*)::int AS calls, count(problem)::int AS failed,
            (count(*) FILTER (WHERE role_change ->> 'change' = 'made'))::int AS made,
            (count(*) FILTER (WHERE role_change ->> 'change' = 'removed'))::int AS removed
       FROM delegated_call WHERE flow_id = ANY($1::uuid[]) GROUP BY flow_id`,
    [rows.map(({ flowId }) => flowId)],
  );
  const counts = new Map(counted.rows.map((row) => Counts.parse(row)).map((row) => [row.flow_id, row]));
  const now = ctx.clock();
  return ok({
    uses: rows.map((row) => {
      const { calls = 0, failed = 0, made = 0, removed = 0 } = counts.get(row.flowId) ?? {};
      return { delegation: toDelegation(row, now), calls, failed, made, removed };
    }),
    onboardings: flows.map(({ id, createdAt, updatedAt, steps, person }) => ({
      flowId: id as FlowId,
      person: person.displayName,
      at: createdAt,
      until: updatedAt,
      steps: readSteps(steps),
    })),
  });
}
