import type { MicrosoftTrace } from '#lib/core/problem.ts';

/** What support needs to find one request again, on Microsoft's side and on ours. */
export type RequestTrace = {
  /** What the answer said; undefined where none came. */
  readonly microsoft?: MicrosoftTrace;
  /** The id that we gave the request. */
  readonly clientRequestId: string;
};

/** A wait before a request is sent again. */
export type Retry = {
  /** `throttled`: Microsoft asked us to slow down; `unavailable`: no answer, or one that says "later". */
  readonly reason: 'throttled' | 'unavailable';
  /** 1 for the first repetition. */
  readonly attempt: number;
  readonly waitMs: number;
  /** The request that has to wait. Undefined where another one of the same allowance was told to. */
  readonly trace?: RequestTrace;
};

/** An answer that has come, of any status. */
export type AnswerNote = RequestTrace & {
  readonly headers: Headers;
  /** From sending to the last byte. */
  readonly durationMs: number;
};

/** What every call to Microsoft accepts: a way to stop it, and hooks for metrics and progress. */
export type CallOptions = {
  /** Stops the call, also while it waits; the call then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** How long to put up with throttling and outages: a person who waits for a page, or a job. */
  readonly patience?: Patience;
  /** Called once for each request that goes out, repetitions included. */
  readonly onRequest?: () => void;
  /** Called before each wait, so that a page can say "Microsoft asks us to slow down". */
  readonly onRetry?: (retry: Retry) => void;
  /** Called after each answer, before it is judged. */
  readonly onAnswer?: (answer: AnswerNote) => void;
};

export type Patience = 'interactive' | 'background';

/** The bounds behind each kind of patience. A call that reaches one ends with `throttled` or `upstream-unavailable`. */
export const PATIENCE: Readonly<Record<Patience, PatienceLimits>> = {
  interactive: { timeoutMs: 15_000, unavailableMax: 2, throttledMax: 2, waitTotalMs: 8_000 },
  background: { timeoutMs: 60_000, unavailableMax: 5, throttledMax: 12, waitTotalMs: 300_000 },
};

export type PatienceLimits = {
  /** For one attempt, from sending to the last byte. */
  readonly timeoutMs: number;
  /** Repetitions after an answer of 5xx, a broken one or none. */
  readonly unavailableMax: number;
  /** Repetitions after an answer that asks us to slow down. */
  readonly throttledMax: number;
  /** The sum of all waits. */
  readonly waitTotalMs: number;
};
