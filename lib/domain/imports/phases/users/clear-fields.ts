import type pg from 'pg';
import type { TenantId } from '#lib/core/ids.ts';
import { columnOf, emptyValue, type SwitchableField } from '../../fields.ts';

/** Of these there are figures. */
const FIGURED: readonly SwitchableField[] = ['department', 'country', 'companyName'];

/**
 * Erases what is kept of fields that were switched off, but for the rows of users who are in the directory: those are
 * written anew by the next import. What is empty already is not written.
 */
export async function clearFields(
  connection: Pick<pg.Pool, 'query'> | pg.PoolClient,
  tenantId: TenantId,
  fields: readonly SwitchableField[],
): Promise<void> {
  if (fields.length === 0) return;
  const nothing = Object.fromEntries(fields.map((field) => [columnOf(field), emptyValue(field)]));
  await connection.query(
    `UPDATE directory_user_change SET before = before || $2::jsonb
     WHERE tenant_id = $1 AND before IS NOT NULL AND NOT before @> $2::jsonb`,
    [tenantId, JSON.stringify(nothing)],
  );
  const empty = fields.map((field) => {
    const column = columnOf(field);
    return emptyValue(field) === null ? ([column, 'NULL'] as const) : ([column, `'[]'::jsonb`] as const);
  });
  await connection.query(
    `UPDATE directory_user SET ${empty.map(([column, value]) => `${column} = ${value}`).join(', ')}
     WHERE tenant_id = $1 AND deleted_at IS NOT NULL
       AND (${empty.map(([column, value]) => `${column} IS DISTINCT FROM ${value}`).join(' OR ')})`,
    [tenantId],
  );
  const dimensions = fields
    .filter((field) => FIGURED.includes(field))
    .map((field) => columnOf(field).split('_')[0]);
  await connection.query('DELETE FROM licence_figure WHERE tenant_id = $1 AND dimension = ANY($2)', [
    tenantId,
    dimensions,
  ]);
}
