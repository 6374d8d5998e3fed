import { expect, test } from 'vitest';
import { ENTRA_PROBLEMS, entraProblem, readOauthError } from './problems.ts';

/** A body as the token endpoint sends it. */
const body = (error: string, aadsts: number[], more: object = {}) => ({
  error,
  error_description: `AADSTS${aadsts[0]}: Some text.\r\nTrace ID: 6b0c\r\nCorrelation ID: 1e9f0a1b-0000-4000-8000-000000000001\r\nTimestamp: 2031-04-05 06:07:08Z`,
  error_codes: aadsts,
  timestamp: '2031-04-05 06:07:08Z',
  correlation_id: '1e9f0a1b-0000-4000-8000-000000000001',
  ...more,
});

function problemOf(json: unknown, status = 400) {
  const oauthError = readOauthError(json, status);
  if (!oauthError) throw new Error('not an OAuth error');
  return entraProblem(oauthError, 'contoso.com');
}

test.each(ENTRA_PROBLEMS)('%j becomes %s', (signal, code) => {
  if ('error' in signal) {
    expect(problemOf(body(signal.error, [99999999]))).toMatchObject({
      code,
      microsoft: { code: 'AADSTS99999999' },
    });
    expect(problemOf({ error: signal.error })).toMatchObject({ code, microsoft: { code: signal.error } });
  } else if ('suberror' in signal) {
    expect(problemOf({ error: 'invalid_grant', suberror: signal.suberror })).toMatchObject({ code });
  } else {
    // The number refines whatever class it came in.
    expect(problemOf(body('invalid_grant', [signal.aadsts]))).toMatchObject({
      code,
      microsoft: {
        code: `AADSTS${signal.aadsts}`,
        correlationId: '1e9f0a1b-0000-4000-8000-000000000001',
        timestamp: '2031-04-05 06:07:08Z',
        status: 400,
      },
    });
    expect(problemOf({ error: 'unheard_of', error_description: `AADSTS${signal.aadsts}: text` }).code).toBe(
      code,
    );
  }
});

test('each signal has one line', () => {
  const signals = ENTRA_PROBLEMS.map(([signal]) => JSON.stringify(signal));
  expect(new Set(signals).size).toBe(signals.length);
});

test('an unknown number falls into the class of its error, an unknown error is a refusal', () => {
  expect(problemOf(body('invalid_client', [7009999])).code).toBe('credential-invalid');
  expect(problemOf(body('brand_new_error', [7009999])).code).toBe('request-rejected');
});

test('of several numbers the one we know counts', () => {
  expect(problemOf(body('invalid_grant', [70002, 700082]))).toMatchObject({
    code: 'sign-in-required',
    microsoft: { code: 'AADSTS700082' },
  });
});

test('an unknown tenant names what was asked for', () => {
  expect(problemOf(body('invalid_tenant', [90002]))).toMatchObject({
    code: 'tenant-unknown',
    input: 'contoso.com',
  });
});

test('the trailer of a description is read in both spellings', () => {
  for (const gap of ['\r\n', ' ']) {
    const description = `AADSTS65004: User declined.${gap}Trace ID: 6b0c${gap}Correlation ID: 1E9F0A1B-0000-4000-8000-000000000001${gap}Timestamp: 2031-04-05 06:07:08Z`;
    expect(entraProblem({ error: 'access_denied', description }, '')).toMatchObject({
      code: 'consent-declined',
      microsoft: {
        code: 'AADSTS65004',
        correlationId: '1E9F0A1B-0000-4000-8000-000000000001',
        timestamp: '2031-04-05 06:07:08Z',
      },
    });
  }
});

test.each([undefined, null, 'text', [], {}, { error: { code: 'BadRequest' } }])(
  '%j is no OAuth error',
  (json) => {
    expect(readOauthError(json, 400)).toBeUndefined();
  },
);
