import { describe, expect, it } from 'vitest';
import { nextTabIndex, selectedTab } from './tab-selection.ts';

describe('selectedTab', () => {
  const tabs = ['/t/1', '/t/1/imports', '/t/1/import'];

  it.each([
    ['/t/1', 0],
    ['/t/1/imports', 1],
    ['/t/1/imports/7', 1],
    ['/t/1/import', 2],
    ['/t/1/other', 0],
    ['/t/10', undefined],
    ['/elsewhere', undefined],
  ])('%s belongs to %s', (pathname, index) => {
    expect(selectedTab(tabs, pathname)).toBe(index);
  });
});

describe('nextTabIndex', () => {
  it('goes round at both ends', () => {
    expect(nextTabIndex('ArrowRight', 2, 3)).toBe(0);
    expect(nextTabIndex('ArrowLeft', 0, 3)).toBe(2);
    expect(nextTabIndex('Home', 2, 3)).toBe(0);
    expect(nextTabIndex('End', 0, 3)).toBe(2);
  });

  it('leaves other keys and foreign focus alone', () => {
    expect(nextTabIndex('Enter', 0, 3)).toBeUndefined();
    expect(nextTabIndex('ArrowRight', -1, 3)).toBeUndefined();
    expect(nextTabIndex('ArrowRight', 0, 0)).toBeUndefined();
  });
});
