import { deny } from '#lib/access/permissions.ts';
import type { FlowId, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { StartedFlow } from '../consent/model.ts';
import { realWait, type Wait } from '../consent/patience.ts';
import { endDelegation } from '../delegation/end.ts';
import type { Delegation } from '../delegation/model.ts';
import { getDelegation } from '../delegation/queries.ts';
import { startDelegation } from '../delegation/start.ts';
import { useDelegation } from '../delegation/use.ts';
import { findBillingAccounts } from './find-accounts.ts';
import { migrateEnrollment } from './migrate.ts';
import {
  type BillingAccountReference,
  type BillingSignIn,
  type BillingTenant,
  MigrationSubject,
} from './model.ts';

/**
 * Sends a person to Microsoft to give our service principal the role on an enrollment. Says where the browser goes.
 * Problems: forbidden, not-found, rate-limited.
 */
export async function startMigration(
  ctx: Ctx,
  { tenantId, account }: BillingAccountReference,
): Promise<Result<StartedFlow>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const known = await ctx.database.prisma.billingAccount.findFirst({
    where: { tenantId, name: account, tenant: { organizationId, removedAt: null } },
    select: { name: true },
  });
  if (!known) return fail({ code: 'not-found', entity: 'billing-account' });
  const subject: MigrationSubject = { account };
  return startDelegation(ctx, { tenantId, purpose: 'enrollment-role', subject });
}

/** Sends a person to Microsoft to list the billing accounts they see. Problems: forbidden, not-found, rate-limited. */
export const startAccountSearch = (ctx: Ctx, { tenantId }: BillingTenant): Promise<Result<StartedFlow>> =>
  startDelegation(ctx, { tenantId, purpose: 'billing-accounts', subject: {} });

/** What a person who is back from Microsoft has lent their rights for. */
export type BillingSignInView = {
  /** It can be used now; false once it is over. */
  readonly isActive: boolean;
  readonly signedInAs: string;
  /** The enrollment that is migrated; absent where accounts are looked for. */
  readonly account?: string;
};

/** The sign-in of the address, where it is the actor's own, of this tenant, and for billing. */
export async function billingSignIn(
  ctx: Ctx,
  { tenantId, flowId }: BillingSignIn,
): Promise<BillingSignInView | undefined> {
  const delegation = await ownDelegation(ctx, tenantId, flowId);
  if (!delegation) return undefined;
  const subject = MigrationSubject.safeParse(delegation.subject);
  return {
    isActive: delegation.state === 'active',
    signedInAs: nameOf(delegation),
    ...(delegation.purpose === 'enrollment-role' && subject.success && { account: subject.data.account }),
  };
}

/**
 * Does what a person has signed in for, and ends the sign-in whatever came of it: migrates the enrollment, or lists
 * billing accounts. Problems: forbidden, not-found, delegation-ended, and those of the two.
 */
export async function finishBillingSignIn(
  ctx: Ctx,
  { tenantId, flowId }: BillingSignIn,
  wait: Wait = realWait,
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const delegation = await ownDelegation(ctx, tenantId, flowId);
  if (!delegation) return fail({ code: 'not-found', entity: 'sign-in' });
  const person = nameOf(delegation);
  try {
    const used = await useDelegation(ctx, flowId, async (arm): Promise<Result<unknown>> => {
      if (delegation.purpose === 'billing-accounts')
        return findBillingAccounts(ctx, { tenantId, arm, person });
      const { account } = MigrationSubject.parse(delegation.subject);
      return migrateEnrollment(ctx, { tenantId, account, arm, person }, wait);
    });
    if (!used.ok) return used;
    return used.value.ok ? ok(undefined) : used.value;
  } finally {
    await endDelegation(ctx, flowId, 'finished');
  }
}

async function ownDelegation(ctx: Ctx, tenantId: TenantId, flowId: FlowId): Promise<Delegation | undefined> {
  const { actor } = ctx;
  const found = await getDelegation(ctx, flowId);
  if (!found.ok || found.value.tenantId !== tenantId) return undefined;
  const { purpose, person } = found.value;
  const isOurs = purpose === 'enrollment-role' || purpose === 'billing-accounts';
  const isOwn = actor.type === 'member' && actor.personId === person.personId;
  return isOurs && isOwn ? found.value : undefined;
}

const nameOf = ({ signedIn, person }: Delegation): string => signedIn?.name ?? person.name;
