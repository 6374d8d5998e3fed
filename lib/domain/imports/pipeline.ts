export type PipelineOptions<T> = {
  /** How many items are written at a time. */
  readonly width: number;
  readonly write: (item: T) => Promise<void>;
  /** Told of each written item, in the order in which they came. */
  readonly onWritten: (item: T) => void;
  /** Items of which this is true are written one after the other, so that the later one has the last word. */
  readonly overlaps: (earlier: T, later: T) => boolean;
};

type Entry<T> = { readonly item: T; isWritten: boolean; done: Promise<void> };

/**
 * Writes items while further ones are fetched. At most twice `width` items are held at any time, so that memory does
 * not depend on how many come. Ends after the last item; a failure of a write or of the source is thrown once
 * everything that had begun has ended.
 */
export async function pipeline<T>(items: AsyncIterable<T>, options: PipelineOptions<T>): Promise<void> {
  const { width, write, onWritten, overlaps } = options;
  /** In the order in which they came; the first one is not written yet. */
  const entries: Entry<T>[] = [];
  let failure: { readonly error: unknown } | undefined;

  const active = () => entries.filter((entry) => !entry.isWritten);
  const mustWait = (item: T) =>
    active().length >= width ||
    entries.length >= 2 * width ||
    active().some((entry) => overlaps(entry.item, item));

  const begin = (item: T) => {
    const entry: Entry<T> = { item, isWritten: false, done: Promise.resolve() };
    entries.push(entry);
    entry.done = write(item).then(
      () => {
        entry.isWritten = true;
        while (entries[0]?.isWritten) {
          onWritten(entries[0].item);
          entries.shift();
        }
      },
      (error: unknown) => {
        failure ??= { error };
      },
    );
  };

  try {
    for await (const item of items) {
      while (!failure && mustWait(item)) await Promise.race(active().map(({ done }) => done));
      if (failure) break;
      begin(item);
    }
  } catch (error) {
    failure ??= { error };
  }
  await Promise.all(entries.map(({ done }) => done));
  if (failure) throw failure.error;
}
