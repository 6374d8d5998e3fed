import type pg from 'pg';
import { z } from 'zod';
import type { TenantId } from '#lib/core/ids.ts';
import { type HashedUser, hashRow, type UserRow } from './map.ts';

/** In the order of the members that hashes are made of; the database keeps them in another one. */
export const StoredAssignments = z.array(
  z.object({
    skuId: z.string(),
    disabledPlans: z.array(z.string()),
    assignedByGroup: z.string().nullable(),
    state: z.string().nullable(),
    error: z.string().nullable(),
  }),
);

type Stored = Omit<UserRow, 'created_date_time' | 'license_assignments'> & {
  readonly created_date_time: Date | null;
  readonly license_assignments: unknown;
};

/** A user's row as it was mapped before it was stored, so that it has the same hash again. */
export const readUserRow = (row: Stored): UserRow => ({
  id: row.id,
  display_name: row.display_name,
  company_name: row.company_name,
  department: row.department,
  mail: row.mail,
  given_name: row.given_name,
  surname: row.surname,
  job_title: row.job_title,
  state: row.state,
  postal_code: row.postal_code,
  street_address: row.street_address,
  city: row.city,
  preferred_language: row.preferred_language,
  usage_location: row.usage_location,
  user_principal_name: row.user_principal_name,
  office_location: row.office_location,
  on_premises_extension_attributes: row.on_premises_extension_attributes,
  country: row.country,
  user_type: row.user_type,
  account_enabled: row.account_enabled,
  created_date_time: row.created_date_time?.toISOString() ?? null,
  manager_id: row.manager_id,
  sku_ids: row.sku_ids,
  license_assignments: StoredAssignments.parse(row.license_assignments),
});

/** As many users as are held at a time. */
const REPORTS_MAX = 1000;

/**
 * Users who are kept with one of these as their manager, with none instead; at most a thousand of them. Those who are
 * among these themselves are left out.
 */
export async function withoutManagers(
  pool: pg.Pool,
  tenantId: TenantId,
  managers: readonly string[],
): Promise<HashedUser[]> {
  if (managers.length === 0) return [];
  const { rows } = await pool.query<Stored>(
    `SELECT *, sku_ids::text[] AS sku_ids FROM directory_user
     WHERE tenant_id = $1 AND manager_id = ANY($2::uuid[]) AND deleted_at IS NULL AND id <> ALL($2::uuid[])
     ORDER BY id LIMIT ${REPORTS_MAX}`,
    [tenantId, managers],
  );
  return rows.map((row) => hashRow({ ...readUserRow(row), manager_id: null }));
}
