import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bordersOfQuantiles,
  bordersOfSlices,
  cut,
  heavySlices,
  type Range,
  rangesBetween,
  rangesOf,
  type Slice,
} from './ranges.ts';

const second = fc.integer({ min: -2_000_000_000, max: 4_000_000_000 });
const holds = ({ from, to }: Range, moment: number): boolean =>
  (from === null || moment >= from) && (to === null || moment <= to);

test('every moment is in a range, those within a second too, and in two of them at most at a border', () => {
  fc.assert(
    fc.property(
      fc.array(second, { maxLength: 20 }),
      fc.oneof(
        second,
        fc.tuple(second, fc.double({ min: 0, max: 0.999, noNaN: true })).map(([s, f]) => s + f),
      ),
      (borders, moment) => {
        const ranges = rangesBetween(borders);
        for (const at of [moment, ...borders, ...borders.map((border) => border + 0.5)]) {
          const count = ranges.filter((range) => holds(range, at)).length;
          expect(count).toBeGreaterThanOrEqual(1);
          expect(count).toBeLessThanOrEqual(borders.includes(at) ? 2 : 1);
        }
      },
    ),
  );
});

test('ranges are open at both ends and meet at their borders', () => {
  expect(rangesBetween([20, 10, 20])).toEqual([
    { from: null, to: 10 },
    { from: 10, to: 20 },
    { from: 20, to: null },
  ]);
  expect(rangesBetween([])).toEqual([{ from: null, to: null }]);
});

test('a border by a known date is the second before it', () => {
  expect(bordersOfQuantiles([new Date('1970-01-01T00:01:40.700Z')])).toEqual([99]);
});

test('so many users make so many ranges', () => {
  expect(rangesOf(2_000, 2_900, 120)).toBe(1);
  expect(rangesOf(100_000, 2_900, 120)).toBe(35);
  expect(rangesOf(1_000_000, 2_900, 120)).toBe(120);
});

test('a cut range is whole again when its parts are put together', () => {
  fc.assert(
    fc.property(second, fc.nat(1_000_000), fc.integer({ min: 1, max: 50 }), (from, length, parts) => {
      const range = { from, to: from + length };
      const pieces = cut(range, parts);
      expect(pieces.length).toBeLessThanOrEqual(parts);
      expect([pieces[0]?.from, pieces.at(-1)?.to]).toEqual([range.from, range.to]);
      pieces.slice(1).forEach((piece, n) => {
        expect(piece.from).toBe(pieces[n]?.to);
      });
      if (length > 1 && parts > 1) expect(pieces.length).toBeGreaterThan(1);
    }),
  );
});

test('the heaviest slices get the most of the counts, and what cannot be cut gets none', () => {
  const slices: Slice[] = [
    { from: null, to: 0, users: 90_000 },
    { from: 0, to: 1, users: 90_000 },
    { from: 1, to: 1000, users: 5_000 },
    { from: 1000, to: 2000, users: 60_000 },
    { from: 2000, to: 3000, users: 20_000 },
  ];
  const heavy = heavySlices(slices, { usersMax: 10_000, counts: 16 });
  expect([...heavy].map(([{ from }, parts]) => [from, parts])).toEqual([
    [1000, 12],
    [2000, 4],
  ]);
});

test('slices become ranges of about as many users', () => {
  const slices: Slice[] = [
    { from: null, to: 0, users: 10 },
    { from: 0, to: 100, users: 0 },
    { from: 100, to: 200, users: 3000 },
    { from: 200, to: 300, users: 9000 },
    { from: 300, to: 400, users: 200 },
    { from: 400, to: null, users: 300 },
  ];
  expect(bordersOfSlices(slices, 3000)).toEqual([100, 200, 233, 267, 300]);
});
