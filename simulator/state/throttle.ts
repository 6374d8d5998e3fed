/** A token bucket: `capacity` units, refilled by `perSecond`. */
type Bucket = { level: number; updatedAt: number };

/** A client that came back before the moment a `Retry-After` had named. */
export type Violation = {
  readonly at: string;
  readonly service: string;
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly earlyByMs: number;
  readonly retryAfterMs: number;
  /** The very request that had been refused, not another one of the same client. */
  readonly sameRequest: boolean;
};

type Refusal = {
  readonly until: number;
  readonly since: number;
  readonly request: string;
  readonly retryAfterMs: number;
};

/** A request that was already on its way when the refusal was written is no violation. */
const IN_FLIGHT_MS = 150;
/** Timers fire a little early, and a date has no fractions. */
const TOLERANCE_MS = 30;
const VIOLATIONS_KEPT = 1000;

/** Quotas and the memory of refusals. Time comes in from outside, in milliseconds. */
export class Throttle {
  readonly violations: Violation[] = [];
  readonly #buckets = new Map<string, Bucket>();
  readonly #refusals = new Map<string, Refusal>();

  /** Takes `cost` from a bucket. Answers what share of the quota is used, and when refused the wait in milliseconds. */
  take(
    name: string,
    cost: number,
    capacity: number,
    perSecond: number,
    now: number,
  ): { used: number; waitMs: number } {
    const before = this.#buckets.get(name) ?? { level: capacity, updatedAt: now };
    const level = Math.min(capacity, before.level + ((now - before.updatedAt) / 1000) * perSecond);
    const refused = level < cost;
    const after = refused ? level : level - cost;
    this.#buckets.set(name, { level: after, updatedAt: now });
    return { used: 1 - after / capacity, waitMs: refused ? ((cost - level) / perSecond) * 1000 : 0 };
  }

  level(name: string, capacity: number): number {
    return Math.floor(this.#buckets.get(name)?.level ?? capacity);
  }

  /** Remembers that a client was told to wait. */
  refused(input: {
    service: string;
    client: string;
    request: string;
    retryAfterMs: number;
    now: number;
  }): void {
    const { service, client, request, retryAfterMs, now } = input;
    this.#refusals.set(`${service}|${client}`, {
      until: now + retryAfterMs,
      since: now,
      request,
      retryAfterMs,
    });
  }

  /** Notes a violation when the client was told to wait longer. */
  arrived(input: { service: string; client: string; method: string; path: string; now: number }): void {
    const { service, client, method, path, now } = input;
    const refusal = this.#refusals.get(`${service}|${client}`);
    if (!refusal || now >= refusal.until - TOLERANCE_MS) return;
    const sameRequest = refusal.request === `${method} ${path}`;
    if (!sameRequest && now < refusal.since + IN_FLIGHT_MS) return;
    if (this.violations.length >= VIOLATIONS_KEPT) this.violations.shift();
    this.violations.push({
      at: new Date(now).toISOString(),
      service,
      client,
      method,
      path,
      earlyByMs: Math.round(refusal.until - now),
      retryAfterMs: refusal.retryAfterMs,
      sameRequest,
    });
  }

  forget(): void {
    this.violations.length = 0;
    this.#refusals.clear();
    this.#buckets.clear();
  }
}
