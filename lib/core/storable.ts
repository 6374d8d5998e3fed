/**
 * The text as PostgreSQL can hold it. It is exactly what Microsoft sent, but for NUL characters and halves of
 * surrogate pairs, for which the database has no room: U+FFFD stands in their place.
 */
export function storable<T extends string | null>(text: T): T | string {
  if (text === null || (!text.includes('\0') && text.isWellFormed())) return text;
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
