import { expect, test } from 'vitest';
import { readRetryAfter, retryDelay } from './retry-delay.ts';

const now = new Date('2030-01-02T03:04:05Z');

test.each([
  ['7', 7000],
  ['0', 0],
  ['2.128', 2128],
  [' 10 ', 10_000],
  ['Wed, 02 Jan 2030 03:04:35 GMT', 30_000],
  ['Wed, 02 Jan 2030 03:00:00 GMT', 0],
  ['', undefined],
  ['-5', undefined],
  ['soon', undefined],
  ['1e3', undefined],
  [null, undefined],
])('Retry-After %j is %j ms', (header, expected) => {
  expect(readRetryAfter(header, now)).toBe(expected);
});

test('what was asked for is never undercut, whatever chance says', () => {
  for (const random of [0, 0.5, 0.999]) {
    expect(retryDelay(1, 7000, random)).toBeGreaterThanOrEqual(7000);
    expect(retryDelay(1, 7000, random)).toBeLessThanOrEqual(8000);
  }
  expect(retryDelay(3, 0, 0.999)).toBe(0);
});

test('without a wish it doubles up to half a minute', () => {
  expect([1, 2, 3, 7, 20].map((attempt) => retryDelay(attempt, undefined, 0.999))).toEqual([
    500, 1000, 1999, 29_985, 29_985,
  ]);
  expect(retryDelay(1, undefined, 0)).toBe(250);
});
