import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROBLEM_POLICY, type Problem, type ProblemCode } from './problem.ts';
import { describeProblem } from './problem-text.ts';

const microsoft = { code: 'AADSTS9999999', correlationId: 'c-1' };

/** One of each kind; a code that is missing here does not compile. */
const EXAMPLES: { readonly [C in ProblemCode]: Extract<Problem, { code: C }> } = {
  'invalid-input': { code: 'invalid-input', fields: { name: 'Enter a name.' } },
  forbidden: { code: 'forbidden', need: 'admin' },
  'not-found': { code: 'not-found', entity: 'azure-subscription' },
  'already-connected': { code: 'already-connected', tenantName: 'Contoso', tenantId: 't' },
  'import-running': { code: 'import-running' },
  'import-interrupted': { code: 'import-interrupted', attempts: 3 },
  'rate-limited': { code: 'rate-limited', retryAfterSeconds: 3 },
  'state-unknown': { code: 'state-unknown' },
  'state-expired': { code: 'state-expired' },
  'state-used': { code: 'state-used' },
  'state-foreign': { code: 'state-foreign' },
  'consent-declined': { code: 'consent-declined', microsoft },
  'admin-needed': { code: 'admin-needed', microsoft },
  'wrong-tenant': { code: 'wrong-tenant', expected: 'Contoso', actual: 'Adatum', microsoft },
  'wrong-account': { code: 'wrong-account', microsoft },
  'directory-role-missing': { code: 'directory-role-missing', person: 'Uma User' },
  'directory-role-unknown': { code: 'directory-role-unknown', person: 'Uma User' },
  'no-owned-subscriptions': { code: 'no-owned-subscriptions', person: 'Uma User', seen: 0 },
  'azure-subscription-disabled': { code: 'azure-subscription-disabled', state: 'Disabled' },
  'flow-interrupted': { code: 'flow-interrupted' },
  'tenant-unknown': { code: 'tenant-unknown', input: 'nobody.example', microsoft },
  'other-cloud': {
    code: 'other-cloud',
    tenantCloud: 'Microsoft Cloud for US Government',
    portalCloud: 'Microsoft global cloud',
    setting: 'usgov',
  },
  'consent-required': { code: 'consent-required', microsoft },
  'sign-in-required': { code: 'sign-in-required', microsoft },
  'blocked-by-policy': { code: 'blocked-by-policy', microsoft },
  'credential-invalid': { code: 'credential-invalid', microsoft },
  'application-disabled': { code: 'application-disabled', microsoft },
  'token-invalid': { code: 'token-invalid', reason: 'nonce', microsoft },
  'permission-missing': { code: 'permission-missing', permission: 'User.Read.All', microsoft },
  'licence-missing': { code: 'licence-missing', microsoft },
  'resource-not-found': { code: 'resource-not-found', microsoft },
  'principal-not-found': { code: 'principal-not-found', microsoft },
  conflict: { code: 'conflict', microsoft },
  'request-rejected': { code: 'request-rejected', microsoft },
  'page-expired': { code: 'page-expired', microsoft },
  throttled: { code: 'throttled', retryAfterSeconds: 120, microsoft },
  'upstream-unavailable': { code: 'upstream-unavailable', reason: 'The connection failed.', microsoft },
  'upstream-shape': { code: 'upstream-shape', where: '/users', microsoft },
  'read-incomplete': { code: 'read-incomplete', received: 1204, expected: 84_310 },
  'foreign-link': { code: 'foreign-link', origin: 'https://evil.example' },
};

test.each(Object.values(EXAMPLES))('$code is told in whole sentences', (problem) => {
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

test('each code has its page, and each page its code', () => {
  const pages = new URL('../../docs/errors/', import.meta.url);
  const codes = Object.keys(PROBLEM_POLICY).sort();
  const files = existsSync(pages) ? readdirSync(pages).filter((file) => file !== 'README.md') : [];
  expect(files.sort()).toEqual(codes.map((code) => `${code}.md`));
  for (const file of files) {
    const page = readFileSync(new URL(file, pages), 'utf8');
    for (const heading of ['## Sign', '## Cause', '## Who fixes it', '## What to do'])
      expect(page).toContain(heading);
  }
});
