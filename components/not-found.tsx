import * as searchX from 'lucide-react/icons/search-x';
import { buttonClass } from './ui/button-class.ts';
import { glyph, glyphOf } from './ui/glyph.tsx';
import { filledWith, html } from './ui/html.ts';

const SEARCH_X = glyphOf(searchX);

// As text: Next sends it along with every page, in case it will be needed.
const CONTENT = html`<span class="flex size-11 items-center justify-center rounded-full bg-sunken text-muted">${glyph(SEARCH_X, 'size-5')}</span><div class="flex flex-col gap-1"><h1 class="font-semibold text-title">Page not found</h1><p class="max-w-md text-muted">There is nothing at this address. It may have been removed, or it belongs to another organization.</p></div><a href="/setup/cloud-tenants" data-soft="" class="${buttonClass()}">Go to Cloud Tenant Setup</a>`;

/** What a missing page and a page of somebody else have in common: it does not exist. */
export function NotFound() {
  return <div className="flex flex-col items-start gap-4" {...filledWith([CONTENT])} />;
}
