import { statfsSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';

/** What looks after an embedded database besides its clients. */
export type Care = {
  /** Whether a statement of so many bytes may still be written. */
  hasRoomFor(bytes: number): boolean;
  /** Called now and then, while nobody is within a transaction. */
  upkeep(): Promise<void>;
};

const MB = 2 ** 20;
/** Of the write-ahead log, between two checkpoints. After a crash about so much has to be replayed. */
const LOG_BYTES_MAX = 128 * MB;
/** Free space that only short statements may use: four files of the write-ahead log. */
const RESERVE_BYTES = 64 * MB;
/** Above this a statement carries rows, by the hundred; below, it notes that something went well, or did not. */
const SHORT_BYTES = 16 * 1024;

/**
 * A setting of the one session that all clients share: `full` while statements are refused for want of room. Whoever
 * wants to know asks by `current_setting`.
 */
export const STORAGE_SETTING = 'cloud_tenant_setup.storage';

/** Settings for the start that belong to the checkpoints made here: files of the log are used again, or removed. */
export const LOG_SETTINGS = ['-c', `max_wal_size=${(2 * LOG_BYTES_MAX) / MB}MB`, '-c', 'min_wal_size=32MB'];

export type CareOptions = {
  /** How much may still be written to the disk. */
  readonly freeBytes: () => number;
  readonly logBytesMax?: number;
};

/**
 * PostgreSQL in a single process makes no checkpoints by itself, so that its log would grow for as long as it runs. And
 * it dies when the disk has no room for the next file of the log: before it comes to that, long statements are refused,
 * while everybody can read, and a run can write down why it stopped.
 */
export function createCare(db: PGlite, { freeBytes, logBytesMax = LOG_BYTES_MAX }: CareOptions): Care {
  let checkpointAt: string | undefined;
  let saidFull = false;
  const isFull = () => freeBytes() < RESERVE_BYTES;
  return {
    hasRoomFor: (bytes) => bytes < SHORT_BYTES || !isFull(),
    async upkeep() {
      if (isFull() !== saidFull) {
        saidFull = !saidFull;
        await db.query('SELECT set_config($1, $2, false)', [STORAGE_SETTING, saidFull ? 'full' : 'ok']);
      }
      const { rows } = await db.query<{ at: string; is_due: boolean }>(
        `SELECT pg_current_wal_lsn()::text AS at,
                pg_current_wal_lsn() - coalesce($1::pg_lsn, (SELECT redo_lsn FROM pg_control_checkpoint())) > $2 AS is_due`,
        [checkpointAt, logBytesMax],
      );
      if (!rows[0]?.is_due) return;
      await db.exec('CHECKPOINT');
      checkpointAt = rows[0].at;
    },
  };
}

/** How much an ordinary user may still write to the disk of a folder. */
export function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
