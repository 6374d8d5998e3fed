import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { type DatabaseTarget, poolConfig } from '#lib/db/target.ts';
import type { Log } from '#lib/log/log.ts';
import type { EnqueueOptions, JobContract, Jobs } from './jobs.ts';

/** The queue of a process: everybody enqueues, workers also work. */
export type Queue = Jobs & {
  /**
   * Works on the jobs of a contract until it is told to stop. A handler that throws, or whose process dies, is
   * called again by any worker, up to the contract's `retryLimit`: every handler may run twice.
   */
  work<Payload>(
    job: JobContract<Payload>,
    handler: JobHandler<Payload>,
    options: WorkOptions,
  ): Promise<WorkHandle>;
  /** Stops all work and closes the connections. The queue cannot be used afterwards. */
  close(): Promise<void>;
};

/** `signal` is aborted when the worker stops: finish what is begun, soon, so that another worker can go on. */
export type JobHandler<Payload> = (payload: Payload, signal: AbortSignal, place?: Place) => Promise<void>;

/** One of the places in which a process works on jobs, for as long as a job has it. */
export type Place = {
  /** The job turns out to be a long one: it goes on beside the others, and the next one may have its place. */
  leave(): void;
};

export type WorkOptions = {
  /** How many jobs of the contract this process works on at a time. */
  readonly concurrency: number;
  /** How many long ones may leave their places to others. */
  readonly besideMax?: number;
};

export type WorkHandle = {
  /** Takes no new job, tells the running ones to stop, and resolves when they have. */
  stop(): Promise<void>;
};

/** A worker that is silent for so long is taken for dead, and its job is given to another. */
const HEARTBEAT_SECONDS = 15;
/** How often silent workers are looked for. By default it is once a minute. */
const SUPERVISE_SECONDS = 10;
const POLLING_SECONDS = 0.5;
const RETRY_DELAY_SECONDS = 1;
/** The longest that pg-boss allows: a stuck process is found by its heartbeat, not by the clock. */
const JOB_SECONDS_MAX = 24 * 60 * 60;
/** How long `close` waits for handlers that were told to stop. */
const CLOSE_MS = 20_000;
/** The same failure of the queue is logged once in this time: a lost database would fill the log. */
const SAME_ERROR_MS = 30_000;

/** Opens no connection by itself: the first job does. */
export function createQueue(target: DatabaseTarget, log: Log): Queue {
  const isEmbedded = target.type === 'embedded';
  const pool = new pg.Pool(poolConfig(target, isEmbedded ? 2 : 4));
  pool.on('error', (error) => log.warn('an idle connection of the queue was lost', { error: error.message }));
  const ready = new Map<string, Promise<void>>();
  const working = new Set<WorkHandle>();
  let starting: Promise<PgBoss> | undefined;

  /** A start that failed is tried again by the next caller. */
  function start(): Promise<PgBoss> {
    starting ??= startBoss(pool, isEmbedded, log).catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    return starting;
  }

  async function queueOf<Payload>(job: JobContract<Payload>): Promise<PgBoss> {
    const boss = await start();
    let isReady = ready.get(job.name);
    if (!isReady) {
      isReady = prepareQueue(boss, job);
      ready.set(job.name, isReady);
      isReady.catch(() => ready.delete(job.name));
    }
    await isReady;
    return boss;
  }

  return {
    async enqueue(job, payload, options = {}) {
      const boss = await queueOf(job);
      await boss.send(job.name, Object.assign({}, job.payload.parse(payload)), sendOptions(options));
    },

    async work(job, handler, { concurrency, besideMax = 0 }) {
      const boss = await queueOf(job);
      const stopping = new AbortController();
      let beside = 0;

      /** Takes jobs one after the other. */
      async function openPlace(): Promise<void> {
        const placeId: string = await boss.work<object>(
          job.name,
          { pollingIntervalSeconds: POLLING_SECONDS },
          async ([delivery]) => {
            if (!delivery) return;
            const payload = job.payload.safeParse(delivery.data);
            if (!payload.success) {
              log.error('a job that cannot be read was dropped', { job: job.name, jobId: delivery.id });
              return;
            }
            let hasLeft = false;
            const leave = () => {
              if (hasLeft || beside >= besideMax || stopping.signal.aborted) return;
              hasLeft = true;
              beside += 1;
              openPlace().catch((error: unknown) =>
                log.warn('a place for jobs could not be opened', { error }),
              );
            };
            try {
              const signal = AbortSignal.any([stopping.signal, delivery.signal]);
              await handler(payload.data, signal, { leave });
            } finally {
              if (hasLeft) {
                beside -= 1;
                await boss.offWork(job.name, { id: placeId, wait: false });
              }
              // Where there was one job there may be another: it is asked for at once.
              else boss.notifyWorker(placeId);
            }
          },
        );
      }

      await Promise.all(Array.from({ length: concurrency }, openPlace));
      const handle: WorkHandle = {
        async stop() {
          stopping.abort(new Error('the worker stops'));
          await boss.offWork(job.name, { wait: true });
          working.delete(handle);
        },
      };
      working.add(handle);
      return handle;
    },

    async close() {
      const boss = await starting?.catch(() => undefined);
      if (boss) {
        await settleWithin(CLOSE_MS, Promise.all([...working].map((handle) => handle.stop())));
        await boss.stop({ graceful: false });
      }
      if (!pool.ended) await pool.end();
    },
  };
}

async function startBoss(pool: pg.Pool, isEmbedded: boolean, log: Log): Promise<PgBoss> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values) },
    backend: isEmbedded ? 'pglite' : 'postgres',
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    // Our own worker decides what is due, by the data and not by a clock expression.
    schedule: false,
    // One process with little to write: its indexes need no repair, and its statistics say nothing.
    ...(isEmbedded && { reindex: false, monitorVacuum: false }),
  });
  const logged = new Map<string, number>();
  boss.on('error', (error) => {
    const now = Date.now();
    // Each polling loop adds its own name.
    const reason = error.message.replace(/ \(Queue: .*\)$/, '');
    if (now - (logged.get(reason) ?? 0) < SAME_ERROR_MS) return;
    logged.set(reason, now);
    log.warn('the job queue has a problem', { error: reason });
  });
  boss.on('warning', ({ message }) => log.info('the job queue warns', { warning: message }));
  try {
    return await boss.start();
  } catch {
    // Processes that start at once all want to create the tables: the second attempt finds them.
    await boss.stop({ graceful: false });
    return boss.start();
  }
}

async function prepareQueue<Payload>(boss: PgBoss, job: JobContract<Payload>): Promise<void> {
  const settings = {
    retryLimit: job.retryLimit,
    retryDelay: RETRY_DELAY_SECONDS,
    retryBackoff: true,
    retryDelayMax: 60,
    expireInSeconds: JOB_SECONDS_MAX,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deleteAfterSeconds: 24 * 60 * 60,
  };
  // `short`: at most one waiting job for each key.
  await boss.createQueue(job.name, { policy: 'short', ...settings });
  await boss.updateQueue(job.name, settings);
}

const sendOptions = ({ startAfterSeconds, singletonKey }: EnqueueOptions) => ({
  // Jobs without a key would otherwise count as having the same one.
  singletonKey: singletonKey ?? randomUUID(),
  ...(startAfterSeconds && { startAfter: startAfterSeconds }),
});

/** Waits for the work, but not longer. */
async function settleWithin(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([work.catch(() => undefined), timeout]);
  clearTimeout(timer);
}
