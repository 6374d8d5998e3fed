import { expect, test } from 'vitest';
import { quietLog } from '../testing.ts';
import { type Allowance, createAllowance, type Ledger, WINDOW_MS } from './allowance.ts';

const BUDGET = 1_000;

/** A ledger in memory, a clock that goes on by hand, and any number of processes that use both. */
function bed() {
  let now = 0;
  const counts = { reserve: 0, pauses: 0 };
  const used = new Map<string, number>();
  const rests = new Map<string, number>();
  let isAway = false;
  const reached = () => {
    if (isAway) throw new Error('away');
  };
  const ledger: Ledger = {
    async reserve(quota, units) {
      reached();
      counts.reserve += 1;
      const key = `${quota} ${Math.floor(now / WINDOW_MS)}`;
      const before = used.get(key) ?? 0;
      used.set(key, Math.min(BUDGET, before + units));
      return {
        granted: Math.max(0, Math.min(units, BUDGET - before)),
        windowLeftMs: WINDOW_MS - (now % WINDOW_MS),
      };
    },
    async pause(quota, ms) {
      reached();
      rests.set(quota, now + ms);
    },
    async pauses() {
      reached();
      counts.pauses += 1;
      return new Map([...rests].map(([quota, until]) => [quota, until - now]));
    },
  };
  return {
    counts,
    process: () => createAllowance({ clock: () => new Date(now), log: quietLog, ledger }),
    goOn: (ms: number) => {
      now += ms;
    },
    setAway: (value: boolean) => {
      isAway = value;
    },
  };
}

/** Takes units until it is told to hold back. */
async function takeAll(allowance: Allowance, quota = 'q'): Promise<{ units: number; holdMs: number }> {
  for (let units = 0; ; units += 10) {
    const holdMs = await allowance.take(quota, 10, false);
    if (holdMs > 0) return { units, holdMs };
  }
}

test('far from the limit nobody asks for single requests', async () => {
  const { process, counts } = bed();
  const allowance = process();
  for (let n = 0; n < 5_000; n++) expect(await allowance.take(`tenant ${n % 500}`, 10, false)).toBe(0);
  expect(counts).toEqual({ reserve: 0, pauses: 1 });
});

test('two processes use one budget, asking a few times, and have it again in the next window', async () => {
  const { process, counts, goOn } = bed();
  const [first, second] = [process(), process()];
  goOn(1_000);
  const one = await takeAll(first);
  expect(one).toEqual({ units: BUDGET, holdMs: WINDOW_MS - 1_000 });
  expect(counts.reserve).toBeLessThanOrEqual(BUDGET / 100);
  // What a process may use without asking is all that goes beyond.
  expect((await takeAll(second)).units).toBe(100);
  // A person does not wait for what a job has used up.
  expect(await second.take('q', 10, true)).toBe(0);
  goOn(one.holdMs);
  expect((await takeAll(second)).units).toBe(BUDGET);
});

test('a pause is learned by other processes within a moment, and by no other quota', async () => {
  const { process, goOn } = bed();
  const [first, second] = [process(), process()];
  expect(await second.take('q', 1, false)).toBe(0);
  await first.pause('q', 20_000);
  goOn(100);
  expect(await second.take('q', 1, true)).toBe(19_900);
  expect(await second.take('q', 0, false)).toBe(19_900);
  expect(await second.take('other', 1, false)).toBe(0);
  goOn(19_900);
  expect(await second.take('q', 1, false)).toBe(0);
});

test('a shorter pause does not end a longer one', async () => {
  const { process } = bed();
  const allowance = process();
  await allowance.pause('q', 20_000);
  await allowance.pause('q', 1_000);
  expect(await allowance.take('q', 1, false)).toBe(20_000);
});

test('while the ledger is away a process goes by what it knows, and shares again later', async () => {
  const { process, setAway, goOn, counts } = bed();
  const [first, second] = [process(), process()];
  setAway(true);
  await first.pause('q', 1_000);
  expect(await first.take('q', 10, false)).toBe(1_000);
  expect(await takeAll(second)).toEqual({ units: 1_100, holdMs: WINDOW_MS });
  expect(counts).toEqual({ reserve: 0, pauses: 0 });
  setAway(false);
  goOn(WINDOW_MS);
  expect((await takeAll(second)).units).toBe(BUDGET);
  expect(counts.pauses).toBe(1);
});

test('alone, a process has no limit but the pauses it was told', async () => {
  const allowance = createAllowance({ clock: () => new Date(0), log: quietLog });
  for (let n = 0; n < 1_000; n++) expect(await allowance.take('q', 10, false)).toBe(0);
  await allowance.pause('q', 7);
  expect(await allowance.take('q', 1, false)).toBe(7);
});
