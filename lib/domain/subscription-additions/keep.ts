import type { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { type AccessLevel, Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { recordAudit } from '../audit/record.ts';
import { toJson } from '../problem-json.ts';

/** How a subscription came to its role. `name`: of the assignment that this portal made. */
export type NewRole =
  | { readonly how: 'given'; readonly name: string }
  | { readonly how: 'existed' | 'inherited' };

/** What is known of a subscription that is to be part of the portal. */
export type FoundSubscription = {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly state: string;
  readonly quotaId: string | null;
};

export type AddedSubscription = {
  readonly tenantId: TenantId;
  readonly subscription: FoundSubscription;
  readonly accessLevel: AccessLevel;
  readonly role: NewRole;
};

/** Makes a subscription part of the portal. One that is stays as it was. Audited. */
export async function keepAdded(
  ctx: Ctx,
  { tenantId, subscription, accessLevel, role }: AddedSubscription,
): Promise<void> {
  const { subscriptionId } = subscription;
  const roleAssignmentName = role.how === 'given' ? role.name : null;
  const added = {
    status: 'added',
    accessLevel,
    roleAssignmentName,
    notAddedReason: Prisma.DbNull,
    addedAt: ctx.clock(),
  } as const;
  await ctx.database.prisma.$transaction(async (tx) => {
    const known = await tx.azureSubscription.updateMany({
      where: { tenantId, subscriptionId, status: { not: 'added' } },
      data: added,
    });
    const created =
      known.count === 0
        ? await tx.azureSubscription.createMany({
            data: [{ tenantId, ...subscription, ...added }],
            skipDuplicates: true,
          })
        : known;
    if (created.count === 0) return;
    await recordAudit(tx, ctx, {
      action: 'azure-subscription.add',
      entity: 'azure-subscription',
      entityId: subscriptionId,
      after: { tenantId, accessLevel, how: role.how, ...(roleAssignmentName && { roleAssignmentName }) },
    });
  });
}

/** Keeps why a subscription could not be added, unless it is part of the portal already. */
export async function keepNotAdded(
  ctx: Ctx,
  {
    tenantId,
    subscription,
    problem,
  }: Pick<AddedSubscription, 'tenantId' | 'subscription'> & { readonly problem: Problem },
): Promise<void> {
  const { subscriptionId } = subscription;
  const failed = { status: 'failed', accessLevel: null, notAddedReason: toJson(problem) } as const;
  const { azureSubscription } = ctx.database.prisma;
  await azureSubscription.updateMany({
    where: { tenantId, subscriptionId, status: { not: 'added' } },
    data: failed,
  });
  await azureSubscription.createMany({
    data: [{ tenantId, ...subscription, ...failed }],
    skipDuplicates: true,
  });
}

/** Remembers a management group, so that imports add what comes into it later. Audited. */
export async function keepGroup(
  ctx: Ctx,
  {
    tenantId,
    group: { name, displayName },
    accessLevel,
  }: {
    readonly tenantId: TenantId;
    readonly group: { readonly name: string; readonly displayName: string };
    readonly accessLevel: AccessLevel;
  },
): Promise<void> {
  await ctx.database.prisma.$transaction(async (tx) => {
    await tx.managementGroup.upsert({
      where: { tenantId_name: { tenantId, name } },
      create: { tenantId, name, displayName, accessLevel, addedAt: ctx.clock() },
      update: { displayName, accessLevel },
    });
    await recordAudit(tx, ctx, {
      action: 'management-group.add',
      entity: 'management-group',
      entityId: name,
      after: { tenantId, displayName, accessLevel },
    });
  });
}
