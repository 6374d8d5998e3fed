import type { Problem } from '#lib/core/problem.ts';
import type { Transaction } from '#lib/db/database.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { readProblem, toJson } from '../problem-json.ts';
import { setTenantStatus } from '../tenants/status.ts';
import type { LookedAt } from './look.ts';

/** What a look needs to know of an account. */
export const LOOKED_AT = {
  name: true,
  agreementType: true,
  accountType: true,
  displayName: true,
  relationships: true,
  state: true,
  roleSince: true,
  assignedAt: true,
} as const satisfies Prisma.BillingAccountSelect;

export type AccountRow = Prisma.BillingAccountGetPayload<{ select: typeof LOOKED_AT }>;

/**
 * Writes down what looks have found. A change of state is audited. An account that was removed, or given a role,
 * meanwhile stays as it is: `before` is how it was read.
 */
export async function keepLooks(
  tx: Transaction,
  ctx: Ctx,
  tenantId: string,
  { before, looked }: { readonly before: readonly AccountRow[]; readonly looked: readonly LookedAt[] },
): Promise<void> {
  const checkedAt = ctx.clock();
  for (const { name, state, problem, roleSince, proof, kind } of looked) {
    const row = before.find((each) => each.name === name);
    if (!row) continue;
    const { count } = await tx.billingAccount.updateMany({
      where: {
        tenantId,
        name,
        assignedAt: row.assignedAt,
        tenant: { organizationId: ctx.actor.organizationId },
      },
      data: {
        ...kind,
        relationships: [...kind.relationships],
        state,
        problem: problem ? toJson(problem) : Prisma.DbNull,
        ...(proof && { proof: toJson(proof) }),
        roleSince,
        checkedAt,
      },
    });
    if (count === 0 || row.state === state) continue;
    await recordAudit(tx, ctx, {
      action: 'billing-account.state',
      entity: 'billing-account',
      entityId: name,
      before: { tenantId, state: row.state },
      after: { tenantId, state, ...(problem && { problem: problem.code }) },
    });
  }
}

export type MigrationState = {
  /** Why the EA API migration is needed. */
  readonly needed: Problem | undefined;
  /** An enrollment could not be looked up: where the migration was needed, nothing says that it no longer is. */
  readonly isUnknown: boolean;
};

type Counted = { readonly name: string; readonly state: AccountRow['state']; readonly problem?: unknown };

/** Enrollments of which an access token is kept: those have used the EA API. */
export const WITH_KEYS = {
  where: { deletedAt: null },
  select: { enrollmentNumber: true },
} as const satisfies Prisma.Tenant$accessTokensArgs;

type Key = { readonly enrollmentNumber: string };

/**
 * Why a tenant needs the EA API migration: an enrollment whose role was there, should be there, or takes the place of
 * an access token, and is proven not to be. One that nobody has begun with is an offer, not a failure; and what could
 * not be looked up proves nothing.
 */
export function migrationState(accounts: readonly Counted[], keys: readonly Key[]): MigrationState {
  const used = new Set(keys.map(({ enrollmentNumber }) => enrollmentNumber));
  let needed: Problem | undefined;
  for (const { name, state, problem } of accounts) {
    const counts = state === 'cannot_connect' || (state === 'activation_required' && used.has(name));
    const known = counts ? readProblem(problem) : undefined;
    if (known?.code === 'billing-role-missing' && known.role === 'EnrollmentReader') needed ??= known;
  }
  return { needed, isUnknown: accounts.some(({ state }) => state === 'could_not_check') };
}

/**
 * Lets the tenant's status follow its enrollments: between Connected and EA API migration required. Every other status
 * says something graver, which the check of the tenant decides about.
 */
export async function settleMigration(tx: Transaction, ctx: Ctx, tenantId: string): Promise<void> {
  const tenant = await tx.tenant.findFirst({
    where: { id: tenantId, organizationId: ctx.actor.organizationId, removedAt: null },
    select: {
      id: true,
      status: true,
      billingAccounts: { select: { name: true, state: true, problem: true } },
      accessTokens: WITH_KEYS,
    },
  });
  if (tenant?.status !== 'connected' && tenant?.status !== 'ea_api_migration_required') return;
  const { needed, isUnknown } = migrationState(tenant.billingAccounts, tenant.accessTokens);
  if (!needed && isUnknown) return;
  await setTenantStatus(tx, ctx, tenant, needed ? 'ea_api_migration_required' : 'connected', needed);
}
