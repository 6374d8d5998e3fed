import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';

/** How a directory is kept in step with Microsoft. */
export type DirectorySync = {
  /** Where the next incremental read begins. Opaque, and as secret as what it leads to: never logged. */
  readonly deltaLink: string | null;
  /** When that link was made. */
  readonly deltaAt: Date | null;
  /** The fields that it tells of. */
  readonly fields: readonly string[];
  /** When a full read was proven complete last. */
  readonly fullReadAt: Date | null;
  /** Rows that are no people, at that time. */
  readonly leftOut: number;
  /** Full reads in ranges, one after the other, whose sum did not match. */
  readonly mismatches: number;
};

type Row = {
  users_delta_link: string | null;
  users_delta_at: Date | null;
  users_fields: string[];
  full_read_at: Date | null;
  left_out: number;
  mismatches: number;
};

/** Undefined for a directory of which nothing was ever read completely. */
export async function readDirectorySync(
  pool: pg.Pool,
  tenantId: TenantId,
): Promise<DirectorySync | undefined> {
  const { rows } = await pool.query<Row>(
    `SELECT users_delta_link, users_delta_at, users_fields, full_read_at, left_out, mismatches
     FROM directory_sync WHERE tenant_id = $1`,
    [tenantId],
  );
  const [row] = rows;
  return (
    row && {
      deltaLink: row.users_delta_link,
      deltaAt: row.users_delta_at,
      fields: row.users_fields,
      fullReadAt: row.full_read_at,
      leftOut: row.left_out,
      mismatches: row.mismatches,
    }
  );
}

export type DeltaLink = {
  /** Null where there is none. */
  readonly deltaLink: string | null;
  /** When it was made. */
  readonly linkedAt: Date;
  /** What was asked for of each user. */
  readonly fields: readonly string[];
};

/**
 * Keeps where the next incremental read begins. In the transaction that ends the phase: what the link leaves behind
 * must be in the database as well.
 */
export async function keepDeltaLink(
  client: pg.PoolClient,
  tenantId: TenantId,
  { deltaLink, linkedAt, fields }: DeltaLink,
): Promise<void> {
  await client.query(
    `INSERT INTO directory_sync (tenant_id, users_delta_link, users_delta_at, users_fields) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id) DO UPDATE
     SET users_delta_link = excluded.users_delta_link, users_delta_at = excluded.users_delta_at,
         users_fields = excluded.users_fields`,
    [tenantId, deltaLink, deltaLink === null ? null : linkedAt, fields],
  );
}
