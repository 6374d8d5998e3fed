import { describe, expect, test } from 'vitest';
import { isSameEnrollment, readAccessKey, tidyAccessKey } from './access-key.ts';
import { testKey } from './testing.ts';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const SIGNATURE = Buffer.alloc(256, 7).toString('base64url');
const KEY = testKey({ EnrollmentNumber: '8608480', exp: 1_900_000_000 });

describe('what is pasted around a key', () => {
  const [head = '', body = '', signature = ''] = KEY.split('.');
  test.each([
    KEY,
    `  ${KEY}\n`,
    `\ufeff${KEY}\u200b`,
    `Bearer ${KEY}`,
    `bearer\t${KEY}`,
    `Bearer\n${KEY}`,
    `Authorization: bearer ${KEY}`,
    `"Bearer ${KEY}"`,
    `"${KEY}",`,
    `“${KEY}”.`,
    `${KEY}==`,
    `${head}.\r\n${body}.\r\n${signature}`,
    KEY.replaceAll(/(.{64})/g, '$1\n'),
    KEY.replaceAll(/(.{76})/g, '$1\r\n  '),
  ])('%j is taken off', (pasted) => {
    expect(tidyAccessKey(pasted)).toBe(KEY);
  });
});

test('a key says what it is for and when it ends, in whatever form', () => {
  expect(readAccessKey(KEY)).toEqual({
    text: KEY,
    enrollmentNumber: '8608480',
    expiresAt: new Date(1_900_000_000_000),
  });
  expect(readAccessKey(testKey({ EnrollmentNumber: 8_608_480, exp: '1900000000' }))).toMatchObject({
    enrollmentNumber: '8608480',
    expiresAt: new Date(1_900_000_000_000),
  });
});

test.each([
  {},
  { EnrollmentNumber: null, exp: 'soon' },
  { EnrollmentNumber: '', exp: 1e300 },
  { exp: -1 },
  { EnrollmentNumber: 'a\0b' },
])('a key with the claims %j is whole and says nothing', (claims) => {
  const key = testKey(claims);
  expect(readAccessKey(key)).toEqual({ text: key });
});

test.each([
  '',
  'not a key',
  'a.b',
  'a.b.c',
  KEY.slice(0, -1),
  KEY.slice(0, -40),
  KEY.slice(20),
  KEY.slice(0, KEY.lastIndexOf('.') + 1),
  KEY.slice(0, KEY.lastIndexOf('.')),
  `${KEY}.x`,
  `${KEY}${SIGNATURE.slice(0, 9)}`,
  `${part('text')}.${part({})}.${SIGNATURE}`,
  `${part({ alg: 'RS256' })}.${part([])}.${SIGNATURE}`,
  `x${KEY}`,
])('%j is no whole key', (text) => {
  expect(readAccessKey(text)).toBeUndefined();
});

test('every key that lost its end is noticed, unless what is left is a signature of another size', () => {
  const noticed = Array.from({ length: KEY.length - 1 }, (_, index) =>
    readAccessKey(KEY.slice(0, index + 1)),
  );
  expect(noticed.filter(Boolean).length).toBeLessThan(10);
});

test('leading zeros make no other enrollment', () => {
  expect(isSameEnrollment('08608480', '8608480')).toBe(true);
  expect(isSameEnrollment('8608481', '8608480')).toBe(false);
});
