import { setTimeout as sleep } from 'node:timers/promises';

/** From so many users on, a run is a large one: it takes longer than anybody else should wait for it. */
const LARGE_USERS = 10_000;
/** Beside small runs a large one rests so many times as long as it has just worked … */
const REST_FACTOR = 3;
/** … but no longer than this at a time. */
const REST_MS_MAX = 1_000;

/** The part of one run in the turns of its worker. */
export type Turn = {
  /** So many users are to be read. */
  expect(users: number): void;
  /** Does a piece of work when it is the run's turn. The signal ends only waits, never the work. */
  take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  end(): void;
};

/**
 * Whose turn it is among the runs of a worker, which share its processor and the database. Small runs work whenever they
 * like. A large one does so while it is alone; as long as there are small ones, it rests after each page, so that a
 * hundred small tenants hardly notice it. It goes on all the time: nobody is starved.
 */
export class Turns {
  #small = 0;
  #line: Promise<unknown> = Promise.resolve();
  #isAlone = new AbortController();

  /** A run begins, as a small one. `onLarge` is told when it turns out to be large. */
  begin(onLarge: () => void = () => {}): Turn {
    let size: 'small' | 'large' | 'ended' = 'small';
    this.#small += 1;
    const become = (next: 'large' | 'ended') => {
      if (size === 'small') this.#leaveSmall();
      size = next;
    };
    return {
      expect: (users) => {
        if (size !== 'small' || users < LARGE_USERS) return;
        become('large');
        onLarge();
      },
      take: (work, signal) => (size === 'large' && this.#small > 0 ? this.#inLine(work, signal) : work()),
      end: () => become('ended'),
    };
  }

  #leaveSmall(): void {
    this.#small -= 1;
    if (this.#small > 0) return;
    this.#isAlone.abort();
    this.#isAlone = new AbortController();
  }

  /** Large runs work one after the other, with a rest after each piece. */
  async #inLine<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#line;
    let leave = () => {};
    this.#line = new Promise<void>((done) => {
      leave = done;
    });
    try {
      await before;
      const startedAt = performance.now();
      const value = await work();
      await this.#rest((performance.now() - startedAt) * REST_FACTOR, signal);
      return value;
    } finally {
      leave();
    }
  }

  /** Ends early with the signal, and when there is nobody left to rest for. */
  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#small === 0 || signal.aborted) return;
    const either = new AbortController();
    const wake = () => either.abort();
    const alone = this.#isAlone.signal;
    signal.addEventListener('abort', wake, { once: true });
    alone.addEventListener('abort', wake, { once: true });
    await sleep(Math.min(ms, REST_MS_MAX), undefined, { signal: either.signal }).catch(() => {});
    signal.removeEventListener('abort', wake);
    alone.removeEventListener('abort', wake);
  }
}
