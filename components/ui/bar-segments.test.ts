import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segments, sumOf } from './bar-segments.ts';

describe('segments', () => {
  it('places the parts beside each other and leaves out empty ones', () => {
    expect(segments([30, 0, -5, 20], 100)).toEqual([
      { index: 0, start: 0, width: 30 },
      { index: 3, start: 30, width: 20 },
    ]);
  });

  it('draws nothing of nothing', () => {
    expect(segments([0, 0], 0)).toEqual([]);
  });

  it('fills the bar exactly when the whole is the sum', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -10, max: 1_000_000 }), { maxLength: 8 }), (values) => {
        const last = segments(values, sumOf(values)).at(-1);
        if (last) expect(last.start + last.width).toBeCloseTo(100, 6);
      }),
    );
  });
});
