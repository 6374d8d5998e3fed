import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';

/**
 * Erases what is kept of the people whose data was erased on request: a run that was under way then may have written
 * them once more. Their ids go from its pages too. Returns how many rows there were.
 */
export async function erasePersons(client: pg.PoolClient, tenantId: TenantId): Promise<number> {
  const { rows } = await client.query<{ erased: number }>(
    `WITH person AS MATERIALIZED (SELECT id FROM erased_person WHERE tenant_id = $1),
     users AS (
       DELETE FROM directory_user kept USING person WHERE kept.tenant_id = $1 AND kept.id = person.id RETURNING 1
     ),
     changes AS (
       DELETE FROM directory_user_change kept USING person WHERE kept.tenant_id = $1 AND kept.id = person.id RETURNING 1
     ),
     pages AS (
       UPDATE import_page page
       SET user_ids = ARRAY(SELECT read.id FROM unnest(page.user_ids) AS read(id) WHERE read.id NOT IN (SELECT id FROM person))
       WHERE page.tenant_id = $1 AND page.user_ids && ARRAY(SELECT id FROM person)
     )
     SELECT (SELECT count(*)::int FROM users) + (SELECT count(*)::int FROM changes) AS erased`,
    [tenantId],
  );
  return rows[0]?.erased ?? 0;
}
