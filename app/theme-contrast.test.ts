import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./globals.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name, light, dark]) => [name, { light, dark }],
  ),
);

/** Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(foreground: string, background: string, theme: 'light' | 'dark'): number {
  const [bright = 0, dim = 0] = [foreground, background]
    .map((name) => {
      const hex = tokens.get(name)?.[theme];
      if (!hex) throw new Error(`globals.css has no token --${name} with a value for both themes`);
      return luminance(hex);
    })
    .sort((one, other) => other - one);
  return (bright + 0.05) / (dim + 0.05);
}

const GROUNDS = ['canvas', 'sunken', 'raised', 'hover', 'pressed', 'accent-soft'];
const STATES = ['success', 'warning', 'danger', 'info'];
const CHARTS = ['chart-1', 'chart-2', 'chart-3', 'chart-4', 'chart-5', 'chart-6'];

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  it.each([
    ...['ink', 'muted', 'accent-ink', ...STATES].flatMap((text) => GROUNDS.map((ground) => [text, ground])),
    ...STATES.flatMap((state) => [state, 'ink', 'muted'].map((text) => [text, `${state}-soft`])),
    ['on-accent', 'accent'],
    ['on-accent', 'accent-hover'],
    ['on-danger', 'danger-solid'],
    ['on-danger', 'danger-solid-hover'],
    ['canvas', 'ink'],
  ])('text in %s can be read on %s', (text = '', ground = '') => {
    expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ...['canvas', 'sunken', 'raised'].flatMap((ground) => [
      ['control', ground],
      ['focus', ground],
      ['accent', ground],
    ]),
    ...CHARTS.map((series) => [series, 'canvas']),
  ])('%s can be told from %s', (shape = '', ground = '') => {
    expect(contrast(shape, ground, theme)).toBeGreaterThanOrEqual(3);
  });
});
