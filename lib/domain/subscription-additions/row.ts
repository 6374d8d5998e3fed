import { FlowId, type TenantId } from '#lib/core/ids.ts';
import type { AccessLevel } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';

/** What a job is told. */
export type AdditionReference = { readonly tenantId: TenantId; readonly additionId: string };

/** An addition that a job works on, with the sign-in it does it with. */
export type OpenAddition = AdditionReference & {
  readonly flowId: FlowId;
  readonly state: string;
  readonly groups: unknown;
  readonly groupName: string | null;
  readonly accessLevel: AccessLevel;
  readonly servicePrincipalId: string | null;
};

/** The addition of the actor's organization; undefined where it, its tenant or its sign-in is gone. */
export async function findOpenAddition(
  ctx: Ctx,
  { tenantId, additionId }: AdditionReference,
): Promise<OpenAddition | undefined> {
  const row = await ctx.database.prisma.subscriptionAddition.findFirst({
    where: {
      tenantId,
      id: additionId,
      tenant: { organizationId: ctx.actor.organizationId, removedAt: null },
    },
    select: {
      flowId: true,
      state: true,
      groups: true,
      groupName: true,
      accessLevel: true,
      tenant: { select: { servicePrincipalId: true } },
    },
  });
  if (!row?.flowId) return undefined;
  const { tenant, flowId, ...addition } = row;
  return { tenantId, additionId, flowId: FlowId.parse(flowId), ...addition, ...tenant };
}
