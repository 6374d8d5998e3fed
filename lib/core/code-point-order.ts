/**
 * Compares two texts by code point, for `sort`. JavaScript's own `<` compares UTF-16 units, which puts characters
 * beyond U+FFFF, such as emoji, before some others; the bytes of UTF-8 are in the order of the code points.
 */
export const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
