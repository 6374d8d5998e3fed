import type { Clock } from '#lib/core/clock.ts';
import type { Log } from '#lib/log/log.ts';

/** What the requests of one quota may use up, whoever sends them. */
export type Allowance = {
  /**
   * How long a request has to hold back, in milliseconds; with 0 it may go, and its units are taken. An urgent one, for
   * which a person waits, lives on what the others leave free: only Microsoft itself makes it wait.
   */
  take(quota: string, units: number, isUrgent: boolean): Promise<number>;
  /** Microsoft has asked for a pause: no request of the quota goes out before it is over. */
  pause(quota: string, ms: number): Promise<void>;
};

/** Where processes tell each other what they use of a quota. */
export type Ledger = {
  /** Takes up to so many units of the present window. */
  reserve(quota: string, units: number): Promise<Reservation>;
  /** Writes down that a quota rests. */
  pause(quota: string, ms: number): Promise<void>;
  /** The quotas that rest, and for how many milliseconds yet. */
  pauses(): Promise<ReadonlyMap<string, number>>;
};

export type Reservation = {
  readonly granted: number;
  /** The milliseconds until the next window begins. */
  readonly windowLeftMs: number;
};

export type AllowanceSettings = {
  readonly clock: Clock;
  readonly log: Log;
  /** Without one the process is alone. */
  readonly ledger?: Ledger;
};

/**
 * The window in which units are counted. Microsoft's bucket fills again within ten seconds; half of that keeps two
 * full windows side by side within it.
 */
export const WINDOW_MS = 5_000;
/** So many units of a window a process uses without telling: small directories never need more. */
const UNASKED_UNITS = 100;
/** What is reserved at a time, so that not every request asks. */
const CHUNK_UNITS = 100;
/** What a process allows itself in a window while it cannot reach the others. */
const ALONE_UNITS = 1_000;
/** How old the news about pauses may be. A request that is sent in ignorance of one costs the whole pause again. */
const NEWS_MS = 100;
/** How long a request waits for the ledger, and how long a ledger that did not answer is left alone. */
const LEDGER_TIMEOUT_MS = 1_000;
const LEDGER_REST_MS = 5_000;
/** Timers fire a little early. */
const TIMER_SLACK_MS = 5;

/** What a process knows of a quota in the present window. */
type Account = {
  windowEndsAt: number;
  /** Units that may go out without another question. */
  left: number;
  /** The others know what was used unasked. */
  hasTold: boolean;
  /** Used while the ledger did not answer. */
  alone: number;
  isUsedUp: boolean;
  asking: Promise<void> | undefined;
};

/**
 * The allowance of a process, shared with others by a ledger. While the ledger does not answer, the process goes by
 * what it knows itself. Far from the limits it costs one question for pauses now and then, and none for each request.
 */
export function createAllowance({ clock, log, ledger }: AllowanceSettings): Allowance {
  /** Until when, in milliseconds, the requests of a quota hold back. */
  const pauses = new Map<string, number>();
  const accounts = new Map<string, Account>();
  let newsAt = Number.NEGATIVE_INFINITY;
  let learning: Promise<void> | undefined;
  let ledgerRestsUntil = Number.NEGATIVE_INFINITY;

  const nowMs = (): number => clock().getTime();

  /** Undefined when the ledger has no answer to give. */
  async function ask<T>(question: (ledger: Ledger) => Promise<T>): Promise<T | undefined> {
    if (!ledger || nowMs() < ledgerRestsUntil) return undefined;
    try {
      return await withinTime(question(ledger));
    } catch (error) {
      ledgerRestsUntil = nowMs() + LEDGER_REST_MS;
      log.warn('the allowance at Microsoft is not shared for a while: the database did not answer', {
        error,
      });
      return undefined;
    }
  }

  const restUntil = (quota: string, atMs: number): void => {
    pauses.set(quota, Math.max(atMs, pauses.get(quota) ?? atMs));
  };

  function pauseLeft(quota: string): number {
    const leftMs = (pauses.get(quota) ?? 0) - nowMs();
    if (leftMs > TIMER_SLACK_MS) return leftMs;
    pauses.delete(quota);
    return 0;
  }

  async function learnPauses(): Promise<void> {
    if (!ledger || nowMs() - newsAt < NEWS_MS) return;
    learning ??= ask((theirs) => theirs.pauses())
      .then((told) => {
        newsAt = nowMs();
        for (const [quota, leftMs] of told ?? []) restUntil(quota, newsAt + leftMs);
      })
      .finally(() => {
        learning = undefined;
      });
    await learning;
  }

  function accountOf(quota: string): Account {
    const known = accounts.get(quota);
    if (known && nowMs() < known.windowEndsAt) return known;
    if (!known) forgetOld(accounts, nowMs());
    const account: Account = {
      windowEndsAt: nowMs() + WINDOW_MS,
      left: UNASKED_UNITS,
      hasTold: false,
      alone: 0,
      isUsedUp: false,
      asking: undefined,
    };
    accounts.set(quota, account);
    return account;
  }

  async function reserve(quota: string, account: Account): Promise<void> {
    const untold = account.hasTold ? 0 : UNASKED_UNITS;
    const reserved = await ask((theirs) => theirs.reserve(quota, untold + CHUNK_UNITS));
    if (!reserved) {
      account.alone += CHUNK_UNITS;
      if (account.alone > ALONE_UNITS) account.isUsedUp = true;
      else account.left += CHUNK_UNITS;
      return;
    }
    const granted = reserved.granted - untold;
    account.hasTold = true;
    account.windowEndsAt = nowMs() + reserved.windowLeftMs;
    account.left += Math.max(0, granted);
    if (granted < CHUNK_UNITS) account.isUsedUp = true;
  }

  return {
    async take(quota, units, isUrgent) {
      await learnPauses();
      for (;;) {
        const pauseMs = pauseLeft(quota);
        if (pauseMs > 0) return pauseMs;
        const account = accountOf(quota);
        if (account.left >= units || isUrgent || !ledger) {
          account.left = Math.max(0, account.left - units);
          return 0;
        }
        if (account.isUsedUp) return Math.max(TIMER_SLACK_MS, account.windowEndsAt - nowMs());
        account.asking ??= reserve(quota, account).finally(() => {
          account.asking = undefined;
        });
        await account.asking;
      }
    },

    async pause(quota, ms) {
      restUntil(quota, nowMs() + ms);
      await ask((theirs) => theirs.pause(quota, ms));
    },
  };
}

/** Tenants come and go; what they leave behind does not pile up. */
function forgetOld(accounts: Map<string, Account>, nowMs: number): void {
  for (const [quota, { windowEndsAt }] of accounts) if (windowEndsAt <= nowMs) accounts.delete(quota);
}

async function withinTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time.')), LEDGER_TIMEOUT_MS);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
