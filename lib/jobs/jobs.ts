import type { z } from 'zod';

/** What a job is called, what it is told, and how often it may be tried. Payloads carry ids, never rows. */
export type JobContract<Payload> = {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  /** How often a failed job is tried again. */
  readonly retryLimit: number;
};

export type EnqueueOptions = {
  /** The job starts no sooner than this. */
  readonly startAfterSeconds?: number;
  /** While a job of the same key waits, a second one is not added. */
  readonly singletonKey?: string;
};

/** Hands work to the workers. A job that was enqueued survives every crash. */
export type Jobs = {
  enqueue<Payload>(job: JobContract<Payload>, payload: Payload, options?: EnqueueOptions): Promise<void>;
};
