import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';
import type { LicenceErrorRow, LicensedGroupRow } from './map.ts';

const GROUP_VALUES = ['display_name', 'sku_ids', 'is_dynamic', 'processing_state', 'members_with_errors'];
const groupColumns = (table: string) => GROUP_VALUES.map((name) => `${table}.${name}`).join(', ');

const WRITE_GROUPS = `
WITH new AS (
  SELECT id, display_name, ARRAY(SELECT json_array_elements_text(skus))::uuid[] AS sku_ids, is_dynamic,
         processing_state, members_with_errors
  FROM json_to_recordset($2::json) AS row(
    id uuid, display_name text, skus json, is_dynamic boolean, processing_state text, members_with_errors int)
),
gone AS (
  DELETE FROM licensed_group WHERE tenant_id = $1 AND id NOT IN (SELECT id FROM new)
  RETURNING 1
),
written AS (
  INSERT INTO licensed_group AS kept (tenant_id, id, imported_at, ${GROUP_VALUES.join(', ')})
  SELECT $1::uuid, id, $3::timestamptz, ${GROUP_VALUES.join(', ')} FROM new
  ON CONFLICT (tenant_id, id) DO UPDATE
  SET imported_at = excluded.imported_at, ${GROUP_VALUES.map((name) => `${name} = excluded.${name}`).join(', ')}
  WHERE (${groupColumns('kept')}) IS DISTINCT FROM (${groupColumns('excluded')})
  RETURNING 1
)
SELECT (SELECT count(*)::int FROM written) AS written, (SELECT count(*)::int FROM gone) AS retired`;

// A member whom the import has not seen yet has no row to refer to; the error comes with the next run.
const WRITE_ERRORS = `
WITH new AS (
  SELECT row.* FROM json_to_recordset($2::json) AS row(
    group_id uuid, user_id uuid, sku_id uuid, state text, error text)
  JOIN directory_user person ON person.tenant_id = $1 AND person.id = row.user_id
),
gone AS (
  DELETE FROM licence_error kept
  WHERE tenant_id = $1 AND group_id = ANY($3::uuid[]) AND NOT EXISTS (
    SELECT 1 FROM new
    WHERE new.group_id = kept.group_id AND new.user_id = kept.user_id AND new.sku_id = kept.sku_id)
)
INSERT INTO licence_error AS kept (tenant_id, group_id, user_id, sku_id, state, error)
SELECT $1::uuid, group_id, user_id, sku_id, state, error FROM new
ON CONFLICT (tenant_id, group_id, user_id, sku_id) DO UPDATE SET state = excluded.state, error = excluded.error
WHERE (kept.state, kept.error) IS DISTINCT FROM (excluded.state, excluded.error)`;

export type GroupsWrite = {
  /** All groups that give licences. */
  readonly groups: readonly LicensedGroupRow[];
  /** Undefined where they are not to be kept. */
  readonly errors: readonly LicenceErrorRow[] | undefined;
  readonly importedAt: Date;
};

/**
 * Makes a complete list of groups the one that is kept, with the errors of those whose members are known: writes what
 * is new or differs, deletes what vanished, and touches nothing else. Runs in the transaction that holds the lease.
 */
export async function writeGroups(
  client: pg.PoolClient,
  tenantId: TenantId,
  { groups, errors, importedAt }: GroupsWrite,
): Promise<{ written: number; retired: number }> {
  const { rows } = await client.query<{ written: number; retired: number }>(WRITE_GROUPS, [
    tenantId,
    JSON.stringify(groups.map(({ sku_ids, ...group }) => ({ ...group, skus: sku_ids }))),
    importedAt,
  ]);
  const known = groups.filter((group) => !errors || group.members_with_errors !== null).map(({ id }) => id);
  await client.query(WRITE_ERRORS, [tenantId, JSON.stringify(errors ?? []), known]);
  return rows[0] ?? { written: 0, retired: 0 };
}

/** Users with an error that an earlier run noted. */
export async function usersWithErrors(pool: pg.Pool, tenantId: TenantId): Promise<string[]> {
  const { rows } = await pool.query<{ user_id: string }>(
    'SELECT DISTINCT user_id FROM licence_error WHERE tenant_id = $1',
    [tenantId],
  );
  return rows.map((row) => row.user_id);
}
