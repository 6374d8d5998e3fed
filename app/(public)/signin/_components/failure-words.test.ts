import { expect, test } from 'vitest';
import { PROBLEM_POLICY, type Problem } from '#lib/core/problem.ts';
import { failureWords } from './failure-words.ts';

test('every failure has whole sentences: what happened, and what to do', () => {
  const codes = [...Object.keys(PROBLEM_POLICY), 'unexpected'] as (Problem['code'] | 'unexpected')[];
  for (const code of codes) {
    const { title, action } = failureWords({ code });
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(action).toMatch(/^[A-Z].*\.$/);
  }
});

test('Microsoft’s code makes the words better, and any other text changes nothing', () => {
  const plain = failureWords({ code: 'blocked-by-policy' });
  const assigned = failureWords({ code: 'blocked-by-policy', microsoft: { code: 'AADSTS50105' } });
  expect(assigned.title).toMatch(/assigned people only.*[^.]$/);
  expect(assigned.who).toBe('An administrator of the tenant');
  for (const code of ['AADSTS1', 'constructor', '']) {
    expect(failureWords({ code: 'blocked-by-policy', microsoft: { code } })).toEqual(plain);
  }
});
