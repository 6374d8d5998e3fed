import * as menu from 'lucide-react/icons/menu';
import { expect, test } from 'vitest';
import { glyph, glyphOf } from './glyph.tsx';
import { html } from './html.ts';

test('an icon of Lucide becomes text', () => {
  expect(`${glyph(glyphOf(menu), 'size-4')}`).toMatch(
    /^<svg aria-hidden="true" viewBox="0 0 24 24" class="glyph size-4">(<path d="M[\d h]+"\/>){3}<\/svg>$/,
  );
  expect(`${html`<b>${glyph(glyphOf(menu), '"')}</b>`}`).toContain('class="glyph &quot;"');
});

test('what is no icon is refused, not drawn as nothing', () => {
  expect(() => glyphOf({ default: () => null })).toThrow(TypeError);
});
