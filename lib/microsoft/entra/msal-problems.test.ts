import { expect, test } from 'vitest';
import { MSAL_PROBLEMS, msalProblem } from './msal-problems.ts';

const exception = (errorCode: string) => Object.assign(new Error('MSAL'), { errorCode });

test.each(MSAL_PROBLEMS)('%s is %s, whenever it happens', (code, problem) => {
  for (const wasSent of [true, false]) {
    expect(msalProblem(exception(code), wasSent)).toMatchObject({ code: problem, microsoft: { code } });
  }
});

test('an unknown code blames the credential before a request and the answer after one', () => {
  expect(msalProblem(exception('brand_new'), false)).toEqual({
    code: 'credential-invalid',
    microsoft: { code: 'brand_new' },
  });
  expect(msalProblem(new Error('no code'), true)).toMatchObject({ code: 'token-invalid', reason: 'unknown' });
});
