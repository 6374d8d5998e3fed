import { z } from 'zod';
import { deny, may } from '#lib/access/permissions.ts';
import { DirectoryId, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Prisma } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { currentDelegation } from '../delegation/queries.ts';
import type { TenantKind } from '../tenants/model.ts';
import { applicationOf } from '../tenants/queries.ts';
import { countLiveUsers } from '../users/live-users.ts';
import { isLeft, type MicrosoftThing, readMicrosoftSide } from './microsoft-side.ts';
import { RemovalId, type RemovalReference, type TenantToChange } from './model.ts';
import { type Remedy, remediesFor } from './removal-commands.ts';
import { currentMicrosoftSide } from './remove-tenant.ts';

const REMOVALS_MAX = 200;

/** A removal as lists show it. */
export type Removal = {
  readonly removalId: RemovalId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly kind: TenantKind;
  readonly directoryId: DirectoryId;
  readonly domain?: string;
  /** `erasing`: its time is over, and the workers are at it. */
  readonly state: 'restorable' | 'erasing' | 'erased' | 'restored';
  readonly removedAt: Date;
  readonly removedBy: string;
  readonly eraseAt: Date;
  readonly restoredAt?: Date;
  readonly restoredBy?: string;
  readonly erasedAt?: Date;
  /** How much of ours is left at Microsoft. */
  readonly left: number;
};

/** With all that the receipt says. */
export type RemovalReceipt = Removal & {
  readonly microsoftSide: readonly MicrosoftThing[];
  readonly remedies: readonly Remedy[];
  /** Rows erased, by table. */
  readonly erased: Readonly<Record<string, number>>;
  readonly mayRestore: boolean;
  readonly mayErase: boolean;
};

export type RemovalList = {
  readonly removals: readonly Removal[];
  readonly mayRestore: boolean;
  readonly mayErase: boolean;
};

const REMOVAL = {
  id: true,
  formerTenantId: true,
  name: true,
  kind: true,
  directoryId: true,
  domain: true,
  microsoftSide: true,
  removedAt: true,
  removedBy: true,
  eraseAt: true,
  restoredAt: true,
  restoredBy: true,
  erased: true,
  erasedAt: true,
} as const satisfies Prisma.TenantRemovalSelect;
type Row = Prisma.TenantRemovalGetPayload<{ select: typeof REMOVAL }>;

/** The removals of the organization, newest first; with `only` those that can be restored. Problems: forbidden. */
export async function listRemovals(
  ctx: Ctx,
  { only }: { readonly only?: 'restorable' } = {},
): Promise<Result<RemovalList>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const now = ctx.clock();
  const rows = await ctx.database.prisma.tenantRemoval.findMany({
    where: {
      organizationId: ctx.actor.organizationId,
      removedAt: { not: null },
      ...(only && { restoredAt: null, erasedAt: null, eraseAt: { gt: now } }),
    },
    orderBy: [{ removedAt: 'desc' }, { id: 'asc' }],
    take: REMOVALS_MAX,
    select: REMOVAL,
  });
  return ok({
    removals: rows.map((row) => toRemoval(row, now)),
    mayRestore: may(ctx.actor, 'tenant.remove'),
    mayErase: may(ctx.actor, 'tenant.erase'),
  });
}

/** The receipt of one removal. Problems: forbidden, not-found. */
export async function getRemoval(ctx: Ctx, { removalId }: RemovalReference): Promise<Result<RemovalReceipt>> {
  const denied = deny(ctx.actor, 'tenant.read');
  if (denied) return denied;
  const row = await ctx.database.prisma.tenantRemoval.findFirst({
    where: { organizationId: ctx.actor.organizationId, id: removalId, removedAt: { not: null } },
    select: REMOVAL,
  });
  if (!row) return fail({ code: 'not-found', entity: 'removal' });
  const microsoftSide = readMicrosoftSide(row.microsoftSide);
  return ok({
    ...toRemoval(row, ctx.clock()),
    microsoftSide,
    remedies: remediesFor(ctx, row.directoryId, microsoftSide),
    erased: z.record(z.string(), z.number()).catch({}).parse(row.erased),
    mayRestore: may(ctx.actor, 'tenant.remove'),
    mayErase: may(ctx.actor, 'tenant.erase'),
  });
}

