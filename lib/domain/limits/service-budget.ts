import type pg from 'pg';
import type { Database } from '#lib/db/database.ts';
import { unitsOfTenSeconds } from '#lib/microsoft/graph/resource-units.ts';
import { type Ledger, type Reservation, WINDOW_MS } from '#lib/microsoft/http/allowance.ts';

/** Of what Microsoft allows: other programs with our registration, and guesses about costs, need room too. */
const SHARE = 0.7;
/** How often a directory's size is looked up while it is read. */
const SIZE_MS = 60_000;
const SIZES_MAX = 10_000;

/**
 * The window is a division of the database's time, the same for all. What was asked for beyond the budget counts too:
 * it tells the next one that there is nothing left.
 */
const RESERVE = `
INSERT INTO service_budget AS kept (quota, window_start, used)
VALUES ($1, date_bin(make_interval(secs => $3), now(), 'epoch'), $2)
ON CONFLICT (quota) DO UPDATE
SET window_start = excluded.window_start,
    used = CASE WHEN kept.window_start = excluded.window_start THEN least(kept.used, $4::int) + excluded.used ELSE excluded.used END
RETURNING used - $2::int AS before,
          extract(epoch FROM window_start + make_interval(secs => $3) - now())::float * 1000 AS left_ms`;

const PAUSE = `
INSERT INTO service_budget AS kept (quota, window_start, used, paused_until)
VALUES ($1, now(), 0, now() + make_interval(secs => $2))
ON CONFLICT (quota) DO UPDATE SET paused_until = greatest(kept.paused_until, excluded.paused_until)`;

const PAUSES = `
SELECT quota, extract(epoch FROM paused_until - now())::float * 1000 AS left_ms
FROM service_budget WHERE paused_until > now()`;

/** Up to the number from which on a directory counts as large. */
const SIZE = `
SELECT count(*)::int AS users FROM (
  SELECT FROM tenant JOIN directory_user kept ON kept.tenant_id = tenant.id
  WHERE tenant.directory_id = $1::uuid AND kept.deleted_at IS NULL LIMIT 501) AS kept`;

/** What all processes on one database use of Microsoft's allowances, and which of them rest. Goes by its clock. */
export function createServiceBudget({ pool }: Pick<Database, 'pool'>): Ledger {
  const budgets = new Map<string, { readonly units: number; readonly until: number }>();

  async function budgetOf(quota: string): Promise<number> {
    const known = budgets.get(quota);
    if (known && performance.now() < known.until) return known.units;
    if (budgets.size >= SIZES_MAX) budgets.clear();
    const tenSeconds = unitsOfTenSeconds(await countUsers(pool, quota));
    const units = Math.floor((tenSeconds * SHARE * WINDOW_MS) / 10_000);
    budgets.set(quota, { units, until: performance.now() + SIZE_MS });
    return units;
  }

  return {
    async reserve(quota, units): Promise<Reservation> {
      const budget = await budgetOf(quota);
      const { rows } = await pool.query<{ before: number; left_ms: number }>(RESERVE, [
        quota,
        units,
        WINDOW_MS / 1000,
        budget,
      ]);
      const { before = 0, left_ms: windowLeftMs = WINDOW_MS } = rows[0] ?? {};
      return { granted: Math.max(0, Math.min(units, budget - before)), windowLeftMs };
    },

    async pause(quota, ms) {
      await pool.query(PAUSE, [quota, ms / 1000]);
    },

    async pauses() {
      const { rows } = await pool.query<{ quota: string; left_ms: number }>(PAUSES);
      return new Map(rows.map(({ quota, left_ms }) => [quota, left_ms]));
    },
  };
}

/** The users of the directory that a quota is about. */
async function countUsers(pool: pg.Pool, quota: string): Promise<number> {
  const directoryId = /[0-9a-f-]{36}$/.exec(quota)?.[0];
  if (!directoryId) return 0;
  const { rows } = await pool.query<{ users: number }>(SIZE, [directoryId]);
  return rows[0]?.users ?? 0;
}

/** Deletes what nobody has used for an hour: windows and pauses that are long over. */
export async function forgetOldBudgets({ database }: { readonly database: Database }): Promise<void> {
  await database.pool.query(
    `DELETE FROM service_budget
     WHERE window_start < now() - interval '1 hour' AND (paused_until IS NULL OR paused_until < now())`,
  );
}
