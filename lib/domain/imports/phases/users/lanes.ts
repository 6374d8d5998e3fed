/**
 * Takes the items of many sources as they come, of at most `width` sources at a time. A source is asked for its next
 * item only when the one before has been taken, so that no more items are held than sources are at work. One that has
 * begun goes on before another one begins. Ends when all sources have; the first failure of one is thrown once the
 * others have come to rest.
 */
export async function* sideBySide<T>(
  sources: readonly AsyncIterable<T>[],
  width: () => number,
): AsyncGenerator<T, void, undefined> {
  const waiting = sources.map((source) => source[Symbol.asyncIterator]());
  const active = new Map<AsyncIterator<T>, Promise<Step<T>>>();
  try {
    for (;;) {
      for (const source of waiting.splice(0, Math.max(0, width() - active.size))) {
        active.set(
          source,
          source.next().then((result) => ({ source, result })),
        );
      }
      if (active.size === 0 && waiting.length === 0) return;
      const { source, result } = await Promise.race(active.values());
      active.delete(source);
      if (result.done) continue;
      yield result.value;
      waiting.unshift(source);
    }
  } finally {
    await Promise.allSettled(active.values());
  }
}

type Step<T> = { readonly source: AsyncIterator<T>; readonly result: IteratorResult<T> };

/** From this share of an allowance on Microsoft says in its answers how much of it is used. */
const USED_MUCH = 0.8;
const CLEAN_MS = 1_000;

/**
 * How many pages may be on their way at a time. It grows with each good answer until Microsoft complains for the first
 * time, then by one with each second without a complaint; a complaint halves it. Requests that were under way together
 * are refused together, which counts as one complaint.
 */
export class PageWindow {
  readonly #max: number;
  #width: number;
  #isTrying = true;
  #changedAt = Number.NEGATIVE_INFINITY;
  #halvedAt = Number.NEGATIVE_INFINITY;

  constructor(atFirst: number, max: number) {
    this.#width = Math.min(atFirst, max);
    this.#max = max;
  }

  get width(): number {
    return this.#width;
  }

  /** A page has come. */
  succeeded(now: Date): void {
    const ms = now.getTime();
    if (!this.#isTrying && ms - this.#changedAt < CLEAN_MS) return;
    this.#width = Math.min(this.#max, this.#width + 1);
    this.#changedAt = ms;
  }

  /** Microsoft has asked us to slow down. */
  throttled(now: Date): void {
    const ms = now.getTime();
    if (ms - this.#halvedAt < CLEAN_MS) return;
    this.#isTrying = false;
    this.#width = Math.max(1, Math.floor(this.#width / 2));
    this.#changedAt = ms;
    this.#halvedAt = ms;
  }

  /** What an answer says of the allowance: `x-ms-throttle-limit-percentage`, such as 0.85. */
  used(share: string | null, now: Date): void {
    if (share !== null && Number(share) >= USED_MUCH) this.throttled(now);
  }
}
