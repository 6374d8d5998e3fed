import { expect, test } from 'vitest';
import { failureQuery, readFailure } from './sign-in-failure.ts';

test('what Microsoft gave comes through the address of the sign-in page', () => {
  const microsoft = {
    code: 'AADSTS53003',
    correlationId: '1e9f0000-0000-4000-8000-000000000001',
    timestamp: '2030-01-02 03:04:05Z',
  };
  const query = failureQuery({ code: 'blocked-by-policy', microsoft: { ...microsoft, status: 400 } });
  expect(readFailure(query)).toEqual({ code: 'blocked-by-policy', microsoft, requestId: undefined });
});

test('an unexpected failure comes through with its id alone', () => {
  const failure = readFailure(failureQuery({ requestId: '466aac8b-5fcf-427d-9312-fecfb3fb2f82' }));
  expect(failure).toMatchObject({ code: 'unexpected', requestId: '466aac8b-5fcf-427d-9312-fecfb3fb2f82' });
});

test('how long to wait comes through, where it can be a time to wait', () => {
  const query = failureQuery({ code: 'rate-limited', retryAfterSeconds: 40 });
  expect(readFailure(query)).toMatchObject({ code: 'rate-limited', retryAfterSeconds: 40 });
  for (const retryAfterSeconds of ['-1', '1e9', 'soon', ['1', '2'], undefined])
    expect(readFailure({ failure: 'rate-limited', retryAfterSeconds })?.retryAfterSeconds).toBeUndefined();
});

test.each([
  {},
  { failure: '' },
  { failure: 'constructor' },
  { failure: ['blocked-by-policy'] },
  { failure: 'unknown' },
])('an address that tells of no failure shows none: %j', (query) => {
  expect(readFailure(query)).toBeUndefined();
});

test('text that somebody put into the address is not shown', () => {
  const text = 'Call +1 555 0100 now';
  expect(
    readFailure({
      failure: 'unexpected',
      requestId: text,
      microsoftCode: text,
      correlationId: text,
      timestamp: text,
    }),
  ).toEqual({ code: 'unexpected', requestId: undefined, microsoft: {} });
});
