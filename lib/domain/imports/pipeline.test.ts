import { expect, test } from 'vitest';
import { pipeline } from './pipeline.ts';

type Item = { readonly n: number; readonly key?: string };

/** Writes that end when the test says so. */
function heldWrites() {
  const open = new Map<number, { done: () => void; failed: (error: Error) => void }>();
  const started: number[] = [];
  return {
    open,
    started,
    write: ({ n }: Item) =>
      new Promise<void>((done, failed) => {
        started.push(n);
        open.set(n, { done, failed });
      }),
    end(n: number) {
      open.get(n)?.done();
      open.delete(n);
    },
  };
}

async function* source(items: readonly Item[], fetched: number[] = []): AsyncGenerator<Item> {
  for (const item of items) {
    fetched.push(item.n);
    yield item;
  }
}

const items = (count: number): Item[] => Array.from({ length: count }, (_, n) => ({ n }));
const never = () => false;
const settled = () => new Promise((done) => setImmediate(done));

test('writes so many at a time, fetches one ahead, and reports in the order of arrival', async () => {
  const writes = heldWrites();
  const fetched: number[] = [];
  const written: number[] = [];
  const done = pipeline(source(items(5), fetched), {
    width: 2,
    write: writes.write,
    onWritten: ({ n }) => written.push(n),
    overlaps: never,
  });
  await settled();
  expect(writes.started).toEqual([0, 1]);
  expect(fetched).toEqual([0, 1, 2]);

  writes.end(1);
  await settled();
  expect(writes.started).toEqual([0, 1, 2]);
  expect(written).toEqual([]);

  writes.end(0);
  await settled();
  expect(written).toEqual([0, 1]);
  for (const n of [2, 3, 4]) {
    writes.end(n);
    await settled();
  }
  await done;
  expect(written).toEqual([0, 1, 2, 3, 4]);
});

test('holds a bounded number of items, also while the first one does not end', async () => {
  const writes = heldWrites();
  const done = pipeline(source(items(20)), {
    width: 2,
    write: writes.write,
    onWritten: () => undefined,
    overlaps: never,
  });
  for (let n = 1; n < 20; n++) {
    await settled();
    writes.end(n);
  }
  await settled();
  expect(writes.started).toEqual([0, 1, 2, 3]);
  writes.end(0);
  for (let n = 4; n < 20; n++) {
    await settled();
    writes.end(n);
  }
  await done;
});

test('an item that overlaps with one under way waits for it', async () => {
  const writes = heldWrites();
  const done = pipeline(
    source([
      { n: 0, key: 'a' },
      { n: 1, key: 'a' },
    ]),
    {
      width: 2,
      write: writes.write,
      onWritten: () => undefined,
      overlaps: (earlier, later) => earlier.key === later.key,
    },
  );
  await settled();
  expect(writes.started).toEqual([0]);
  writes.end(0);
  await settled();
  expect(writes.started).toEqual([0, 1]);
  writes.end(1);
  await done;
});

test('a failed write ends it, after the other writes have ended', async () => {
  const writes = heldWrites();
  const written: number[] = [];
  let outcome = 'pending';
  const done = pipeline(source(items(9)), {
    width: 2,
    write: writes.write,
    onWritten: ({ n }) => written.push(n),
    overlaps: never,
  }).catch((error: Error) => {
    outcome = error.message;
  });
  await settled();
  writes.open.get(1)?.failed(new Error('no room'));
  await settled();
  expect(outcome).toBe('pending');
  writes.end(0);
  await done;
  expect(outcome).toBe('no room');
  expect(writes.started).toEqual([0, 1]);
  expect(written).toEqual([0]);
});

test('a failure of the source is thrown once what came before is written', async () => {
  const written: number[] = [];
  async function* broken(): AsyncGenerator<Item> {
    yield { n: 0 };
    throw new Error('cut');
  }
  const done = pipeline(broken(), {
    width: 2,
    write: () => settled().then(() => undefined),
    onWritten: ({ n }) => written.push(n),
    overlaps: never,
  });
  await expect(done).rejects.toThrow('cut');
  expect(written).toEqual([0]);
});
