import type { ChangeId, TenantId } from '#lib/core/ids.ts';
import type { Transaction } from '#lib/db/database.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { AccessLevel } from '../tenants/model.ts';
import { type RolePlan, roleName } from './role-plan.ts';

export type ProvenLevel = {
  readonly tenantId: TenantId;
  readonly changeId: ChangeId;
  readonly subscriptionId: string;
  readonly fromLevel: AccessLevel;
  readonly toLevel: AccessLevel;
  /** What was done in Azure, all attempts together. */
  readonly done: Pick<RolePlan, 'add' | 'remove'>;
  /** Who asked for it, where a job does it. */
  readonly requestedBy?: string;
};

/** Writes down the level that a subscription has now been proven to have, with before and after in the audit. */
export async function keepLevel(tx: Transaction, ctx: Ctx, level: ProvenLevel): Promise<void> {
  const { tenantId, changeId, subscriptionId, fromLevel, toLevel, done, requestedBy } = level;
  await tx.azureSubscription.updateMany({
    where: { tenantId, subscriptionId, status: 'added' },
    data: {
      accessLevel: toLevel,
      ...(done.add && { roleAssignmentName: done.add.name }),
    },
  });
  if (fromLevel === toLevel && !done.add && done.remove.length === 0) return;
  const added = done.add ? [roleName(done.add.roleDefinitionId)] : [];
  const removed = done.remove.map(({ roleDefinitionId }) => roleName(roleDefinitionId));
  await recordAudit(tx, ctx, {
    action: 'azure-subscription.change-access',
    entity: 'azure-subscription',
    entityId: subscriptionId,
    before: { accessLevel: fromLevel, ...(removed.length > 0 && { roles: removed }) },
    after: {
      tenantId,
      changeId,
      accessLevel: toLevel,
      ...(added.length > 0 && { roles: added }),
      ...(requestedBy && { requestedBy }),
    },
  });
}
