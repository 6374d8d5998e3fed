import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { createLog } from '#lib/log/log.ts';
import type { JobContract } from './jobs.ts';
import { createQueue, type Queue } from './queue.ts';

let db: TestDatabase;
const queues: Queue[] = [];
let jobs = 0;

beforeAll(async () => {
  db = await startTestDatabase();
});

afterAll(async () => {
  await Promise.all(queues.map((queue) => queue.close()));
  await db.stop();
});

function openQueue(): Queue {
  const queue = createQueue(db.target, createLog({ level: 'silent' }));
  queues.push(queue);
  return queue;
}

function contract(retryLimit = 0): JobContract<{ n: number }> {
  jobs += 1;
  return { name: `test-${jobs}`, payload: z.object({ n: z.number() }), retryLimit };
}

/** Collects what handlers were given, and lets a test wait for it. */
function recorder() {
  const seen: number[] = [];
  let wake = () => {};
  return {
    seen,
    add(n: number) {
      seen.push(n);
      wake();
    },
    async until(count: number) {
      while (seen.length < count) {
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    },
  };
}

test('processes that open an empty database at once all get a queue, and each job is done once', async () => {
  const job = contract();
  const done = recorder();
  const [first, ...others] = [openQueue(), openQueue(), openQueue()];
  await Promise.all(others.map((queue) => queue.work(job, async ({ n }) => done.add(n), { concurrency: 2 })));
  await Promise.all([1, 2, 3, 4].map((n) => first?.enqueue(job, { n })));
  await done.until(4);
  expect(done.seen.toSorted()).toEqual([1, 2, 3, 4]);
});

test('while a job of a key waits, a second one is not added', async () => {
  const job = contract();
  const done = recorder();
  const queue = openQueue();
  await queue.enqueue(job, { n: 1 }, { singletonKey: 'same' });
  await queue.enqueue(job, { n: 2 }, { singletonKey: 'same' });
  await queue.enqueue(job, { n: 3 }, { singletonKey: 'other' });
  await queue.enqueue(job, { n: 4 });
  await queue.enqueue(job, { n: 5 });
  const handle = await queue.work(job, async ({ n }) => done.add(n), { concurrency: 1 });
  await done.until(4);
  await handle.stop();
  expect(done.seen).toEqual([1, 3, 4, 5]);
});

test('a failed job is tried again, up to its limit', async () => {
  const job = contract(1);
  const tries = recorder();
  const queue = openQueue();
  const handle = await queue.work(
    job,
    async ({ n }) => {
      tries.add(n);
      throw new Error('no');
    },
    { concurrency: 1 },
  );
  await queue.enqueue(job, { n: 1 });
  await tries.until(2);
  await handle.stop();
  expect(tries.seen).toEqual([1, 1]);
});

test('what waits is begun as soon as a place is free', async () => {
  const job = contract();
  const done = recorder();
  const queue = openQueue();
  for (let n = 1; n <= 40; n++) await queue.enqueue(job, { n });
  const handle = await queue.work(job, async ({ n }) => done.add(n), { concurrency: 1 });
  // At one job in each half second this would take longer than a test may.
  await done.until(40);
  await handle.stop();
  expect(done.seen).toHaveLength(40);
}, 15_000);

test('a long job leaves its place to the next one, as often as it may', async () => {
  const job = contract();
  const begun = recorder();
  const queue = openQueue();
  const ends = new Map<number, () => void>();
  const handle = await queue.work(
    job,
    async ({ n }, _signal, place) => {
      if (n <= 2) place?.leave();
      begun.add(n);
      if (n <= 2) await new Promise<void>((end) => ends.set(n, end));
    },
    { concurrency: 1, besideMax: 1 },
  );
  await queue.enqueue(job, { n: 1 });
  await begun.until(1);
  // The second one has to stay in the only place, until the first one has ended and made room beside it.
  await queue.enqueue(job, { n: 2 });
  await begun.until(2);
  await queue.enqueue(job, { n: 3 });
  expect(begun.seen).toEqual([1, 2]);
  ends.get(1)?.();
  ends.get(2)?.();
  await begun.until(3);
  await queue.enqueue(job, { n: 4 });
  await begun.until(4);
  expect(begun.seen).toEqual([1, 2, 3, 4]);
  await handle.stop();
});

test('stopping tells the running handler, and waits for it', async () => {
  const job = contract();
  const events = recorder();
  const queue = openQueue();
  const handle = await queue.work(
    job,
    async (_payload, signal) => {
      events.add(1);
      await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
      events.add(2);
    },
    { concurrency: 1 },
  );
  await queue.enqueue(job, { n: 1 });
  await events.until(1);
  await handle.stop();
  expect(events.seen).toEqual([1, 2]);
});

test('a payload that does not fit is refused before it is stored', async () => {
  await expect(openQueue().enqueue(contract(), { n: Number.NaN })).rejects.toThrow();
});
