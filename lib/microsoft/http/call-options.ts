/** A wait before a request is sent again. */
export type Retry = {
  /** `throttled`: Microsoft asked us to slow down; `unavailable`: no answer, or one that says "later". */
  readonly reason: 'throttled' | 'unavailable';
  /** 1 for the first repetition. */
  readonly attempt: number;
  readonly waitMs: number;
};

/** What every call to Microsoft accepts: a way to stop it, and hooks for metrics and progress. */
export type CallOptions = {
  readonly signal?: AbortSignal;
  /** Called once for each request that goes out, repetitions included. */
  readonly onRequest?: () => void;
  /** Called before each wait, so that a page can say "Microsoft asks us to slow down". */
  readonly onRetry?: (retry: Retry) => void;
};
