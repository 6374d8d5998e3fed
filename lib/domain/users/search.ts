/*
 * Search by any part of a name or an address, through the trigram index, which knows words by groups of three
 * characters. A search of one or two letters finds no such group except at the beginning of a word, so that is where
 * it looks.
 */

/** The indexed text: name, user principal name and mail address, a line each. The index has the same expression. */
const SEARCH_TEXT =
  "lower(coalesce(u.display_name, '') || E'\\n' || coalesce(u.user_principal_name, '') || E'\\n' || coalesce(u.mail, ''))";

/** What may stand before the beginning of a word. */
const WORD_BREAKS = ['\n', ' ', '.', '-', '_'];

// Scripts that put no space between words, so that every character may begin one.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const ONE_OR_TWO_LETTERS = /^[\p{L}\p{N}]{1,2}$/u;

/** The condition that a user is found by a search; `add` takes a parameter and gives its place. */
export function searchCondition(search: string, add: (value: unknown) => string): string {
  // The case is folded where the index folds it: JavaScript's rules differ for some letters.
  const patterns = searchPatterns(search).map((pattern) => `lower(${add(pattern)})`);
  return `${SEARCH_TEXT} LIKE ANY (ARRAY[${patterns.join(', ')}])`;
}

/** The LIKE patterns one of which must fit; their case does not matter. */
export function searchPatterns(search: string): string[] {
  const literal = search.replaceAll(/[\\%_]/g, '\\$&');
  if (!ONE_OR_TWO_LETTERS.test(search) || UNSPACED.test(search)) return [`%${literal}%`];
  return [`${literal}%`, ...WORD_BREAKS.map((before) => `%${before === '_' ? '\\_' : before}${literal}%`)];
}
