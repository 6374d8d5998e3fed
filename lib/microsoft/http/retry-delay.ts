const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 30_000;

/** Nobody is kept away for longer than this, whatever a header says: some are broken, and clocks differ. */
const RETRY_AFTER_MAX_MS = 24 * 60 * 60 * 1000;

/**
 * The milliseconds that a `Retry-After` header asks for: seconds, a fraction of seconds (Graph sends `2.128`), or an
 * HTTP date; a day at most. Undefined when the header is missing or cannot be read.
 * @see https://learn.microsoft.com/graph/throttling
 */
export function readRetryAfter(header: string | null, now: Date): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return atMostADay(Math.ceil(Number(text) * 1000));
  // Date.parse takes nearly anything, "-5" for instance; an HTTP date begins with the day's name.
  if (!/^[A-Za-z]{3}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : atMostADay(Math.max(0, at - now.getTime()));
}

const atMostADay = (ms: number): number => Math.min(RETRY_AFTER_MAX_MS, ms);

/**
 * How long to wait before the repetition with this number (from 1). What the service asked for is kept exactly or
 * exceeded a little, never undercut: calling earlier restarts the wait. Without such a wish it doubles each time.
 * `random` is in [0, 1) and spreads callers that were refused at the same moment.
 */
export function retryDelay(attempt: number, retryAfterMs: number | undefined, random: number): number {
  if (retryAfterMs !== undefined) return retryAfterMs + Math.round(random * Math.min(1000, retryAfterMs / 4));
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (random * ceiling) / 2);
}
