import { expect, test } from 'vitest';
import { NAME_CHARACTERS_MAX, nameOf } from './name.ts';

const Name = nameOf('the tenant');
const complaint = (value: unknown) => Name.safeParse(value).error?.issues.map(({ message }) => message);

test.each([
  ['  Contoso  ', 'Contoso'],
  ['\u3000Contoso\u00a0', 'Contoso'],
  ['Cafe\u0301', 'Café'],
  ['株式会社コントソ', '株式会社コントソ'],
  ['👩‍👩‍👧 & Söhne', '👩‍👩‍👧 & Söhne'],
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['€', '€'],
])('%j is kept as %j', (value, name) => {
  expect(Name.parse(value)).toBe(name);
});

test.each([
  [''],
  ['   '],
  ['\t\n'],
  ['\u3000\u2003'],
  ['\u200b\u200b'],
  ['\u2060'],
  [undefined],
  [7],
  [['a', 'b']],
])('%j is no name', (value) => {
  expect(complaint(value)).toEqual(['Enter a name for the tenant.']);
});

test('the length is counted as people count', () => {
  expect(Name.parse('🏢'.repeat(NAME_CHARACTERS_MAX))).toHaveLength(2 * NAME_CHARACTERS_MAX);
  expect(complaint('a'.repeat(NAME_CHARACTERS_MAX + 1))).toEqual([
    'The name is too long. Use at most 120 characters.',
  ]);
  expect(Name.safeParse(` ${'a'.repeat(NAME_CHARACTERS_MAX)} `).success).toBe(true);
});

test.each([
  'Con\u0000toso',
  'Con\ntoso',
  'Con\u001btoso',
  'Con\u0085toso',
  'Con\u2028toso',
  'Con\u202etoso',
  'Con\u2066toso',
])('%j is refused for what cannot be seen', (value) => {
  expect(complaint(value)).toEqual([
    'The name contains control characters or line breaks. Type it without them.',
  ]);
});
