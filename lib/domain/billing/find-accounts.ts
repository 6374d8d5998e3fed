import { deny } from '#lib/access/permissions.ts';
import { DirectoryId, type TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type ArmBillingAccount, listBillingAccountsInFull } from '#lib/microsoft/arm/billing-accounts.ts';
import type { ArmClient } from '#lib/microsoft/arm/client.ts';
import { ACCOUNTS_MAX } from './enrollments.ts';
import { type AccountRow, keepLooks, LOOKED_AT, settleMigration } from './keep.ts';
import { lookAtBilling } from './look.ts';

export type FindAccounts = {
  readonly tenantId: TenantId;
  /** Azure as the person who signed in. */
  readonly arm: ArmClient;
  /** Who that is, for people to read. */
  readonly person: string;
};

export type FoundAccounts = {
  readonly found: number;
  /** More than a tenant may have here. */
  readonly isCut: boolean;
};

/**
 * Lists the billing accounts that a person sees, with their types, and looks whether our own application can read their
 * costs. Accounts that are known already get what is new about them. Problems: forbidden, not-found, and those of the
 * person's list.
 */
export async function findBillingAccounts(
  ctx: Ctx,
  { tenantId, arm, person }: FindAccounts,
): Promise<Result<FoundAccounts>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId, kind: 'azure', removedAt: null },
    select: { directoryId: true },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  const seen = await listBillingAccountsInFull(arm, { patience: 'interactive' });
  if (!seen.ok) return seen;
  const rows = await keepSeen(ctx, tenantId, seen.value.slice(0, ACCOUNTS_MAX), person);
  const directoryId = DirectoryId.parse(tenant.directoryId);
  const looked = await lookAtBilling(ctx, directoryId, rows, { isAsked: false });
  await ctx.database.prisma.$transaction(async (tx) => {
    await keepLooks(tx, ctx, tenantId, { before: rows, looked });
    await settleMigration(tx, ctx, tenantId);
  });
  ctx.log.info('billing accounts found', { tenantId, found: seen.value.length });
  return ok({ found: seen.value.length, isCut: seen.value.length > ACCOUNTS_MAX });
}

async function keepSeen(
  ctx: Ctx,
  tenantId: TenantId,
  seen: readonly ArmBillingAccount[],
  person: string,
): Promise<AccountRow[]> {
  const addedAt = ctx.clock();
  return ctx.database.prisma.$transaction(async (tx) => {
    const known = new Set(
      (await tx.billingAccount.findMany({ where: { tenantId }, select: { name: true } })).map(
        ({ name }) => name,
      ),
    );
    for (const { name, agreementType, accountType, displayName, relationships } of seen) {
      const kind = { agreementType, accountType, displayName, relationships };
      if (known.has(name)) {
        await tx.billingAccount.updateMany({ where: { tenantId, name }, data: kind });
        continue;
      }
      await tx.billingAccount.createMany({
        data: { tenantId, name, ...kind, addedBy: person, addedAt },
        skipDuplicates: true,
      });
      await recordAudit(tx, ctx, {
        action: 'billing-account.add',
        entity: 'billing-account',
        entityId: name,
        after: { tenantId, agreementType, signedInAs: person },
      });
    }
    return tx.billingAccount.findMany({
      where: { tenantId, name: { in: seen.map(({ name }) => name) } },
      select: LOOKED_AT,
    });
  });
}
