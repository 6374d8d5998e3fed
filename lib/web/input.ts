import { z } from 'zod';

/** The fields of a form as a schema reads them: a name that occurs more than once becomes a list. Files are left out. */
export function formInput(form: FormData): Record<string, string | string[]> {
  const texts = [...form.entries()].filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !entry[0].startsWith('$ACTION'),
  );
  return gather(texts);
}

/** The same for the query of an address. */
export const queryInput = (query: URLSearchParams): Record<string, string | string[]> => gather([...query]);

function gather(pairs: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const groups = Map.groupBy(pairs, ([name]) => name);
  return Object.fromEntries(
    [...groups].map(([name, [first, ...others]]) => [
      name,
      others.length > 0 ? [first?.[1] ?? '', ...others.map(([, value]) => value)] : (first?.[1] ?? ''),
    ]),
  );
}

/** A list of values under one name, such as checkboxes: none, one and several of them are all a list. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]), z.array(item));

/** The first complaint about each field, by the field's name. */
export function fieldErrors(error: z.ZodError): Record<string, string> {
  const firsts = new Map<string, string>();
  for (const issue of error.issues) {
    const field = String(issue.path[0] ?? '');
    if (!firsts.has(field)) firsts.set(field, issue.message);
  }
  return Object.fromEntries(firsts);
}
