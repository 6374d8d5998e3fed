import { randomUUID } from 'node:crypto';
import { deny } from '#lib/access/permissions.ts';
import { DirectoryId, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { StartedFlow } from '../consent/model.ts';
import { startDelegation } from '../delegation/start.ts';
import { findConnected } from '../tenants/connected.ts';
import type { TenantKind } from '../tenants/model.ts';
import type { BeginAddition } from './model.ts';

/** Where somebody goes on who wants to add what exists. */
export type BegunAddition =
  | { readonly next: 'microsoft'; readonly started: StartedFlow }
  /** To the form that adds an account of the other kind for the same directory. */
  | { readonly next: 'add-account'; readonly kind: TenantKind; readonly tenant: string };

/**
 * Begins to add what exists in the directory of a tenant: Azure subscriptions by a sign-in of whoever owns them, or the
 * directory as an account of the other kind. Problems: forbidden, rate-limited, not-found, already-connected.
 */
export async function beginAddition(
  ctx: Ctx,
  { tenantId, kind }: BeginAddition,
): Promise<Result<BegunAddition>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const { actor } = ctx;
  if (actor.type !== 'member') return fail({ code: 'forbidden', need: 'admin' });
  const { tenant: tenants, subscriptionAddition } = ctx.database.prisma;
  const where = { organizationId: actor.organizationId, removedAt: null };
  const tenant = await tenants.findFirst({
    where: { ...where, id: tenantId },
    select: { directoryId: true, domain: true },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  const directoryId = DirectoryId.parse(tenant.directoryId);
  if (kind === 'office365') {
    const connected = await findConnected(ctx, directoryId, kind);
    return connected ?? ok({ next: 'add-account', kind, tenant: tenant.domain ?? directoryId });
  }
  const azure = await tenants.findFirst({ where: { ...where, directoryId, kind }, select: { id: true } });
  if (!azure) return ok({ next: 'add-account', kind, tenant: tenant.domain ?? directoryId });
  const additionId = randomUUID();
  const azureId = TenantId.parse(azure.id);
  const started = await startDelegation(ctx, {
    tenantId: azureId,
    purpose: 'add-subscriptions',
    subject: { additionId },
  });
  if (!started.ok) return started;
  const now = ctx.clock();
  await subscriptionAddition.create({
    data: {
      tenantId: azureId,
      id: additionId,
      personId: actor.personId,
      state: 'begun',
      accessLevel: 'resources',
      createdAt: now,
      updatedAt: now,
    },
    select: { id: true },
  });
  return ok({ next: 'microsoft', started: started.value });
}
