import { html as template } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Markup in which every value has been escaped; only `html` makes it. */
export type Html = HtmlEscapedString;

type Value = string | number | Html | readonly Html[] | null | undefined | false;

/**
 * Writes markup as text: `` html`<td>${name}</td>` ``. Values are escaped, for text and for attributes in quotes. For
 * the rows of long lists, where an element of React costs a hundred times as much, on the server and in the browser.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const written = template(strings, ...values);
  if (written instanceof Promise)
    throw new TypeError('The values of a template are known when it is written.');
  return written;
}

/**
 * The attribute that puts markup into an element of React, to be spread: `<ul {...filledWith(items)} />`. The only place
 * where text becomes HTML; it takes nothing but `Html`.
 */
export const filledWith = (parts: readonly Html[]) => ({
  dangerouslySetInnerHTML: { __html: parts.join('') },
});
