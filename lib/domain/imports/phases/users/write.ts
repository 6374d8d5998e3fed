import type pg from 'pg';
import { arrayLiteral } from '#lib/db/array-literal.ts';
import { FENCE, type Lease, LeaseLost, leaseKeys } from '../../lease.ts';
import { changesOfWritten, MOMENT, oldUsers } from './changes.ts';
import type { HashedUser, UserRow } from './map.ts';

type Value = string | boolean | null;
/** A column's type, how the value of a user travels, and what it is cast to if its type has no arrays of its own. */
type Column = readonly [type: string, value: (user: HashedUser) => Value, cast?: string];

const asItIs = (name: Exclude<keyof UserRow, 'sku_ids' | 'license_assignments'>, type = 'text'): Column => [
  type,
  ({ row }) => row[name],
];

/** The columns of a user's row that come from Microsoft: those of UserRow, and the hash. */
const COLUMNS: Readonly<Record<keyof UserRow | 'content_hash', Column>> = {
  id: asItIs('id', 'uuid'),
  display_name: asItIs('display_name'),
  company_name: asItIs('company_name'),
  department: asItIs('department'),
  mail: asItIs('mail'),
  given_name: asItIs('given_name'),
  surname: asItIs('surname'),
  job_title: asItIs('job_title'),
  state: asItIs('state'),
  postal_code: asItIs('postal_code'),
  street_address: asItIs('street_address'),
  city: asItIs('city'),
  preferred_language: asItIs('preferred_language'),
  usage_location: asItIs('usage_location'),
  user_principal_name: asItIs('user_principal_name'),
  office_location: asItIs('office_location'),
  on_premises_extension_attributes: asItIs('on_premises_extension_attributes'),
  country: asItIs('country'),
  user_type: asItIs('user_type'),
  account_enabled: asItIs('account_enabled', 'boolean'),
  created_date_time: asItIs('created_date_time', 'timestamptz'),
  manager_id: asItIs('manager_id', 'uuid'),
  // unnest would take an array of arrays apart down to its elements.
  sku_ids: ['text', ({ row }) => `{${row.sku_ids.join(',')}}`, 'uuid[]'],
  license_assignments: ['jsonb', ({ row }) => JSON.stringify(row.license_assignments)],
  content_hash: ['bytea', ({ contentHash }) => `\\x${contentHash}`],
};

