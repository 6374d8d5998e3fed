import type pg from 'pg';
import { z } from 'zod';
import {
  columnOf,
  emptyValue,
  importedFields,
  type SwitchableField,
  switchableFields,
} from '../../fields.ts';
import type { Lease } from '../../lease.ts';

/** What of a directory's users is imported. */
export type UserScope = {
  /** What is asked for of each user, by Microsoft's names, the manager included. */
  readonly fields: readonly string[];
  readonly switchedOff: readonly SwitchableField[];
  /** Ids of those whose data was erased on request. */
  readonly erased: ReadonlySet<string>;
  /** Columns that differ because the organization chose other fields, not because the directory changed. */
  readonly reselected: readonly string[];
};

const Row = z.object({
  switched_off_fields: z.array(z.string()),
  users_fields: z.array(z.string()).nullable(),
  erased: z.array(z.string()),
});

/** Reads what of the users is to be imported, as the organization has set it now. */
export async function readUserScope(
  connection: Pick<pg.Pool, 'query'> | pg.PoolClient,
  { tenantId }: Lease,
): Promise<UserScope> {
  const { rows } = await connection.query(
    `SELECT o.switched_off_fields, sync.users_fields,
            ARRAY(SELECT id::text FROM erased_person WHERE tenant_id = t.id) AS erased
     FROM tenant t JOIN organization o ON o.id = t.organization_id LEFT JOIN directory_sync sync ON sync.tenant_id = t.id
     WHERE t.id = $1`,
    [tenantId],
  );
  const row = Row.parse(rows[0]);
  const switchedOff = switchableFields(row.switched_off_fields);
  const fields = importedFields(switchedOff);
  // Where it is not known what was asked for last time, it was everything.
  const before = row.users_fields?.length ? row.users_fields : importedFields([]);
  const differing = [
    ...fields.filter((field) => !before.includes(field)),
    ...before.filter((field) => !fields.includes(field)),
  ];
  return {
    fields,
    switchedOff,
    erased: new Set(row.erased),
    reselected: switchableFields(differing).map(columnOf),
  };
}

/**
 * The users of a page that may be kept, without what is switched off, should Microsoft send it nevertheless. `leftOut`
 * has the ids of those whose data was erased on request: they are in the directory, and not in the portal.
 */
export function withinScope<User extends { readonly id: string }>(
  users: readonly User[],
  { erased, switchedOff }: Pick<UserScope, 'erased' | 'switchedOff'>,
): { readonly users: readonly User[]; readonly leftOut: readonly string[] } {
  const kept = erased.size === 0 ? users : users.filter(({ id }) => !erased.has(id));
  const leftOut = kept === users ? [] : users.map(({ id }) => id).filter((id) => erased.has(id));
  if (switchedOff.length === 0) return { users: kept, leftOut };
  const nothing = Object.fromEntries(switchedOff.map((field) => [field, emptyValue(field)]));
  return { users: kept.map((user) => ({ ...user, ...nothing })), leftOut };
}
