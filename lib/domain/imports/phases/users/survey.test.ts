import { expect, test } from 'vitest';
import { ok } from '#lib/core/result.ts';
import { rangesBetween } from './ranges.ts';
import { type Count, surveyBorders } from './survey.ts';

const now = new Date('2026-11-21T00:00:00Z');
const at = (iso: string) => Date.parse(iso) / 1000;

/** A directory that knows when its users were created, and how often it was asked. */
function directory(moments: readonly number[]) {
  const asked: number[] = [];
  let underWay = 0;
  const count: Count = async ({ from, to }) => {
    underWay += 1;
    if (underWay === 1) asked.push(0);
    asked[asked.length - 1] = Math.max(asked.at(-1) ?? 0, underWay);
    await new Promise((done) => setImmediate(done));
    underWay -= 1;
    return ok(moments.filter((moment) => moment >= (from ?? -1e12) && moment <= (to ?? 1e12)).length);
  };
  return { count, asked };
}

async function survey(moments: readonly number[], rangeUsers = 2_900) {
  const { count, asked } = directory(moments);
  const borders = await surveyBorders(count, { now, users: moments.length, rangeUsers });
  if (!borders.ok || !borders.value) throw new Error('no borders');
  const sizes = rangesBetween(borders.value).map(
    ({ from, to }) => moments.filter((moment) => moment >= (from ?? -1e12) && moment <= (to ?? 1e12)).length,
  );
  return { asked, sizes, largest: Math.max(...sizes) };
}

const spread = (users: number, from: number, to: number) =>
  Array.from({ length: users }, (_, n) => Math.floor(from + ((to - from) * n) / users));

test('a directory that has grown evenly is divided after one round', async () => {
  const { asked, largest, sizes } = await survey(spread(100_000, at('2012-01-09'), at('2025-06-30')));
  expect(asked).toEqual([16]);
  expect(largest).toBeLessThan(6_000);
  expect(sizes.length).toBeLessThan(80);
});

test('four of five users who came within an hour are divided among many ranges', async () => {
  const moments = [
    ...spread(20_000, at('2015-01-01'), at('2026-01-01')),
    ...spread(80_000, at('2019-03-04T10:00:00Z'), at('2019-03-04T11:00:00Z')),
  ];
  const { asked, largest } = await survey(moments);
  expect(asked.length).toBeLessThanOrEqual(4);
  expect(Math.max(...asked)).toBeLessThanOrEqual(16);
  expect(largest).toBeLessThan(12_500);
});

test('users of a single second stay together, and end the counting', async () => {
  const moments = [
    ...spread(5_000, at('2015-01-01'), at('2026-01-01')),
    ...Array.from({ length: 50_000 }, () => at('2019-03-04T10:00:00Z')),
  ];
  const { asked, largest } = await survey(moments);
  expect(asked.length).toBeLessThanOrEqual(4);
  expect(largest).toBeGreaterThanOrEqual(50_000);
});

test('a service that does not count says nothing about ranges', async () => {
  const borders = await surveyBorders(async () => ok(undefined), { now, users: 9_000, rangeUsers: 2_900 });
  expect(borders).toEqual(ok(undefined));
});
