import { expect, test } from 'vitest';
import { PageWindow, sideBySide } from './lanes.ts';

const settled = () => new Promise((done) => setImmediate(done));

/** Sources of numbered items that come when the test says so. */
function heldSources(lengths: readonly number[]) {
  const open = new Map<string, () => void>();
  async function* source(n: number, length: number): AsyncGenerator<string> {
    for (let item = 1; item <= length; item += 1) {
      const name = `${n}.${item}`;
      await new Promise<void>((done) => open.set(name, done));
      open.delete(name);
      yield name;
    }
  }
  return {
    sources: lengths.map((length, n) => source(n, length)),
    underWay: () => [...open.keys()].sort(),
    async come(name: string) {
      open.get(name)?.();
      await settled();
    },
  };
}

test('so many sources are at work, each asked again once its item was taken, and begun ones go on first', async () => {
  const held = heldSources([2, 1, 1]);
  const items = sideBySide(held.sources, () => 2);
  const first = items.next();
  await settled();
  expect(held.underWay()).toEqual(['0.1', '1.1']);
  await held.come('0.1');
  expect(await first).toEqual({ value: '0.1', done: false });
  // Nobody has asked for more.
  expect(held.underWay()).toEqual(['1.1']);
  const second = items.next();
  await settled();
  expect(held.underWay()).toEqual(['0.2', '1.1']);
  await held.come('1.1');
  expect((await second).value).toBe('1.1');
  const rest: string[] = [];
  const done = (async () => {
    for await (const item of items) rest.push(item);
  })();
  await settled();
  expect(held.underWay()).toEqual(['0.2', '2.1']);
  await held.come('2.1');
  await held.come('0.2');
  await done;
  expect(rest).toEqual(['2.1', '0.2']);
});

test('a narrower window lets what is under way come and begins nothing', async () => {
  let width = 3;
  const held = heldSources([2, 2, 2]);
  const items = sideBySide(held.sources, () => width);
  const first = items.next();
  await settled();
  width = 1;
  await held.come('1.1');
  await first;
  const second = items.next();
  await settled();
  expect(held.underWay()).toEqual(['0.1', '2.1']);
  await held.come('0.1');
  expect((await second).value).toBe('0.1');
});

test('a failure is thrown when the others have come to rest', async () => {
  const held = heldSources([1]);
  async function* broken(): AsyncGenerator<string> {
    yield 'good';
    throw new Error('broken');
  }
  const items = sideBySide([broken(), ...held.sources], () => 2);
  expect((await items.next()).value).toBe('good');
  let failure: unknown;
  const next = items.next().catch((error: unknown) => {
    failure = error;
  });
  await settled();
  expect(failure).toBeUndefined();
  await held.come('0.1');
  await next;
  expect(failure).toEqual(new Error('broken'));
});

test('the window opens until somebody complains, and then slowly', () => {
  const window = new PageWindow(4, 8);
  const at = (ms: number) => new Date(1_000_000 + ms);
  for (let n = 0; n < 10; n += 1) window.succeeded(at(0));
  expect(window.width).toBe(8);
  window.used('0.79', at(10));
  window.used(null, at(10));
  expect(window.width).toBe(8);
  window.used('0.8', at(10));
  // Those that were under way with it.
  window.throttled(at(20));
  window.throttled(at(30));
  expect(window.width).toBe(4);
  window.succeeded(at(900));
  expect(window.width).toBe(4);
  window.succeeded(at(1_100));
  window.succeeded(at(1_200));
  expect(window.width).toBe(5);
  window.throttled(at(2_000));
  window.throttled(at(3_100));
  window.throttled(at(4_200));
  window.throttled(at(5_300));
  expect(window.width).toBe(1);
});
