import type pg from 'pg';
import type { Services } from '#lib/domain/context.ts';

const DAY_MS = 86_400_000;
/** Import runs are kept so long, whatever the history is. */
const RUNS_DAYS = 400;
/** Rows of one statement, so that none holds up imports for long. */
const BATCH = 5_000;

/** Tenants with anything older than their organization wants to keep. */
const FIND = `
SELECT tenant.id, keep.until
FROM tenant JOIN organization ON organization.id = tenant.organization_id,
  LATERAL (SELECT $1::timestamptz - make_interval(days => history_days) AS until) AS keep
WHERE EXISTS (SELECT FROM directory_user_change WHERE tenant_id = tenant.id AND changed_at < keep.until)
  OR EXISTS (SELECT FROM licence_figure WHERE tenant_id = tenant.id AND to_day < keep.until::date)
  OR tenant.users_known_from < keep.until::date`;

/** What is erased of a tenant, whose parameters are its id and the end of what is erased. */
const ERASE = [
  ['directory_user_change', 'changed_at < $2'],
  ['directory_user', 'deleted_at < $2'],
  ['licence_figure', `to_day < ($2::timestamptz AT TIME ZONE 'UTC')::date`],
  // The last one before still holds then.
  [
    'sku_snapshot',
    `day < (SELECT max(later.day) FROM sku_snapshot later WHERE later.tenant_id = $1 AND later.sku_id = sku_snapshot.sku_id
       AND later.day <= ($2::timestamptz AT TIME ZONE 'UTC')::date)`,
  ],
] as const;

/**
 * Erases the history that is older than an organization keeps it, and import runs older than 400 days but for those that
 * the data comes from. Returns how many rows it erased.
 */
export async function pruneHistory({
  database,
  clock,
}: Pick<Services, 'database' | 'clock'>): Promise<number> {
  const { pool } = database;
  const now = clock();
  const { rows: tenants } = await pool.query<{ id: string; until: Date }>(FIND, [now]);
  let erased = 0;
  for (const { id, until } of tenants) {
    // First, so that nobody is told of a day of which half is gone.
    await pool.query(
      `UPDATE tenant SET users_known_from = ($2::timestamptz AT TIME ZONE 'UTC')::date
       WHERE id = $1 AND users_known_from < ($2::timestamptz AT TIME ZONE 'UTC')::date`,
      [id, until],
    );
    for (const [table, condition] of ERASE) {
      erased += await eraseInBatches(pool, table, `tenant_id = $1 AND ${condition}`, [id, until]);
    }
  }
  return (
    erased +
    (await eraseInBatches(
      pool,
      'import_run',
      `created_at < $1 AND status <> 'running'
       AND NOT EXISTS (SELECT FROM import_freshness WHERE tenant_id = import_run.tenant_id AND run_id = import_run.id)`,
      [new Date(now.getTime() - RUNS_DAYS * DAY_MS)],
    ))
  );
}

async function eraseInBatches(
  pool: pg.Pool,
  table: string,
  condition: string,
  values: readonly unknown[],
): Promise<number> {
  for (let erased = 0; ; ) {
    const { rowCount } = await pool.query(
      `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${BATCH}))`,
      [...values],
    );
    erased += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return erased;
  }
}
