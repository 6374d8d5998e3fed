import { randomUUID } from 'node:crypto';
import { deny } from '#lib/access/permissions.ts';
import { OrganizationId, TenantId } from '#lib/core/ids.ts';
import { type Failure, fail, ok, type Result } from '#lib/core/result.ts';
import type { Transaction } from '#lib/db/database.ts';
import { Prisma } from '#lib/db/generated/client.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { eraseTenantJob } from '#lib/jobs/contracts.ts';
import { cancelRunningImport } from '../imports/cancel.ts';
import { restorable } from '../tenants/connected.ts';
import {
  isLeft,
  listMicrosoftSide,
  readMicrosoftSide,
  storedMicrosoftSide,
  withOutcomes,
} from './microsoft-side.ts';
import { type EraseTenant, RESTORABLE_DAYS, RemovalId, type RemoveTenant } from './model.ts';
import { deleteSecrets } from './secrets.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * Removes a tenant: at once no job touches it, its secrets are deleted, its data is on no page, and the organization
 * may use it no more. For seven days it can be restored, unless an owner asked for none; then the workers erase it.
 * What was done at Microsoft before, and what is left there, is in the receipt.
 * Problems: forbidden, not-found, invalid-input.
 */
export async function removeTenant(
  ctx: Ctx,
  { tenantId, confirmation, keep }: RemoveTenant,
): Promise<Result<{ readonly removalId: RemovalId }>> {
  const denied = deny(ctx.actor, keep === 'now' ? 'tenant.erase' : 'tenant.remove');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const removed = await ctx.database.prisma.$transaction(async (tx): Promise<Result<RemovalId>> => {
    const where = { id: tenantId, organizationId, removedAt: null } as const;
    await lockTenant(tx, tenantId);
    const tenant = await tx.tenant.findFirst({ where, select: { name: true, status: true } });
    if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
    const refused = refuseConfirmation(confirmation, tenant.name);
    if (refused) return refused;
    const now = ctx.clock();
    const eraseAt = new Date(now.getTime() + (keep === 'now' ? 0 : RESTORABLE_DAYS * DAY_MS));
    const removalId = await openRemoval(tx, ctx, tenantId);
    const things = await currentMicrosoftSide(tx, ctx, tenantId, removalId);
    await tx.tenantRemoval.updateMany({
      where: { organizationId, id: removalId },
      data: {
        microsoftSide: storedMicrosoftSide(things),
        name: tenant.name,
        removedAt: now,
        removedBy: actorName(ctx),
        eraseAt,
      },
    });
    await cancelRunningImport(tx, ctx, tenantId);
    await deleteSecrets(tx, tenantId);
    await tx.tenant.updateMany({
      where,
      data: {
        status: 'removed',
        statusProblem: Prisma.DbNull,
        statusChangedAt: now,
        nextCheckAt: null,
        removedAt: now,
        eraseAt,
        eraseStartedAt: keep === 'now' ? now : null,
      },
    });
    await recordAudit(tx, ctx, {
      action: 'tenant.remove',
      entity: 'tenant',
      entityId: tenantId,
      before: { status: tenant.status },
      after: {
        status: 'removed',
        eraseAt: eraseAt.toISOString(),
        removalId,
        leftAtMicrosoft: things.filter(isLeft).length,
      },
    });
    return ok(removalId);
  });
  if (!removed.ok) return removed;
  if (keep === 'now') await enqueueErasure(ctx, tenantId);
  return ok({ removalId: removed.value });
}

/**
 * Erases a removed tenant before its seven days are over. Problems: forbidden, not-found, invalid-input.
 */
export async function eraseRemovedTenant(
  ctx: Ctx,
  { tenantId, confirmation }: EraseTenant,
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'tenant.erase');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const begun = await ctx.database.prisma.$transaction(async (tx): Promise<Result<undefined>> => {
    const now = ctx.clock();
    await lockTenant(tx, tenantId);
    const where = { id: tenantId, organizationId, ...restorable(now) };
    const tenant = await tx.tenant.findFirst({ where, select: { name: true, eraseAt: true } });
    if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
    const refused = refuseConfirmation(confirmation, tenant.name);
    if (refused) return refused;
    await tx.tenant.updateMany({ where, data: { eraseAt: now, eraseStartedAt: now } });
    await tx.tenantRemoval.updateMany({
      where: { organizationId, formerTenantId: tenantId, ...UNDER_WAY },
      data: { eraseAt: now },
    });
    await recordAudit(tx, ctx, {
      action: 'tenant.erase-now',
      entity: 'tenant',
      entityId: tenantId,
      before: { eraseAt: tenant.eraseAt?.toISOString() ?? null },
      after: { eraseAt: now.toISOString() },
    });
    return ok(undefined);
  });
  if (begun.ok) await enqueueErasure(ctx, tenantId);
  return begun;
}

