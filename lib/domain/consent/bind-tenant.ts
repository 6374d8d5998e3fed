import { randomUUID } from 'node:crypto';
import { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { Transaction } from '#lib/db/database.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { SignedInPerson } from '#lib/microsoft/entra/redeem-code.ts';
import { AGREEMENT_TYPE } from '../billing/model.ts';
import { toJson } from '../problem-json.ts';
import { findConnected, findRestorable, isUniqueViolation } from '../tenants/connected.ts';
import { IN_USE, type TenantKind } from '../tenants/model.ts';
import { newCheck } from '../tenants/tenant-check.ts';
import type { Flow } from './flow-row.ts';
import { SILENT_AFTER_MS, type Step } from './model.ts';

/**
 * Template ids of the directory roles that may approve application permissions of Microsoft Graph.
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
export const ENTITLED_ROLES: ReadonlyMap<string, string> = new Map([
  ['62e90394-69f5-4237-9190-012177145e10', 'Global Administrator'],
  ['e8611ab8-c189-46e8-94e1-60213ab1f814', 'Privileged Role Administrator'],
]);

/** A person for people to read: name and mail-like name. */
export const nameOfPerson = ({ displayName, userName }: SignedInPerson): string =>
  displayName === userName ? displayName : `${displayName} (${userName})`;

/**
 * Whether a person who signed in may bind a directory by a directory role: the token has to be of that directory and
 * to name one of the two roles. Returns the role in words, or the Problem.
 */
export function judgeDirectoryRole(
  flow: Pick<Flow, 'directoryId'>,
  person: SignedInPerson,
): { readonly role: string } | { readonly problem: Problem } {
  if (person.directoryId !== flow.directoryId) {
    return {
      problem: { code: 'wrong-tenant', expected: flow.directoryId, actual: person.directoryId },
    };
  }
  const name = nameOfPerson(person);
  if (!person.wids) return { problem: { code: 'directory-role-unknown', person: name } };
  for (const wid of person.wids) {
    const role = ENTITLED_ROLES.get(wid.toLowerCase());
    if (role) return { role };
  }
  return { problem: { code: 'directory-role-missing', person: name } };
}

/**
 * Runs the transaction that binds, unless the organization has connected the directory already, be it in this very
 * moment by another flow, or has removed it and can still restore it. Problems: already-connected, tenant-removed.
 */
export async function bindUnlessConnected(
  ctx: Ctx,
  flow: Flow,
  bind: () => Promise<TenantId>,
): Promise<Result<TenantId>> {
  const find = flow.tenantId ? findRestorable : findConnected;
  const connected = await find(ctx, flow.directoryId, flow.kind);
  if (connected) return connected;
  try {
    return ok(await bind());
  } catch (error) {
    const faster = isUniqueViolation(error) && (await findConnected(ctx, flow.directoryId, flow.kind));
    if (!faster) throw error;
    return faster;
  }
}

/** From when on the workers check it by themselves, in case the process that asks for the check does not live. */
const CHECK_TAKEN_BY_MS: Readonly<Record<TenantKind, number>> = {
  office365: 60_000,
  azure: SILENT_AFTER_MS + 60_000,
};

export type Binding = {
  readonly person: SignedInPerson;
  /** The flow after the binding. */
  readonly steps: readonly Step[];
  readonly flowStatus: 'working' | 'succeeded';
};

/**
 * Binds the directory of a flow to its organization, after its caller has shown that the person is entitled: creates
 * the tenant under `verifying`, or renews the one that is connected anew. Audited. A directory that is connected
 * already breaks the unique index, which the caller sees as `isUniqueViolation`.
 */
export async function bindTenant(
  tx: Transaction,
  ctx: Ctx,
  flow: Flow,
  { person, steps, flowStatus }: Binding,
): Promise<TenantId> {
  const now = ctx.clock();
  const bound = {
    status: 'verifying',
    statusProblem: Prisma.DbNull,
    statusChangedAt: now,
    boundByPerson: nameOfPerson(person),
    boundAt: now,
    lastCheck: toJson(newCheck('onboarding', now)),
    nextCheckAt: new Date(now.getTime() + CHECK_TAKEN_BY_MS[flow.kind]),
  } as const;
  const isRenewed = flow.tenantId !== undefined && (await renew(tx, flow, flow.tenantId, bound));
  const tenantId = (isRenewed && flow.tenantId) || TenantId.parse(randomUUID());
  if (!isRenewed) {
    const { organizationId, kind, name, directoryId, domain, agreement, enrollmentNumber } = flow;
    await tx.tenant.create({
      data: {
        id: tenantId,
        organizationId,
        kind,
        name,
        directoryId,
        domain,
        agreement,
        enrollmentNumber,
        createdAt: now,
        ...bound,
        ...(enrollmentNumber && {
          billingAccounts: {
            create: {
              name: enrollmentNumber,
              agreementType: AGREEMENT_TYPE.enterprise,
              relationships: [],
              addedBy: bound.boundByPerson,
              addedAt: now,
            },
          },
        }),
      },
      select: { id: true },
    });
  }
  await recordAudit(tx, ctx, {
    action: isRenewed ? 'tenant.reconnect' : 'tenant.connect',
    entity: 'tenant',
    entityId: tenantId,
    after: {
      name: flow.name,
      kind: flow.kind,
      directoryId: flow.directoryId,
      boundBy: bound.boundByPerson,
      boundByObjectId: person.objectId,
    },
  });
  await tx.consentFlow.updateMany({
    where: { id: flow.id, organizationId: flow.organizationId },
    data: { tenantId, status: flowStatus, steps: steps.map(toJson), updatedAt: now },
  });
  return tenantId;
}

/** False where the tenant has been removed or disabled meanwhile. */
async function renew(
  tx: Transaction,
  flow: Flow,
  tenantId: TenantId,
  bound: Prisma.TenantUpdateManyMutationInput,
): Promise<boolean> {
  const { organizationId, kind, directoryId } = flow;
  const { count } = await tx.tenant.updateMany({
    where: { id: tenantId, organizationId, kind, directoryId, ...IN_USE },
    data: bound,
  });
  return count === 1;
}
