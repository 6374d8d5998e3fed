import { expect, test } from 'vitest';
import { isFromOtherSite } from './foreign-origin.ts';

const APP_URL = 'https://portal.example';
const from = (
  origin: string | undefined,
  method = 'POST',
  path = '/users',
  more: Record<string, string> = {},
) => isFromOtherSite({ method, headers: new Headers({ ...more, ...(origin && { origin }) }) }, path, APP_URL);

test.each([
  'https://evil.example',
  'http://portal.example',
  'https://portal.example:8443',
  'https://portal.example.evil.example',
  'https://PORTAL.example',
  'null',
  'https://portal.example, https://evil.example',
])('a form of %s is refused', (origin) => {
  expect(from(origin)).toBe(true);
  expect(from(origin, 'DELETE')).toBe(true);
  // What Next would compare with instead.
  expect(from(origin, 'POST', '/users', { 'x-forwarded-host': URL.parse(origin)?.host ?? '' })).toBe(true);
});

test('the portal’s own forms, reads, and programs without an origin pass', () => {
  expect(from(APP_URL)).toBe(false);
  expect(from(undefined)).toBe(false);
  for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(from('https://evil.example', method)).toBe(false);
});

test('route handlers below /api see to it themselves', () => {
  expect(from('https://evil.example', 'POST', '/api/auth/signin/microsoft')).toBe(false);
  expect(from('https://evil.example', 'POST', '/apiary')).toBe(true);
});
