import type { Transaction } from '#lib/db/database.ts';
import { Prisma, type TenantStatus } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { type AccountRow, keepLooks } from '../billing/keep.ts';
import type { LookedAt } from '../billing/look.ts';
import { toJson } from '../problem-json.ts';
import type { CapabilityChecks } from './capabilities.ts';
import { IN_USE } from './model.ts';
import { setTenantStatus } from './status.ts';
import type { SubscriptionCheck } from './subscription-checks.ts';
import { readTenantCheck, type TenantCheck } from './tenant-check.ts';
import type { Verdict } from './verification.ts';

type Tenant = {
  readonly id: string;
  readonly status: TenantStatus;
  readonly boundAt: Date;
  readonly lastCheck: Prisma.JsonValue;
};

export type CheckedTenant = {
  /** Of an Office 365 account. */
  readonly capabilities?: CapabilityChecks;
  /** Of an Azure account: the checks by subscription. */
  readonly subscriptions?: ReadonlyMap<string, SubscriptionCheck>;
  /** Of an Azure account: how its billing accounts were read, and what was found. */
  readonly billing?: { readonly before: readonly AccountRow[]; readonly looked: readonly LookedAt[] };
  readonly domain?: string;
  readonly servicePrincipalId?: string;
  /** The series after this check. */
  readonly check: TenantCheck;
  /** When the next check begins, in this series or on another day. */
  readonly nextAt: Date;
  readonly verdict: Verdict;
};

/** A worker that dies over a check leaves it to the search for due checks, after this. */
const TAKE_OVER_MS = 2 * 60_000;

/**
 * Writes down what a check found, and the status that follows, in one transaction. False, and nothing written, where
 * the tenant was removed, disabled, bound anew or asked to be checked again since the check began: that check knows better.
 */
export async function keepFindings(ctx: Ctx, tenant: Tenant, checked: CheckedTenant): Promise<boolean> {
  const { capabilities, subscriptions, billing, domain, servicePrincipalId, check, nextAt, verdict } =
    checked;
  return ctx.database.prisma.$transaction(async (tx) => {
    const { count } = await tx.tenant.updateMany({
      where: unchanged(ctx, tenant),
      data: {
        lastCheck: toJson(check),
        nextCheckAt: check.isOver ? nextAt : new Date(nextAt.getTime() + TAKE_OVER_MS),
        ...(capabilities && { capabilities: toJson(capabilities) }),
        ...(servicePrincipalId && { servicePrincipalId }),
        ...(domain && { domain }),
      },
    });
    if (count === 0) return false;
    if (subscriptions) await keepSubscriptions(tx, tenant.id, subscriptions);
    if (billing) await keepLooks(tx, ctx, tenant.id, billing);
    if (verdict.status) await setTenantStatus(tx, ctx, tenant, verdict.status, verdict.problem);
    return true;
  });
}

/** Writes down how far a check is, for those who wait for it. */
export async function keepProgress(
  ctx: Ctx,
  tenant: Tenant,
  series: TenantCheck,
  { done, all }: { readonly done: number; readonly all: number },
): Promise<void> {
  const at = ctx.clock().toISOString();
  await ctx.database.prisma.tenant.updateMany({
    where: unchanged(ctx, tenant),
    data: { lastCheck: toJson({ ...series, progress: { done, all, at } }) },
  });
}

/** The tenant, unless it was removed, disabled, bound anew, or asked to be checked again since it was read. */
function unchanged(ctx: Ctx, { id, boundAt, lastCheck }: Tenant): Prisma.TenantWhereInput {
  const since = readTenantCheck(lastCheck)?.since;
  return {
    id,
    organizationId: ctx.actor.organizationId,
    ...IN_USE,
    boundAt,
    lastCheck: since ? { path: ['since'], equals: since } : { equals: Prisma.AnyNull },
  };
}

async function keepSubscriptions(
  tx: Transaction,
  tenantId: string,
  checks: ReadonlyMap<string, SubscriptionCheck>,
): Promise<void> {
  // One statement for however many there are.
  const rows = JSON.stringify([...checks].map(([id, check]) => ({ id, check })));
  await tx.$executeRaw`
    UPDATE azure_subscription SET role_check = found."check"
    FROM jsonb_to_recordset(${rows}::jsonb) AS found(id uuid, "check" jsonb)
    WHERE tenant_id = ${tenantId}::uuid AND subscription_id = found.id AND status = 'added'`;
}
