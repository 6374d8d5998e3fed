const ODD = /["\\]/;
const ODD_ALL = /["\\]/g;

/**
 * An array as PostgreSQL writes it, for a parameter that is cast to `text[]` or the like. `pg` makes the same of a
 * JavaScript array, for members of any type, which takes twice as long: 0.3 s for 100,000 users of 25 columns.
 * @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function arrayLiteral<Item>(
  items: readonly Item[],
  value: (item: Item) => string | boolean | null,
): string {
  let literal = '{';
  for (let n = 0; n < items.length; n += 1) {
    const member = value(items[n] as Item);
    if (n > 0) literal += ',';
    if (member === null) literal += 'NULL';
    else if (typeof member === 'boolean') literal += member ? 'true' : 'false';
    else literal += ODD.test(member) ? `"${member.replace(ODD_ALL, '\\$&')}"` : `"${member}"`;
  }
  return `${literal}}`;
}
