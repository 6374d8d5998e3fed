import type pg from 'pg';
import { FENCE, type Lease, LeaseLost, leaseKeys } from '../../lease.ts';
import type { EncodedUser } from './map.ts';

/** The columns of a user's row that come from Microsoft, with their types: those of UserRow and the hash. */
const COLUMNS = {
  id: 'uuid',
  display_name: 'text',
  company_name: 'text',
  department: 'text',
  mail: 'text',
  given_name: 'text',
  surname: 'text',
  job_title: 'text',
  state: 'text',
  postal_code: 'text',
  street_address: 'text',
  city: 'text',
  preferred_language: 'text',
  usage_location: 'text',
  user_principal_name: 'text',
  office_location: 'text',
  on_premises_extension_attributes: 'text',
  country: 'text',
  user_type: 'text',
  account_enabled: 'boolean',
  created_date_time: 'timestamptz',
  manager_id: 'uuid',
  sku_ids: 'uuid[]',
  license_assignments: 'jsonb',
  content_hash: 'bytea',
} as const;

const names = Object.keys(COLUMNS);
const recordColumns = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`);
const newValues = names.map((name) => `new.${name}`);
const updates = names.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`);

/**
 * The users that differ, and the ids of all of the page, in one statement: both are there or neither is. Nothing
 * happens unless the run is ours.
 */
const WRITE_PAGE = `
WITH ${FENCE},
written AS (
  INSERT INTO directory_user AS kept (tenant_id, imported_at, ${names.join(', ')})
  SELECT $1::uuid, $4::timestamptz, ${newValues.join(', ')}
  FROM fence, jsonb_to_recordset($5::jsonb) AS new(${recordColumns.join(', ')})
  ON CONFLICT (tenant_id, id) DO UPDATE
  SET imported_at = excluded.imported_at, deleted_at = NULL, ${updates.join(', ')}
  WHERE kept.content_hash <> excluded.content_hash OR kept.deleted_at IS NOT NULL
  RETURNING 1
),
page AS (
  INSERT INTO import_page (tenant_id, run_id, page_no, user_ids)
  SELECT $1::uuid, $2::uuid, $6::int, $7::uuid[] FROM fence
  ON CONFLICT (tenant_id, run_id, page_no) DO UPDATE SET user_ids = excluded.user_ids
)
SELECT (SELECT count(*)::int FROM fence) AS held, (SELECT count(*)::int FROM written) AS written`;

export type UserPageWrite = {
  readonly importedAt: Date;
  /** From 1. */
  readonly pageNo: number;
  /** The users of the page, each once. */
  readonly users: readonly EncodedUser[];
  /** Asks first which users differ from what is kept, so that the others need not travel. */
  readonly compares: boolean;
};

/**
 * Writes a page of users: new ones, changed ones and those that had been retired; the others are not touched.
 * Returns how many were written. Writing a page again does no harm. Throws LeaseLost.
 */
export async function writeUserPage(pool: pg.Pool, lease: Lease, page: UserPageWrite): Promise<number> {
  const { importedAt, pageNo, users, compares } = page;
  const candidates = compares ? await differingUsers(pool, lease, users) : users;
  const { rows } = await pool.query<{ held: number; written: number }>(WRITE_PAGE, [
    ...leaseKeys(lease),
    importedAt,
    `[${candidates.map(({ json }) => json).join(',')}]`,
    pageNo,
    users.map(({ id }) => id),
  ]);
  if (!rows[0]?.held) throw new LeaseLost();
  return rows[0].written;
}

/** The users that are new, changed or retired. */
async function differingUsers(
  pool: pg.Pool,
  { tenantId }: Lease,
  users: readonly EncodedUser[],
): Promise<readonly EncodedUser[]> {
  const { rows } = await pool.query<{ id: string }>(
    // LATERAL with OFFSET looks each user up by the key. Joined freely, PostgreSQL may read the whole table for each
    // page, as long as it knows nothing about its size: the embedded one never does.
    `SELECT new.id FROM unnest($2::uuid[], $3::text[]) AS new(id, content_hash), LATERAL (
       SELECT content_hash FROM directory_user WHERE tenant_id = $1 AND id = new.id AND deleted_at IS NULL OFFSET 0
     ) AS kept
     WHERE kept.content_hash = decode(new.content_hash, 'hex')`,
    [tenantId, users.map(({ id }) => id), users.map(({ contentHash }) => contentHash)],
  );
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

/** Forgets the pages after `pageNo`: they are read again. Throws LeaseLost. */
export async function forgetPagesAfter(pool: pg.Pool, lease: Lease, pageNo: number): Promise<void> {
  const { rows } = await pool.query<{ held: number }>(
    `WITH ${FENCE},
     gone AS (DELETE FROM import_page USING fence WHERE tenant_id = $1 AND run_id = $2 AND page_no > $4)
     SELECT count(*)::int AS held FROM fence`,
    [...leaseKeys(lease), pageNo],
  );
  if (!rows[0]?.held) throw new LeaseLost();
}

/** How many different users the run's pages have. */
export async function countReadUsers(pool: pg.Pool, { tenantId, runId }: Lease): Promise<number> {
  const { rows } = await pool.query<{ users: number }>(
    `SELECT count(DISTINCT id)::int AS users FROM import_page, unnest(user_ids) AS id
     WHERE tenant_id = $1 AND run_id = $2`,
    [tenantId, runId],
  );
  return rows[0]?.users ?? 0;
}

/**
 * Marks the users deleted that are on none of the run's pages; right only after a complete read. Returns how many.
 * NOT IN makes one hash table of all ids. For NOT EXISTS, PostgreSQL, which takes an array to have ten members, chooses
 * to walk through all pages for each user.
 */
export async function retireUnreadUsers(
  client: pg.PoolClient,
  { tenantId, runId }: Lease,
  now: Date,
): Promise<number> {
  const { rowCount } = await client.query(
    `UPDATE directory_user SET deleted_at = $3
     WHERE tenant_id = $1 AND deleted_at IS NULL AND id NOT IN (
       SELECT read.id FROM import_page page, unnest(page.user_ids) AS read(id)
       WHERE page.tenant_id = $1 AND page.run_id = $2)`,
    [tenantId, runId, now],
  );
  return rowCount ?? 0;
}

/** Deletes the pages of a run whose users are settled. */
export async function deletePages(client: pg.PoolClient, { tenantId, runId }: Lease): Promise<void> {
  await client.query('DELETE FROM import_page WHERE tenant_id = $1 AND run_id = $2', [tenantId, runId]);
}
