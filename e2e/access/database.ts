import { createDatabase, type Database } from '#lib/db/database.ts';
import { embeddedSocketFolder } from '#lib/db/target.ts';
import { createLog } from '#lib/log/log.ts';

/** The database of the tested portal, behind its back. */
export function openDatabase(dataDir: string): Database {
  const target = { type: 'embedded', socketFolder: embeddedSocketFolder(dataDir) } as const;
  return createDatabase(target, createLog({ level: 'silent' }), 2);
}

/** By which of its columns a row of a table belongs to an organization, best first. */
const BELONGING: readonly (readonly [column: string, condition: string])[] = [
  ['organization_id', 'organization_id = ANY($1)'],
  ['tenant_id', 'tenant_id IN (SELECT id FROM tenant WHERE organization_id = ANY($1))'],
  ['flow_id', 'flow_id IN (SELECT id FROM consent_flow WHERE organization_id = ANY($1))'],
];
const OF_ITS_OWN: Readonly<Record<string, string>> = {
  organization: 'id = ANY($1)',
  person: 'id IN (SELECT person_id FROM member WHERE organization_id = ANY($1))',
};
/** Tables that hold nothing of an organization's. */
const OF_NOBODY = new Set(['worker_heartbeat', 'limit_counter', 'service_budget', '_prisma_migrations']);

/** Every row that belongs to the organizations whose ids begin with the marks, and the jobs for them. */
export async function rowsOf(
  { pool }: Database,
  marks: readonly string[],
): Promise<Record<string, readonly string[]>> {
  const organizations = await pool.query<{ id: string }>(
    `SELECT id FROM organization WHERE left(id::text, 8) = ANY($1)`,
    [marks],
  );
  const ids = organizations.rows.map(({ id }) => id);
  const tables = await pool.query<{ name: string; columns: string[] }>(
    `SELECT t.table_name AS name, array_agg(c.column_name::text) AS columns
       FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
      WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' GROUP BY 1 ORDER BY 1`,
  );
  const dump: Record<string, readonly string[]> = {};
  for (const { name, columns } of tables.rows.filter((table) => !OF_NOBODY.has(table.name))) {
    const condition = OF_ITS_OWN[name] ?? BELONGING.find(([column]) => columns.includes(column))?.[1];
    if (!condition)
      throw new Error(`e2e/access/database.ts does not know whose the rows of the table ${name} are.`);
    const { rows } = await pool.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM "${name}" t WHERE ${condition} ORDER BY 1`,
      [ids],
    );
    dump[name] = rows.map(({ row }) => row);
  }
  const jobs = await pool.query<{ row: string }>(
    `SELECT name || ' ' || data::text AS row FROM pgboss.job WHERE data ->> 'organizationId' = ANY($1) ORDER BY 1`,
    [ids],
  );
  return { ...dump, jobs: jobs.rows.map(({ row }) => row) };
}
