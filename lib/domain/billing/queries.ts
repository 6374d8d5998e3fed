import { deny, may } from '#lib/access/permissions.ts';
import type { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { BillingState } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { readProblem } from '../problem-json.ts';
import { type Commands, enrollmentCommands, readerCommands } from './commands.ts';
import { type BillingProof, isEnrollment, readBillingProof, roleFor, unsupportedWhy } from './model.ts';

export type BillingAccountView = {
  readonly name: string;
  readonly displayName?: string;
  readonly agreementType: string;
  readonly accountType?: string;
  readonly isEnrollment: boolean;
  /** False where no role would make the costs readable. */
  readonly isSupported: boolean;
  readonly role: ReturnType<typeof roleFor>;
  readonly state: BillingState;
  readonly problem?: Problem;
  readonly proof?: BillingProof;
  readonly checkedAt?: Date;
  readonly assignedBy?: string;
  readonly assignedAt?: Date;
  /** To give the role by hand; absent where it would not help, or our service principal is not known. */
  readonly commands?: Commands;
};

export type BillingView = {
  /** Enrollments first, then what can work, then the others; each by name. */
  readonly accounts: readonly BillingAccountView[];
  readonly servicePrincipalId?: string;
  readonly mayChange: boolean;
};

/** Enrollments and billing accounts of a tenant. Problems: forbidden, not-found. */
export async function getBilling(
  ctx: Ctx,
  { tenantId }: { readonly tenantId: TenantId },
): Promise<Result<BillingView>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const tenant = await ctx.database.prisma.tenant.findFirst({
    where: { id: tenantId, organizationId: ctx.actor.organizationId, kind: 'azure', removedAt: null },
    select: {
      directoryId: true,
      servicePrincipalId: true,
      billingAccounts: { orderBy: [{ name: 'asc' }] },
    },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  const { directoryId, servicePrincipalId } = tenant;
  const { armUrl } = ctx.microsoft.entra.settings.cloud;
  const accounts = tenant.billingAccounts.map((row): BillingAccountView => {
    const problem = readProblem(row.problem);
    const proof = readBillingProof(row.proof);
    const values = servicePrincipalId && { account: row.name, servicePrincipalId, directoryId, armUrl };
    const isSupported = row.state === 'connected' || !unsupportedWhy(row);
    return {
      name: row.name,
      ...(row.displayName && { displayName: row.displayName }),
      agreementType: row.agreementType,
      ...(row.accountType && { accountType: row.accountType }),
      isEnrollment: isEnrollment(row),
      isSupported,
      role: roleFor(row),
      state: row.state,
      ...(problem && { problem }),
      ...(proof && { proof }),
      ...(row.checkedAt && { checkedAt: row.checkedAt }),
      ...(row.assignedBy && { assignedBy: row.assignedBy }),
      ...(row.assignedAt && { assignedAt: row.assignedAt }),
      ...(values &&
        isSupported && { commands: isEnrollment(row) ? enrollmentCommands(values) : readerCommands(values) }),
    };
  });
  return ok({
    accounts: accounts.sort((a, b) => rankOf(b) - rankOf(a)),
    ...(servicePrincipalId && { servicePrincipalId }),
    mayChange: may(ctx.actor, 'tenant.update'),
  });
}

const rankOf = ({ isEnrollment: first, isSupported }: BillingAccountView): number =>
  Number(first) * 2 + Number(isSupported);
