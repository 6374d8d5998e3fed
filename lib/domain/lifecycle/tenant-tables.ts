import type pg from 'pg';

/** A table with rows that belong to a tenant; names are quoted for SQL. */
export type TenantTable = {
  readonly table: string;
  /** The column with the tenant's id. */
  readonly column: string;
  /** The columns of the primary key. */
  readonly key: readonly string[];
};

/** Every table of the schema with a column `tenant_id`, or with one that references the tenants. */
const TABLES = `
WITH own AS (
  SELECT c.oid, c.relname FROM pg_class c
  WHERE c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'tenant'::regclass)
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.oid <> 'tenant'::regclass
), referring AS (
  SELECT own.oid, own.relname, a.attname, a.attnum
  FROM own JOIN pg_attribute a ON a.attrelid = own.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE a.attname = 'tenant_id' OR EXISTS (
    SELECT 1 FROM pg_constraint f
    WHERE f.contype = 'f' AND f.conrelid = own.oid AND f.confrelid = 'tenant'::regclass AND f.conkey = ARRAY[a.attnum])
)
SELECT quote_ident(relname) AS "table", quote_ident(attname) AS "column",
  (SELECT coalesce(array_agg(quote_ident(k.attname)::text ORDER BY k.attnum), '{}')
     FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY (i.indkey)
    WHERE i.indrelid = referring.oid AND i.indisprimary) AS "key",
  (SELECT coalesce(array_agg(DISTINCT quote_ident(parent.relname)::text), '{}')
     FROM pg_constraint f JOIN pg_class parent ON parent.oid = f.confrelid
    WHERE f.contype = 'f' AND f.conrelid = referring.oid AND f.confrelid <> f.conrelid) AS "parents"
FROM referring ORDER BY relname, attname`;

type Row = TenantTable & { readonly parents: readonly string[] };

/**
 * The tables with rows of tenants, as the database's own catalogue tells them, so that a table that comes with a later
 * version is not forgotten. Those that refer to others of them come first: no row takes many others along.
 */
export async function tenantTables(pool: Pick<pg.Pool, 'query'>): Promise<TenantTable[]> {
  const { rows } = await pool.query<Row>(TABLES);
  const ordered: Row[] = [];
  let rest = rows;
  while (rest.length > 0) {
    const parents = new Set(rest.flatMap((row) => row.parents));
    const free = rest.filter(({ table }) => !parents.has(table));
    // In a circle any order will do: the constraints cascade.
    const next = free.length > 0 ? free : rest;
    ordered.push(...next);
    rest = rest.filter((row) => !next.includes(row));
  }
  return ordered.map(({ table, column, key }) => ({ table, column, key }));
}