function toRemoval(row: Row, now: Date): Removal {
  const { removedAt, eraseAt, restoredAt, restoredBy, erasedAt, domain } = row;
  if (!removedAt || !eraseAt) throw new Error('A removal that is only prepared has no receipt.');
  return {
    removalId: RemovalId.parse(row.id),
    tenantId: TenantId.parse(row.formerTenantId),
    name: row.name,
    kind: row.kind,
    directoryId: DirectoryId.parse(row.directoryId),
    ...(domain && { domain }),
    state: stateOf(row, now),
    removedAt,
    removedBy: row.removedBy ?? '',
    eraseAt,
    ...(restoredAt && { restoredAt }),
    ...(restoredBy && { restoredBy }),
    ...(erasedAt && { erasedAt }),
    left: readMicrosoftSide(row.microsoftSide).filter(isLeft).length,
  };
}

function stateOf({ restoredAt, erasedAt, eraseAt }: Row, now: Date): Removal['state'] {
  if (restoredAt) return 'restored';
  if (erasedAt) return 'erased';
  return eraseAt && eraseAt > now ? 'restorable' : 'erasing';
}

/** What the page says on which a tenant is removed. */
export type RemovalPreview = {
  readonly microsoftSide: readonly MicrosoftThing[];
  readonly remedies: readonly Remedy[];
  /** The sign-in with which the person can take role assignments back, while it lasts. */
  readonly signIn?: { readonly flowId: string; readonly name?: string; readonly expiresAt?: Date };
  /** Another account of the organization in the same directory that stands on the same application. */
  readonly sharedWith?: string;
  /** What is on hand here. */
  readonly data: { readonly users: number; readonly products: number; readonly subscriptions: number };
  readonly mayRemove: boolean;
  readonly mayErase: boolean;
};

/** What exists of a tenant, before it is removed. Problems: forbidden, not-found. */
export async function previewRemoval(
  ctx: Ctx,
  { tenantId }: TenantToChange,
): Promise<Result<RemovalPreview>> {
  const denied = deny(ctx.actor, 'tenant.remove');
  if (denied) return denied;
  const { organizationId } = ctx.actor;
  const { prisma } = ctx.database;
  const tenant = await prisma.tenant.findFirst({
    where: { id: tenantId, organizationId, removedAt: null },
    select: { directoryId: true, kind: true },
  });
  if (!tenant) return fail({ code: 'not-found', entity: 'tenant' });
  const [prepared, delegation, sibling, users, products, subscriptions] = await Promise.all([
    prisma.tenantRemoval.findFirst({
      where: { organizationId, formerTenantId: tenantId, removedAt: null },
      select: { id: true },
    }),
    currentDelegation(ctx, tenantId, 'remove-tenant'),
    prisma.tenant.findFirst({
      where: { organizationId, directoryId: tenant.directoryId, removedAt: null, id: { not: tenantId } },
      select: { name: true, kind: true },
    }),
    countLiveUsers(ctx, tenantId),
    prisma.subscribedSku.count({ where: { tenantId } }),
    prisma.azureSubscription.count({ where: { tenantId } }),
  ]);
  const removalId = prepared ? RemovalId.parse(prepared.id) : undefined;
  const microsoftSide = await currentMicrosoftSide(prisma, ctx, tenantId, removalId);
  const isShared = sibling && applicationOf(ctx, sibling.kind) === applicationOf(ctx, tenant.kind);
  return ok({
    microsoftSide,
    remedies: remediesFor(ctx, tenant.directoryId, microsoftSide),
    ...(delegation && {
      signIn: {
        flowId: delegation.flowId,
        ...(delegation.signedIn && { name: delegation.signedIn.name }),
        ...(delegation.expiresAt && { expiresAt: delegation.expiresAt }),
      },
    }),
    ...(isShared && { sharedWith: sibling.name }),
    data: { users, products, subscriptions },
    mayRemove: may(ctx.actor, 'tenant.remove'),
    mayErase: may(ctx.actor, 'tenant.erase'),
  });
}
