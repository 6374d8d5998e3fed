import fc from 'fast-check';
import { expect, test } from 'vitest';
import { START_PATH, safeReturnTo, signInPath } from './return-to.ts';

test.each([
  ['/users', '/users'],
  ['/users?search=a%20b&page=2', '/users?search=a%20b&page=2'],
  ['/setup/cloud-tenants/11111111-aaaa-4bbb-8ccc-000000000001', undefined],
  ['/users/../licenses', '/licenses'],
  ['/licenses#sku', '/licenses'],
  ['/users?next=https://evil.example', '/users?next=https://evil.example'],
])('a page of the portal is kept: %s', (value, expected) => {
  expect(safeReturnTo(value)).toBe(expected ?? value);
});

test.each([
  undefined,
  null,
  42,
  ['/users'],
  '',
  'users',
  'https://evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/..//evil.example',
  '/.//evil.example',
  '/%2e%2e//evil.example',
  '/%2F/evil.example',
  '/%2f%2fevil.example',
  '/%5Cevil.example',
  '/users\r\nset-cookie: a=b',
  '/users\u0000',
  'javascript:alert(1)',
  'data:text/html,hello',
  'http:/users',
  '@evil.example',
  '.evil.example',
  '/',
  '/signin',
  '/signin?returnTo=/signin',
  '/SignIn',
  '/welcome',
  '/api/auth/callback/microsoft?code=1',
  '/users/../api/health',
  '/_next/static/x.js',
  `/${'a'.repeat(2048)}`,
])('anything else leads to the start page: %j', (value) => {
  expect(safeReturnTo(value)).toBe(START_PATH);
});

test('whatever is given, the browser stays on this portal', () => {
  const tricky = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    ':',
    '@',
    '\t',
    '\n',
    '%2f',
    '%5c',
    'evil.example',
    'http:',
    '?',
    '#',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(tricky, { maxLength: 8 }).map((parts) => parts.join('')),
      ),
      (value) => {
        for (const path of [safeReturnTo(value), safeReturnTo(`/${value}`)]) {
          expect(new URL(path, 'https://portal.example').origin).toBe('https://portal.example');
          expect(path.startsWith('/')).toBe(true);
          expect(safeReturnTo(path)).toBe(path);
        }
      },
    ),
  );
});

test('the sign-in page carries the way back only where there is one', () => {
  expect(signInPath('/users?search=a b&x=1')).toBe('/signin?returnTo=%2Fusers%3Fsearch%3Da%2520b%26x%3D1');
  expect(signInPath('//evil.example')).toBe('/signin');
  expect(signInPath(null)).toBe('/signin');
});
