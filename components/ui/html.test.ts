import { expect, test } from 'vitest';
import { html } from './html.ts';

test('values are escaped in text and in attributes, and templates within templates are not escaped twice', () => {
  const hostile = `"><script>alert('1')</script>&`;
  const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;';
  const cell = html`<td title="${hostile}">${hostile}</td>`;
  expect(`${cell}`).toBe(`<td title="${escaped}">${escaped}</td>`);
  expect(`${html`<tr>${[cell, cell]}</tr>`}`).toBe(`<tr>${cell}${cell}</tr>`);
});

test('what is absent leaves nothing, and a zero is a value', () => {
  expect(`${html`<b>${undefined}${null}${false}${0}</b>`}`).toBe('<b>0</b>');
});
