import { filledWith, type Html } from './html.ts';

/**
 * The rows of a long list, written with `html`: `<tr>` with `<th scope="row">` and `<td>`, which need no class names.
 * Their links lead on like the other links of the portal (components/shell/soft-links.tsx).
 */
export function HtmlTableBody({ rows }: { readonly rows: readonly Html[] }) {
  return <tbody className="html-rows" {...filledWith(rows)} />;
}
