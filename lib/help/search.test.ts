import { expect, test } from 'vitest';
import { HELP_PAGES } from './catalogue.ts';
import { searchHelp } from './search.ts';

const codesOf = (query: string) => searchHelp(query).map(({ code }) => code);

test.each([
  ['50020', 'AADSTS50020'],
  ['AADSTS50020', 'AADSTS50020'],
  ['aadsts7000222', 'AADSTS7000222'],
  ['wrong-account', 'wrong-account'],
  ['Authorization_RequestDenied', 'Authorization_RequestDenied'],
  ['scopelocked', 'ScopeLocked'],
  ['locked', 'ScopeLocked'],
  ['expired secret', 'AADSTS7000222'],
  ['Conditional Access', 'blocked-by-policy'],
  ['MICROSOFT_CLOUD', 'tenant-unknown'],
])('%s finds %s', (query, code) => {
  expect(codesOf(query)).toContain(code);
});

test('a code finds its own page alone or first', () => {
  expect(codesOf('AADSTS50020')).toEqual(['AADSTS50020']);
  expect(codesOf('throttled')[0]).toBe('throttled');
});

test('a pasted message is searched by the codes in it', () => {
  const message =
    'AADSTS53003: Access has been blocked by Conditional Access policies. Trace ID: 6b0c Correlation ID: 1e9f0a1b-0000-4000-8000-000000000001 Timestamp: 2031-04-05 06:07:08Z';
  expect(codesOf(message)).toEqual(['AADSTS53003']);
});

test('nothing searched is everything, nothing found is nothing', () => {
  expect(searchHelp('  ')).toEqual(HELP_PAGES);
  expect(searchHelp('zzzz nothing')).toEqual([]);
  expect(searchHelp('((((')).toEqual([]);
  expect(searchHelp('x'.repeat(100_000))).toEqual([]);
});
