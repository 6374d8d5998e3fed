import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDay,
  formatDuration,
  formatInstant,
  formatQuantity,
  formatRelative,
  formatShare,
} from './format.ts';

const now = new Date('2026-11-21T05:17:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);

describe('numbers', () => {
  it('separates thousands and agrees with the noun', () => {
    expect(formatCount(84310)).toBe('84,310');
    expect(formatQuantity(1, 'user')).toBe('1 user');
    expect(formatQuantity(0, 'user')).toBe('0 users');
    expect(formatQuantity(2, 'directory', 'directories')).toBe('2 directories');
  });

  it.each([
    [1, 2, '50%'],
    [7, 8, '87.5%'],
    [0, 8, '0%'],
    [8, 8, '100%'],
    [99_999, 100_000, '>99.9%'],
    [1, 100_000, '<0.1%'],
    [12, 10, '120%'],
  ])('shows %i of %i as %s', (part, whole, text) => {
    expect(formatShare(part, whole)).toBe(text);
  });

  it('has no share of nothing', () => {
    expect(formatShare(0, 0)).toBeUndefined();
  });
});

describe('time', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [499, '0 s'],
    [4200, '4 s'],
    [72_000, '1 min 12 s'],
    [120_000, '2 min'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [86_400_000 + 60_000, '1 d'],
  ])('shows %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('names the zone of an instant', () => {
    expect(formatInstant(now, 'UTC')).toBe('21 Nov 2026, 05:17 UTC');
    expect(formatDay(now, 'UTC')).toBe('21 Nov 2026');
  });

  it.each([
    [10_000, 'just now'],
    [-10_000, 'just now'],
    [60_000, '1 min ago'],
    [59 * 60_000, '59 min ago'],
    [59 * 60_000 + 45_000, '1 h ago'],
    [3 * 3_600_000, '3 h ago'],
    [-2 * 3_600_000, 'in 2 h'],
    [24 * 3_600_000, '1 day ago'],
    [29 * 86_400_000, '29 days ago'],
    [40 * 86_400_000, '12 Oct 2026'],
  ])('shows %i ms before now as %s', (ms, text) => {
    expect(formatRelative(ago(ms), now, 'UTC')).toBe(text);
  });
});
