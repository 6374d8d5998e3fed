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