/** Removals that are neither undone nor done. */
export const UNDER_WAY = { removedAt: { not: null }, restoredAt: null, erasedAt: null } as const;

/** Whoever changes what becomes of a tenant begins with this, so that one of two wins. */
export const lockTenant = (tx: Transaction, tenantId: string) =>
  tx.$queryRaw`SELECT 1 FROM tenant WHERE id = ${tenantId}::uuid FOR UPDATE`;

/**
 * The removal that somebody prepares for a tenant, or a new one. The caller has locked the tenant, and knows that it is
 * the organization's.
 */
export async function openRemoval(tx: Transaction, ctx: Ctx, tenantId: string): Promise<RemovalId> {
  const { organizationId } = ctx.actor;
  const prepared = await tx.tenantRemoval.findFirst({
    where: { organizationId, formerTenantId: tenantId, removedAt: null },
    select: { id: true },
  });
  if (prepared) return RemovalId.parse(prepared.id);
  const { kind, name, directoryId, domain } = await tx.tenant.findFirstOrThrow({
    where: { id: tenantId, organizationId },
    select: { kind: true, name: true, directoryId: true, domain: true },
  });
  const id = RemovalId.parse(randomUUID());
  await tx.tenantRemoval.create({
    data: {
      organizationId,
      id,
      formerTenantId: tenantId,
      kind,
      name,
      directoryId,
      domain,
      createdAt: ctx.clock(),
    },
    select: { id: true },
  });
  return id;
}

/** What exists at Microsoft, with what has been taken back in this removal so far. */
export async function currentMicrosoftSide(
  db: Pick<Transaction, 'tenant' | 'tenantRemoval'>,
  ctx: Ctx,
  tenantId: string,
  removalId: RemovalId | undefined,
) {
  const listed = await listMicrosoftSide(db, ctx, tenantId);
  if (!removalId) return listed;
  const removal = await db.tenantRemoval.findFirst({
    where: { organizationId: ctx.actor.organizationId, id: removalId },
    select: { microsoftSide: true },
  });
  return withOutcomes(listed, readMicrosoftSide(removal?.microsoftSide));
}

function refuseConfirmation(typed: string, name: string): Failure | undefined {
  if (typed.trim() === name.trim()) return undefined;
  return fail({
    code: 'invalid-input',
    fields: { confirmation: `Type the name as it stands here: ${name}` },
  });
}

export const actorName = ({ actor }: Ctx): string =>
  actor.type === 'member' ? actor.displayName : actor.job;

/** Tells the workers at once; without that they find it within a minute. */
async function enqueueErasure(ctx: Ctx, tenantId: TenantId): Promise<void> {
  const { organizationId } = ctx.actor;
  try {
    await ctx.jobs.enqueue(eraseTenantJob, { organizationId, tenantId }, { singletonKey: tenantId });
  } catch (error) {
    ctx.log.warn('an erasure waits until a worker finds it: it could not be enqueued', { tenantId, error });
  }
}

const DUE = `
SELECT id, organization_id FROM tenant
WHERE removed_at IS NOT NULL AND (erase_started_at IS NOT NULL OR erase_at <= $1::timestamptz)
ORDER BY erase_at LIMIT 100`;

/** Gives the removed tenants whose time is over to the workers. Returns how many there are. */
export async function startDueErasures(services: Pick<Ctx, 'database' | 'clock' | 'jobs'>): Promise<number> {
  const { rows } = await services.database.pool.query<{ id: string; organization_id: string }>(DUE, [
    services.clock(),
  ]);
  for (const { id, organization_id } of rows) {
    const tenantId = TenantId.parse(id);
    const organizationId = OrganizationId.parse(organization_id);
    await services.jobs.enqueue(eraseTenantJob, { organizationId, tenantId }, { singletonKey: tenantId });
  }
  return rows.length;
}
