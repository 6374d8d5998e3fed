import type pg from 'pg';
import type { Services } from '#lib/domain/context.ts';

/** From this share of changed users on, what the database knows of all users is taken to be out of date. */
const STALE_SHARE = 0.2;

/** What this process has changed since the users were counted anew, and how many there were. */
type Changes = { changed: number; rows: number; isCounting: boolean };
const changesOf = new WeakMap<pg.Pool, Changes>();

/**
 * Lets the database count anew what its plans for the user list rest on: how often each department, each part of a
 * name comes. The embedded database does not do so by itself, a server only after a while. It reads a part of the whole
 * table, so it is worth while only after many changes, whosever they are. Nobody has to wait for it.
 */
export function refreshStatistics({ database: { pool }, log }: Services, changed: number): void {
  const changes = changesOf.get(pool) ?? { changed: 0, rows: 0, isCounting: false };
  changesOf.set(pool, changes);
  changes.changed += changed;
  if (changed === 0 || changes.isCounting || changes.changed < changes.rows * STALE_SHARE) return;
  changes.isCounting = true;
  count(pool, changes)
    .catch((error: unknown) => log.warn('the statistics of the user list could not be renewed', { error }))
    .finally(() => {
      changes.isCounting = false;
    });
}

async function count(pool: pg.Pool, changes: Changes): Promise<void> {
  changes.rows = await knownRows(pool);
  if (changes.changed < changes.rows * STALE_SHARE) return;
  changes.changed = 0;
  await pool.query('ANALYZE directory_user');
  changes.rows = await knownRows(pool);
}

/** As of the last count, whoever made it. */
async function knownRows(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ rows: number }>(
    `SELECT greatest(reltuples, 0)::float AS rows FROM pg_class WHERE oid = 'directory_user'::regclass`,
  );
  return rows[0]?.rows ?? 0;
}
