import { expect, test } from 'vitest';
import { readRedirectError } from './redirect-error.ts';

const read = (query: string) => readRedirectError(new URLSearchParams(query));

test('a redirect without error reports none', () => {
  expect(read('code=abc&state=s&session_state=x')).toBeUndefined();
  expect(read('admin_consent=True&tenant=c0000000-0000-4000-8000-00000000c001&state=s')).toBeUndefined();
});

test('a refusal counts although it says admin_consent=True', () => {
  const description = encodeURIComponent(
    'AADSTS65004: User declined to consent to access the app. Correlation ID: 1e9f0a1b-0000-4000-8000-000000000001 Timestamp: 2031-04-05 06:07:08Z',
  );
  expect(read(`admin_consent=True&error=consent_required&error_description=${description}&state=s`)).toEqual({
    code: 'consent-declined',
    microsoft: {
      code: 'AADSTS65004',
      correlationId: '1e9f0a1b-0000-4000-8000-000000000001',
      timestamp: '2031-04-05 06:07:08Z',
    },
  });
});

test.each([
  ['error=access_denied&error_subcode=cancel', 'consent-declined'],
  ['error=permission_denied&error_description=The+admin+canceled+the+request', 'consent-declined'],
  [
    'error=access_denied&error_description=AADSTS90094%3A+The+grant+requires+admin+permission',
    'admin-needed',
  ],
  ['error=access_denied&error_description=AADSTS53003%3A+Access+has+been+blocked', 'blocked-by-policy'],
  ['error=interaction_required&error_description=AADSTS16000%3A+Account+does+not+exist', 'wrong-account'],
  ['error=server_error', 'upstream-unavailable'],
  ['error=', 'request-rejected'],
])('%s is %s', (query, code) => {
  expect(read(query)?.code).toBe(code);
});

test('endless texts are cut', () => {
  const text = `${'x'.repeat(5000)} AADSTS65001`;
  expect(read(`error=access_denied&error_description=${text}`)?.code).toBe('consent-declined');
  expect(JSON.stringify(read(`error=${text}&tenant=${text}`)).length).toBeLessThan(300);
});
