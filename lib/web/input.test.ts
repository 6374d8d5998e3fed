import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldErrors, formInput, listOf, queryInput } from './input.ts';

function form(...pairs: [string, string | File][]): FormData {
  const data = new FormData();
  for (const [name, value] of pairs) data.append(name, value);
  return data;
}

test("a form's texts are read by name, files and Next's own fields are not", () => {
  const data = form(
    ['name', ' Contoso '],
    ['id', 'a'],
    ['id', 'b'],
    ['empty', ''],
    ['file', new File(['x'], 'x.txt')],
    ['$ACTION_ID_1', ''],
    ['$ACTION_1:0', '{}'],
  );
  expect(formInput(data)).toEqual({ name: ' Contoso ', id: ['a', 'b'], empty: '' });
});

test('a field named like a part of every object is a field like any other', () => {
  const input = formInput(form(['__proto__', 'x'], ['constructor', 'y']));
  expect(Object.entries(input)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
});

test('a query is read the same way', () => {
  expect(queryInput(new URLSearchParams('search=a%20b&licence=x&licence=y'))).toEqual({
    search: 'a b',
    licence: ['x', 'y'],
  });
});

test('none, one and several values are a list', () => {
  const schema = z.object({ id: listOf(z.string()) });
  expect(schema.parse({})).toEqual({ id: [] });
  expect(schema.parse({ id: 'a' })).toEqual({ id: ['a'] });
  expect(schema.parse({ id: ['a', 'b'] })).toEqual({ id: ['a', 'b'] });
});

test('each field gets its first complaint', () => {
  const schema = z.object({
    name: z.string().min(3, 'Too short.').regex(/^a/, 'Does not begin with a.'),
    ids: z.array(z.string().min(1, 'An id is empty.')),
  });
  const { error } = schema.safeParse({ name: 'b', ids: ['x', ''] });
  expect(error && fieldErrors(error)).toEqual({ name: 'Too short.', ids: 'An id is empty.' });
});
