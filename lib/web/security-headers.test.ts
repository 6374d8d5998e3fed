import { expect, test } from 'vitest';
import { contentSecurityPolicy, securityHeaders } from './security-headers.ts';

const input = {
  nonce: 'abc',
  appUrl: 'https://portal.example',
  authorityUrl: 'https://login.microsoftonline.com',
  isDevelopment: false,
};

const directives = (policy: string) =>
  new Map(policy.split('; ').map((text) => [text.split(' ')[0], text.split(' ').slice(1)]));

test('scripts and style elements run with the nonce alone', () => {
  const policy = directives(contentSecurityPolicy(input));
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('script-src')).toEqual(["'self'", "'nonce-abc'", "'strict-dynamic'"]);
  expect(policy.get('style-src')).toEqual(["'self'", "'nonce-abc'"]);
  expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
  expect(policy.get('base-uri')).toEqual(["'none'"]);
});

test('forms lead to the portal and to the login service of its cloud', () => {
  expect(directives(contentSecurityPolicy(input)).get('form-action')).toEqual(["'self'", input.authorityUrl]);
});

test('over https browsers are told to stay there, over http not', () => {
  expect(securityHeaders(input)).toMatchObject({
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'content-security-policy': expect.stringContaining('upgrade-insecure-requests'),
  });
  const local = securityHeaders({ ...input, appUrl: 'http://localhost:3000' });
  expect(local).not.toHaveProperty('strict-transport-security');
  expect(local['content-security-policy']).not.toContain('upgrade-insecure-requests');
});

test('only the development server may evaluate code', () => {
  expect(contentSecurityPolicy(input)).not.toContain('unsafe-eval');
  expect(contentSecurityPolicy({ ...input, isDevelopment: true })).toContain("'unsafe-eval'");
});
