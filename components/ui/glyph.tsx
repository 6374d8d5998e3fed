import { filledWith, type Html, html } from './html.ts';

/** The shapes of an icon, as text. */
export type Glyph = Html;

/** A module of `lucide-react/icons`, which has the icon's shapes beside its component. */
type IconModule = { readonly __iconData?: { readonly node: readonly Shape[] } };
type Shape = readonly [tag: string, attributes: Readonly<Record<string, string>>];

/**
 * Takes the shapes out of an icon: `glyphOf(await import('lucide-react/icons/menu'))`. Lucide's own components are drawn in the
 * browser as well, and cost as much as six elements.
 */
export function glyphOf(module: object): Glyph {
  const { __iconData: data } = module as IconModule;
  if (!data) throw new TypeError('This is no icon of Lucide.');
  return html`${data.node.map(shape)}`;
}

const shape = ([tag, { key: _key, ...attributes }]: Shape): Html =>
  html`<${tag}${Object.entries(attributes).map(([name, value]) => html` ${name}="${value}"`)}/>`;

/** An icon in markup that is written as text. Hidden from screen readers. */
export const glyph = (shapes: Glyph, className: string): Html =>
  html`<svg aria-hidden="true" viewBox="0 0 24 24" class="glyph ${className}">${shapes}</svg>`;

/** The same as an element, for what the server draws. */
export function GlyphIcon({ shapes, className }: { readonly shapes: Glyph; readonly className: string }) {
  return <svg aria-hidden viewBox="0 0 24 24" className={`glyph ${className}`} {...filledWith([shapes])} />;
}
