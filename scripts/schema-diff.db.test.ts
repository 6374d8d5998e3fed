import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate } from '#lib/db/migrate.ts';
import { type DatabaseTarget, poolConfig } from '#lib/db/target.ts';
import { MIGRATIONS, startBlankDatabase } from '#lib/db/testing.ts';
import { schemaDiff } from './schema-diff.ts';

/** Indexes on expressions or with a condition, which schema.prisma has no words for. */
const BEYOND_PRISMA = [
  'access_change_item_open_key',
  'directory_user_country_idx',
  'directory_user_department_idx',
  'directory_user_enabled_idx',
  'directory_user_name_idx',
  'directory_user_principal_name_idx',
  'directory_user_search_idx',
  'directory_user_sku_ids_idx',
  'directory_user_type_idx',
  'import_run_running_key',
  'licence_figure_now_idx',
  'tenant_connected_key',
];

/** Everything a schema consists of, a line each. */
async function describeSchema(target: DatabaseTarget): Promise<string[]> {
  const client = new pg.Client(poolConfig(target));
  await client.connect();
  const { rows } = await client.query<{ line: string }>(`
    SELECT format('column %s.%s %s null:%s default:%s', table_name, column_name, udt_name || coalesce(datetime_precision::text, ''), is_nullable, column_default) AS line
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT format('constraint %s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    UNION ALL SELECT format('enum %s %s', typname, string_agg(enumlabel, ',' ORDER BY enumsortorder))
      FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY typname
    ORDER BY 1`);
  await client.end();
  return rows.map(({ line }) => line).filter((line) => !line.includes('_prisma_migrations'));
}

test('schema.prisma and the migrations agree', async () => {
  const [drawn, migrated] = await Promise.all([startBlankDatabase(), startBlankDatabase()]);
  try {
    const schema = await readFile(resolve(MIGRATIONS, '../schema.prisma'), 'utf8');
    const sql = await schemaDiff(drawn.target, undefined, schema);
    const client = new pg.Client(poolConfig(drawn.target));
    await client.connect();
    await client.query(sql);
    await client.end();
    await migrate(migrated.target, MIGRATIONS);

    const expected = await describeSchema(drawn.target);
    const actual = await describeSchema(migrated.target);
    expect(expected.length).toBeGreaterThan(100);
    expect(actual.filter((line) => !BEYOND_PRISMA.some((name) => line.includes(name)))).toEqual(expected);
  } finally {
    await Promise.all([drawn.stop(), migrated.stop()]);
  }
});
