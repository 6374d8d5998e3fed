import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

const { signal } = new AbortController();

/** Work that is done when the test says so. */
function piece() {
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let hasBegun = false;
  return {
    finish,
    hasBegun: () => hasBegun,
    work: () => {
      hasBegun = true;
      return done;
    },
  };
}

test('small runs work side by side, and so does a large one while it is alone', async () => {
  const turns = new Turns();
  const [one, two] = [turns.begin(), turns.begin()];
  const [first, second] = [piece(), piece()];
  const taken = [one.take(first.work, signal), two.take(second.work, signal)];
  expect([first.hasBegun(), second.hasBegun()]).toEqual([true, true]);
  first.finish();
  second.finish();
  await Promise.all(taken);
  one.end();
  two.expect(100_000);
  const [third, fourth] = [piece(), piece()];
  const others = [two.take(third.work, signal), two.take(fourth.work, signal)];
  expect([third.hasBegun(), fourth.hasBegun()]).toEqual([true, true]);
  third.finish();
  fourth.finish();
  await Promise.all(others);
});

test('a run is told once that it is large', () => {
  const turns = new Turns();
  let told = 0;
  const turn = turns.begin(() => {
    told += 1;
  });
  turn.expect(200);
  expect(told).toBe(0);
  turn.expect(300_000);
  turn.expect(300_000);
  turn.end();
  turn.expect(300_000);
  expect(told).toBe(1);
});

test('beside a small run a large one works on one piece at a time, until it is alone', async () => {
  const turns = new Turns();
  const [small, large] = [turns.begin(), turns.begin()];
  large.expect(300_000);
  const [first, second] = [piece(), piece()];
  const taken = [large.take(first.work, signal), large.take(second.work, signal)];
  await new Promise(setImmediate);
  expect([first.hasBegun(), second.hasBegun()]).toEqual([true, false]);
  const third = piece();
  const meanwhile = small.take(third.work, signal);
  expect(third.hasBegun()).toBe(true);
  third.finish();
  await meanwhile;
  first.finish();
  small.end();
  await taken[0];
  second.finish();
  await Promise.all(taken);
});

test('a run that is stopped rests no longer, and a failure holds up nobody', async () => {
  const turns = new Turns();
  turns.begin();
  const large = turns.begin();
  large.expect(300_000);
  const stopping = new AbortController();
  stopping.abort();
  await large.take(async () => {}, stopping.signal);
  await expect(large.take(() => Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  expect(await large.take(async () => 1, stopping.signal)).toBe(1);
});
