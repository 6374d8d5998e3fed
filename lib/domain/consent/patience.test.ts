import { expect, test } from 'vitest';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { forEachConcurrently, PATIENCE_MS, repeatWhilePassing } from './patience.ts';

const NOT_YET: Problem = { code: 'principal-not-found' };

function scripted(...results: Result<string>[]) {
  const waits: number[] = [];
  const announced: number[] = [];
  let calls = 0;
  const outcome = repeatWhilePassing(
    async () => {
      const result = results[Math.min(calls, results.length - 1)];
      calls += 1;
      if (!result) throw new Error('nothing scripted');
      return result;
    },
    {
      wait: async (ms) => {
        waits.push(ms);
      },
      onWait: async (repetition) => {
        announced.push(repetition);
      },
    },
  );
  return { outcome, waits, announced };
}

test('goes on when what it waited for is there', async () => {
  const { outcome, waits, announced } = scripted(fail(NOT_YET), fail(NOT_YET), fail(NOT_YET), ok('done'));
  expect(await outcome).toEqual(ok('done'));
  expect(waits).toEqual([1000, 2000, 4000]);
  expect(announced).toEqual([1, 2, 3]);
});

test('gives up within its patience, with the last problem', async () => {
  const { outcome, waits } = scripted(fail(NOT_YET));
  expect(await outcome).toEqual(fail(NOT_YET));
  const total = waits.reduce((sum, ms) => sum + ms, 0);
  expect(total).toBeLessThanOrEqual(PATIENCE_MS);
  expect(total).toBeGreaterThan(PATIENCE_MS / 2);
  expect(Math.max(...waits)).toBe(15_000);
});

test('keeps a wait that Microsoft asks for', async () => {
  const { outcome, waits } = scripted(fail({ code: 'throttled', retryAfterSeconds: 42 }), ok('done'));
  await outcome;
  expect(waits).toEqual([42_000]);
});

test('another change of the same thing is waited for', async () => {
  const { outcome, waits } = scripted(fail({ code: 'conflict' }), ok('done'));
  expect(await outcome).toEqual(ok('done'));
  expect(waits).toEqual([1000]);
});

test('does not repeat what repeating cannot change', async () => {
  const { outcome, waits } = scripted(fail({ code: 'permission-missing' }));
  expect(await outcome).toMatchObject({ ok: false });
  expect(waits).toEqual([]);
});

test('works on every item once, a few at a time', async () => {
  const seen: number[] = [];
  let running = 0;
  let most = 0;
  await forEachConcurrently([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((done) => setImmediate(done));
    seen.push(item);
    running -= 1;
  });
  expect(seen.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
  await forEachConcurrently([], 3, async () => {
    throw new Error('nothing to do');
  });
});
