import { expect, test } from 'vitest';
import { EXAMPLES } from '#lib/help/examples.ts';
import type { Problem } from './problem.ts';
import { REFINEMENTS } from './problem-refinements.ts';
import { describeProblem } from './problem-text.ts';

const REFINED = Object.keys(REFINEMENTS).map(
  (code): Problem => ({ code: 'request-rejected', microsoft: { code, correlationId: 'c-1' } }),
);

test.each([...Object.values(EXAMPLES), ...REFINED])('%j is told in whole sentences', (problem) => {
  const { title, who, action } = describeProblem(problem);
  for (const sentence of [title, action]) expect(sentence).toMatch(/^[\p{Lu}\d].*\.$/u);
  expect(who).toMatch(/^\p{Lu}.*[^.]$/u);
  const text = [title, who, action].join(' ');
  expect(text).not.toMatch(/!|\bplease\b|\boops\b|undefined|\[object|AADSTS|c-1/i);
});

test.each(['AADSTS50076', 'AADSTS50105', 'AADSTS530034', 'AADSTS7000222', 'AADSTS700016'])(
  'the number %s makes the advice better',
  (code) => {
    const problem: Problem = { code: 'sign-in-required', microsoft: { code } };
    expect(describeProblem(problem).title).not.toBe(describeProblem({ code: 'sign-in-required' }).title);
  },
);

test('a code that is no code changes nothing', () => {
  for (const code of ['AADSTS1', 'constructor', '__proto__', '']) {
    expect(describeProblem({ code: 'sign-in-required', microsoft: { code } })).toEqual(
      describeProblem({ code: 'sign-in-required' }),
    );
  }
});

test('numbers and names are put in', () => {
  expect(describeProblem({ code: 'tenant-unknown', input: '' }).title).not.toContain('“”');
  expect(describeProblem({ code: 'no-owned-subscriptions', person: 'Uma User', seen: 1 }).title).toBe(
    'Uma User sees 1 Azure subscription but may not assign roles on any.',
  );
  expect(describeProblem({ code: 'throttled', retryAfterSeconds: 40 }).action).toContain(
    'in about 40 seconds',
  );
  expect(describeProblem({ code: 'throttled', retryAfterSeconds: 130 }).action).toContain(
    'in about 3 minutes',
  );
  expect(describeProblem(EXAMPLES['read-incomplete']).title).toBe('Microsoft sent 1,204 of 84,310 users.');
  expect(describeProblem({ code: 'permission-missing' }).title).toContain('a permission is missing');
});
