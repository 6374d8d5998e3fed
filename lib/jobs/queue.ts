import type { DatabaseTarget } from '#lib/db/target.ts';
import type { Log } from '#lib/log/log.ts';
import type { Jobs } from './jobs.ts';

/** The queue of a process: everybody enqueues, workers also work. */
export type Queue = Jobs & { close(): Promise<void> };

/** Opens no connection by itself: the first job does. */
export function createQueue(_target: DatabaseTarget, _log: Log): Queue {
  throw new Error('not implemented');
}
