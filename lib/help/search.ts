import { findHelpPage, HELP_PAGES, type HelpPage } from './catalogue.ts';

/** What a person may paste: a whole message of Microsoft's is shorter. */
const QUERY_MAX = 2000;
const WORDS_MAX = 12;

/**
 * The pages that a search finds, best first; all of them for an empty one. A pasted message is searched by the codes in
 * it. Otherwise each word must occur, whatever its case: a page whose code or heading has them comes before one whose
 * text has.
 */
export function searchHelp(query: string): readonly HelpPage[] {
  const text = query.slice(0, QUERY_MAX).trim().toLowerCase();
  if (text === '') return HELP_PAGES;
  const named = pagesNamedIn(text);
  if (named.length > 0) return named;
  const words = text
    .split(/[^\p{L}\p{N}_-]+/u)
    .filter(Boolean)
    .slice(0, WORDS_MAX);
  if (words.length === 0) return [];
  const ranked = HELP_PAGES.map((page) => ({ page, rank: rankOf(page, words) })).filter(
    ({ rank }) => rank > 0,
  );
  return ranked.sort((one, other) => other.rank - one.rank).map(({ page }) => page);
}

/** Those whose code stands in the text as a word of its own, in the order in which they occur. */
function pagesNamedIn(text: string): readonly HelpPage[] {
  const words = text.split(/[^\w-]+/).filter((word) => /\d|_|-/.test(word) || text === word);
  return [...new Set(words.flatMap((word) => findHelpPage(word) ?? []))];
}

function rankOf(page: HelpPage, words: readonly string[]): number {
  const { code, heading, quote = '', cause, fix, where = '' } = page;
  const has = (...texts: readonly string[]) => {
    const all = texts.join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  };
  if (has(code)) return 3;
  if (has(code, heading, quote)) return 2;
  return has(code, heading, quote, where, cause, fix) ? 1 : 0;
}
