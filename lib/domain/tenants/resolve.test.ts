import { expect, test } from 'vitest';
import { DirectoryId } from '#lib/core/ids.ts';
import { TenantReference, typedDomain, wordsFor } from './resolve.ts';

const DIRECTORY = 'c0000000-0000-4000-8000-00000000c001';

test.each([
  ['contoso.com', 'contoso.com'],
  ['  Contoso.COM ', 'contoso.com'],
  ['https://www.contoso.com/about?x=1#y', 'www.contoso.com'],
  ['alex.admin@contoso.com', 'contoso.com'],
  ['bücher.example', 'bücher.example'],
  [DIRECTORY.toUpperCase(), DIRECTORY],
])('%j names the tenant %s', (typed, reference) => {
  expect(TenantReference.parse(typed)).toBe(reference);
});

test.each(['', '   ', 'https://', 'x'.repeat(301)])('%j is refused in words', (typed) => {
  expect(TenantReference.safeParse(typed).error?.issues[0]?.message).toMatch(/domain/);
});

test('a tenant ID is not a domain', () => {
  expect(typedDomain(DIRECTORY)).toBeUndefined();
  expect(typedDomain('contoso.com')).toBe('contoso.com');
});

test('region and cloud are said in words, an unknown region as Microsoft spells it', () => {
  const directoryId = DirectoryId.parse(DIRECTORY);
  expect(wordsFor({ directoryId, regionScope: 'EU', cloudInstance: 'microsoftonline.com' })).toEqual({
    region: 'Europe',
    cloud: 'Microsoft global cloud',
  });
  expect(wordsFor({ directoryId, regionScope: 'XX', cloudInstance: 'example.org' })).toEqual({
    region: 'XX',
    cloud: undefined,
  });
  expect(wordsFor({ directoryId })).toEqual({ region: undefined, cloud: undefined });
});
