import type { TenantId } from '#lib/core/ids.ts';
import type { Transaction } from '#lib/db/database.ts';

/** A role that this portal gave our service principal in a tenant. */
export type OwnRole = {
  readonly tenantId: TenantId;
  /** ARM path: a subscription or a management group. */
  readonly roleScope: string;
  /** The GUID that names it, from `roleAssignmentName`. */
  readonly name: string;
  readonly roleDefinitionId: string;
  readonly principalId: string;
};

type Db = Pick<Transaction, 'roleAssignment'>;

/**
 * Remembers that the portal gave a role, which is what allows it to take the role back. Only for assignments that
 * Azure knows under our name (`AssignedRole.isOurs`): others are not ours to remove.
 */
export async function recordRole(db: Db, now: Date, role: OwnRole): Promise<void> {
  const { tenantId, name, roleDefinitionId, principalId } = role;
  await db.roleAssignment.createMany({
    data: [
      {
        tenantId,
        roleScope: role.roleScope.toLowerCase(),
        name,
        roleDefinitionId,
        principalId,
        createdAt: now,
      },
    ],
    skipDuplicates: true,
  });
}

/** Forgets a role that Azure no longer has. */
export async function forgetRole(
  db: Db,
  { tenantId, roleScope, name }: Pick<OwnRole, 'tenantId' | 'roleScope' | 'name'>,
): Promise<void> {
  await db.roleAssignment.deleteMany({ where: { tenantId, roleScope: roleScope.toLowerCase(), name } });
}

/** What the portal has given in a tenant, as lower-case `scope/name`; and what of it another connection has, too. */
export type OwnRoles = {
  readonly own: ReadonlySet<string>;
  /**
   * Two organizations may have connected one directory; their service principal, and so the assignment, is the same.
   * What one of them takes back, the other would lose.
   */
  readonly shared: ReadonlySet<string>;
};

export const roleKey = (roleScope: string, name: string): string => `${roleScope}/${name}`.toLowerCase();

/** Reads the record for some scopes. */
export async function ownRoles(db: Db, tenantId: TenantId, roleScopes: readonly string[]): Promise<OwnRoles> {
  const rows = await db.roleAssignment.findMany({
    where: { roleScope: { in: roleScopes.map((scope) => scope.toLowerCase()) } },
    select: { tenantId: true, roleScope: true, name: true },
  });
  const keys = (wanted: (row: (typeof rows)[number]) => boolean) =>
    new Set(rows.filter(wanted).map(({ roleScope, name }) => roleKey(roleScope, name)));
  return {
    own: keys((row) => row.tenantId === tenantId),
    shared: keys((row) => row.tenantId !== tenantId),
  };
}
