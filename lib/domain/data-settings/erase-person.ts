import { deny } from '#lib/access/permissions.ts';
import { Guid, TenantId } from '#lib/core/ids.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import type { Transaction } from '#lib/db/database.ts';
import { recordAudit } from '#lib/domain/audit/record.ts';
import { type Ctx, organizationOf } from '#lib/domain/context.ts';
import type { FindPerson, PersonInTenant } from './model.ts';

/** A person as one tenant knows them, and what would be erased. */
export type FoundPerson = PersonInTenant & {
  readonly tenantName: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly isDeleted: boolean;
  /** Entries of the history. */
  readonly changes: number;
};

/** One person in as many tenants; names that several people have had are possible. */
const FOUND_MAX = 20;

/**
 * Finds a person by object ID or user principal name, deleted ones included, in all tenants of the organization.
 * Problems: forbidden; not-found.
 */
export async function findPerson(ctx: Ctx, { who }: FindPerson): Promise<Result<readonly FoundPerson[]>> {
  const denied = deny(ctx.actor, 'data-settings.change');
  if (denied) return denied;
  const id = Guid.safeParse(who).data;
  const { prisma } = ctx.database;
  const tenant = { organizationId: organizationOf(ctx), removedAt: null };
  // Prisma compares by ILIKE, to which these are signs for any text: who types one would be offered everybody.
  const principalName = who.replace(/[\\%_]/g, '\\$&');
  const users = await prisma.directoryUser.findMany({
    where: {
      tenant,
      ...(id === undefined ? { userPrincipalName: { equals: principalName, mode: 'insensitive' } } : { id }),
    },
    select: {
      tenantId: true,
      id: true,
      displayName: true,
      userPrincipalName: true,
      deletedAt: true,
      tenant: { select: { name: true } },
    },
    orderBy: [{ tenantId: 'asc' }, { id: 'asc' }],
    take: FOUND_MAX,
  });
  if (users.length === 0) return fail({ code: 'not-found', entity: 'user' });
  const found: FoundPerson[] = [];
  for (const user of users) {
    found.push({
      tenantId: TenantId.parse(user.tenantId),
      id: user.id,
      tenantName: user.tenant.name,
      displayName: user.displayName,
      userPrincipalName: user.userPrincipalName,
      isDeleted: user.deletedAt !== null,
      changes: await prisma.directoryUserChange.count({
        where: { tenantId: user.tenantId, id: user.id, tenant },
      }),
    });
  }
  return ok(found);
}

/**
 * Erases what a tenant's data has of a person, and keeps the object ID alone, by which imports leave them out. Cannot be
 * taken back, but for the import. Problems: forbidden; not-found.
 */
export async function erasePerson(ctx: Ctx, { tenantId, id }: PersonInTenant): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'data-settings.change');
  if (denied) return denied;
  return ctx.database.prisma.$transaction(async (tx) => {
    const tenant = { organizationId: organizationOf(ctx), removedAt: null };
    const user = await tx.directoryUser.findFirst({ where: { tenantId, id, tenant }, select: { id: true } });
    if (!user) return fail({ code: 'not-found', entity: 'user' });
    const { actor } = ctx;
    const erasedBy = actor.type === 'member' ? actor.displayName : actor.job;
    await tx.erasedPerson.create({ data: { tenantId, id, erasedAt: ctx.clock(), erasedBy } });
    await tx.directoryUser.deleteMany({ where: { tenantId, id } });
    await tx.directoryUserChange.deleteMany({ where: { tenantId, id } });
    await tx.$executeRaw`
      UPDATE import_page SET user_ids = array_remove(user_ids, ${id}::uuid)
      WHERE tenant_id = ${tenantId}::uuid AND user_ids @> ARRAY[${id}::uuid]`;
    await readAnew(tx, tenantId);
    // Without anything of the person.
    await recordAudit(tx, ctx, { action: 'person.erase', entity: 'tenant', entityId: tenantId });
    return ok(undefined);
  });
}

/** Lets imports bring somebody again who was erased. Problems: forbidden; not-found. */
export async function allowImportAgain(
  ctx: Ctx,
  { tenantId, id }: PersonInTenant,
): Promise<Result<undefined>> {
  const denied = deny(ctx.actor, 'data-settings.change');
  if (denied) return denied;
  return ctx.database.prisma.$transaction(async (tx) => {
    const tenant = { organizationId: organizationOf(ctx), removedAt: null };
    const { count } = await tx.erasedPerson.deleteMany({ where: { tenantId, id, tenant } });
    if (count === 0) return fail({ code: 'not-found', entity: 'user' });
    await readAnew(tx, tenantId);
    await recordAudit(tx, ctx, { action: 'person.allow-import', entity: 'tenant', entityId: tenantId });
    return ok(undefined);
  });
}

/** Has the next import read the whole directory, since what changed does not tell of the person, and count anew. */
async function readAnew(tx: Transaction, tenantId: TenantId): Promise<void> {
  await tx.directorySync.updateMany({ where: { tenantId }, data: { usersDeltaLink: null } });
  await tx.tenant.update({ where: { id: tenantId }, data: { figuresUntil: null }, select: { id: true } });
}