const names = Object.keys(COLUMNS);
const columns = Object.values(COLUMNS);
const FIRST_COLUMN_PARAMETER = 8;
const columnArrays = columns.map(([type], n) => `$${FIRST_COLUMN_PARAMETER + n}::${type}[]`);
const newValues = Object.entries(COLUMNS).map(
  ([name, [, , cast]]) => `new.${name}${cast ? `::${cast}` : ''}`,
);
const updates = names.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`);

/**
 * The users that differ, what they were until now, and the ids of all of the page, in one statement: all are there or
 * none is. Nothing happens unless the run is ours.
 */
const writePage = (leavesChanges: boolean): string => `
WITH ${FENCE},
${leavesChanges ? oldUsers(`$${FIRST_COLUMN_PARAMETER}::uuid[]`) : ''}
written AS (
  INSERT INTO directory_user AS kept (tenant_id, imported_at, ${names.join(', ')})
  SELECT $1::uuid, $4::timestamptz, ${newValues.join(', ')}
  FROM fence, unnest(${columnArrays.join(', ')}) AS new(${names.join(', ')})
  ON CONFLICT (tenant_id, id) DO UPDATE
  SET imported_at = greatest(excluded.imported_at, kept.imported_at + ${MOMENT}, kept.deleted_at + ${MOMENT}),
      deleted_at = NULL, ${updates.join(', ')}
  WHERE kept.content_hash <> excluded.content_hash OR kept.deleted_at IS NOT NULL
  RETURNING ${leavesChanges ? 'kept.*' : '1'}
),
${leavesChanges ? changesOfWritten(`$${FIRST_COLUMN_PARAMETER + names.length}::text[]`) : ''}
page AS (
  INSERT INTO import_page (tenant_id, run_id, range_no, page_no, user_ids)
  SELECT $1::uuid, $2::uuid, $7::int, $5::int, $6::uuid[] FROM fence
  ON CONFLICT (tenant_id, run_id, range_no, page_no) DO UPDATE SET user_ids = excluded.user_ids
)
SELECT (SELECT count(*)::int FROM fence) AS held, (SELECT count(*)::int FROM written) AS written`;

const WRITE_PAGE = writePage(false);
const WRITE_PAGE_AND_CHANGES = writePage(true);

export type UserPageWrite = {
  readonly importedAt: Date;
  /** The range of the read that the page is of; 0 for a read that is not divided. */
  readonly rangeNo?: number;
  /** Within its range, from 1. */
  readonly pageNo: number;
  /** The users of the page, each once. */
  readonly users: readonly HashedUser[];
  /** Ids of rows that were read and are not kept: Microsoft counts them. */
  readonly leftOut?: readonly string[];
  /** Asks first which users differ from what is kept, so that the others need not travel. */
  readonly compares: boolean;
  /** Keeps what the users were until now; see `leavesChanges`. */
  readonly leavesChanges: boolean;
  /** Columns that differ because the organization chose other fields. */
  readonly reselected: readonly string[];
};

/**
 * Writes a page of users: new ones, changed ones and those that had been retired; the others are not touched.
 * Returns how many were written. Writing a page again does no harm. Throws LeaseLost.
 */
export async function writeUserPage(pool: pg.Pool, lease: Lease, page: UserPageWrite): Promise<number> {
  const { importedAt, rangeNo = 0, pageNo, users, leftOut = [], compares, leavesChanges, reselected } = page;
  const candidates = compares ? await differingUsers(pool, lease, users) : users;
  const { rows } = await pool.query<{ held: number; written: number }>(
    leavesChanges ? WRITE_PAGE_AND_CHANGES : WRITE_PAGE,
    [
      ...leaseKeys(lease),
      importedAt,
      pageNo,
      [...users.map(({ id }) => id), ...leftOut],
      rangeNo,
      ...columns.map(([, value]) => arrayLiteral(candidates, value)),
      ...(leavesChanges ? [reselected] : []),
    ],
  );
  if (!rows[0]?.held) throw new LeaseLost();
  return rows[0].written;
}

/**
 * The users of a page that are kept as they are. "The first one from this key on" can be answered by the primary key
 * only. Asked for a user's key itself, or by a free join, PostgreSQL reads the whole tenant for each user as long as it
 * knows nothing of the tenant's size, since every index that begins with the tenant looks equally good then.
 */
export const FIND_UNCHANGED = `
SELECT new.id
FROM unnest($2::uuid[], $3::text[]) AS new(id, content_hash), LATERAL (
  SELECT tenant_id, id, content_hash, deleted_at FROM directory_user
  WHERE (tenant_id, id) >= ($1::uuid, new.id) ORDER BY tenant_id, id LIMIT 1
) AS kept
WHERE kept.tenant_id = $1 AND kept.id = new.id AND kept.deleted_at IS NULL
  AND kept.content_hash = decode(new.content_hash, 'hex')`;

/** The users that are new, changed or retired. */
async function differingUsers(
  pool: pg.Pool,
  { tenantId }: Lease,
  users: readonly HashedUser[],
): Promise<readonly HashedUser[]> {
  const { rows } = await pool.query<{ id: string }>(FIND_UNCHANGED, [
    tenantId,
    users.map(({ id }) => id),
    users.map(({ contentHash }) => contentHash),
  ]);
  if (rows.length === 0) return users;
  const same = new Set(rows.map(({ id }) => id));
  return users.filter(({ id }) => !same.has(id));
}

/** Whether users of the tenant are kept at all, so that asking which of them differ is worth it. */
export async function hasUsers(pool: pg.Pool, { tenantId }: Lease): Promise<boolean> {
  const { rows } = await pool.query<{ has: boolean }>(
    'SELECT EXISTS (SELECT 1 FROM directory_user WHERE tenant_id = $1) AS has',
    [tenantId],
  );
  return rows[0]?.has === true;
}

/** Forgets all pages but those written of the ranges: the others are read again. Throws LeaseLost. */
export async function forgetPagesAfter(
  pool: pg.Pool,
  lease: Lease,
  ranges: readonly { readonly no: number; readonly pages: number }[],
): Promise<void> {
  const { rows } = await pool.query<{ held: number }>(
    `WITH ${FENCE},
     gone AS (
       DELETE FROM import_page page USING fence
       WHERE tenant_id = $1 AND run_id = $2 AND NOT EXISTS (
         SELECT FROM unnest($4::int[], $5::int[]) AS read(range_no, pages)
         WHERE read.range_no = page.range_no AND page.page_no <= read.pages))
     SELECT count(*)::int AS held FROM fence`,
    [...leaseKeys(lease), ranges.map(({ no }) => no), ranges.map(({ pages }) => pages)],
  );
  if (!rows[0]?.held) throw new LeaseLost();
}

/** How many different rows the run's pages have, those that are not kept included. */
export async function countReadRows(pool: pg.Pool, { tenantId, runId }: Lease): Promise<number> {
  const { rows } = await pool.query<{ read: number }>(
    `SELECT count(DISTINCT id)::int AS read FROM import_page, unnest(user_ids) AS id
     WHERE tenant_id = $1 AND run_id = $2`,
    [tenantId, runId],
  );
  return rows[0]?.read ?? 0;
}

/** How many different rows of the run's pages are no users of ours. */
export async function countRowsLeftOut(pool: pg.Pool, { tenantId, runId }: Lease): Promise<number> {
  const { rows } = await pool.query<{ left_out: number }>(
    `SELECT count(DISTINCT read.id)::int AS left_out FROM import_page page, unnest(page.user_ids) AS read(id)
     WHERE page.tenant_id = $1 AND page.run_id = $2 AND read.id NOT IN (
       SELECT id FROM directory_user WHERE tenant_id = $1)`,
    [tenantId, runId],
  );
  return rows[0]?.left_out ?? 0;
}

/**
 * A number over all users that are kept as present, whatever their order: equal for equal contents, of two reads or of
 * two databases. Each row's hash covers its id.
 */
export async function checksumOfUsers(client: pg.PoolClient, { tenantId }: Lease): Promise<string> {
  const { rows } = await client.query<{ checksum: string | null }>(
    `SELECT to_hex(bit_xor(('x' || encode(substring(content_hash FROM 1 FOR 8), 'hex'))::bit(64)::bigint)) AS checksum
     FROM directory_user WHERE tenant_id = $1 AND deleted_at IS NULL`,
    [tenantId],
  );
  return (rows[0]?.checksum ?? '').padStart(16, '0');
}

/** Deletes the pages of a run whose users are settled. */
export async function deletePages(client: pg.PoolClient, { tenantId, runId }: Lease): Promise<void> {
  await client.query('DELETE FROM import_page WHERE tenant_id = $1 AND run_id = $2', [tenantId, runId]);
}
