import { expect, test } from 'vitest';
import { cloudsOfTenant } from '#lib/config/clouds.ts';
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

test.each([
  ['EU', 'microsoftonline.com', undefined, 'Europe', 'Microsoft global cloud'],
  ['NA', 'microsoftonline.com', 'GCC', 'North America', 'Microsoft global cloud (GCC)'],
  ['USGov', 'microsoftonline.us', 'DODCON', 'US Government', 'Microsoft Cloud for US Government (GCC High)'],
  ['USGov', 'microsoftonline.us', undefined, 'US Government', 'Microsoft Cloud for US Government'],
  ['XX', 'example.org', undefined, 'XX', undefined],
  [undefined, undefined, undefined, undefined, undefined],
])('region %s in %s %s is said in words', (regionScope, instance, regionSubScope, region, cloud) => {
  const clouds = cloudsOfTenant(instance, regionSubScope);
  const tenant = { directoryId: DirectoryId.parse(DIRECTORY), clouds, regionScope, regionSubScope };
  expect(wordsFor(tenant)).toEqual({ region, cloud });
});
