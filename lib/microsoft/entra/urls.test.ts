import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTestClients, TEST_DIRECTORY } from '../testing.ts';
import { createPkce } from './pkce.ts';
import { adminConsentUrl, armUserScope, authorizeUrl, IDENTITY_SCOPES } from './urls.ts';

const { entra } = createTestClients({ authority: 'http://localhost:5001' });

test('the authorize URL is in the tenant and asks for a code by PKCE', () => {
  const url = new URL(
    authorizeUrl(entra, {
      registration: 'azure',
      directoryId: TEST_DIRECTORY,
      redirectUri: 'http://localhost:3000/api/consent/callback',
      state: 'a state&more',
      nonce: 'n',
      codeChallenge: 'challenge',
      oauthScopes: [...IDENTITY_SCOPES, armUserScope(entra)],
      prompt: 'select_account',
    }),
  );
  expect(url.origin + url.pathname).toBe(`http://localhost:5001/${TEST_DIRECTORY}/oauth2/v2.0/authorize`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: '11111111-aaaa-4bbb-8ccc-000000000001',
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: 'http://localhost:3000/api/consent/callback',
    scope: 'openid profile https://management.azure.com/user_impersonation',
    state: 'a state&more',
    nonce: 'n',
    code_challenge: 'challenge',
    code_challenge_method: 'S256',
    prompt: 'select_account',
  });
});

test('the admin consent URL asks for all permissions of the public resource', () => {
  const url = new URL(
    adminConsentUrl(entra, {
      registration: 'graph',
      directoryId: TEST_DIRECTORY,
      redirectUri: 'http://localhost:3000/api/consent/admin-callback',
      state: 's',
    }),
  );
  expect(url.origin + url.pathname).toBe(`http://localhost:5001/${TEST_DIRECTORY}/v2.0/adminconsent`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: '22222222-aaaa-4bbb-8ccc-000000000002',
    redirect_uri: 'http://localhost:3000/api/consent/admin-callback',
    scope: 'https://graph.microsoft.com/.default',
    state: 's',
  });
});

test('a PKCE pair fits and is never the same', () => {
  const { codeVerifier, codeChallenge } = createPkce();
  expect(codeVerifier).toMatch(/^[\w-]{43}$/);
  expect(codeChallenge).toBe(createHash('sha256').update(codeVerifier).digest('base64url'));
  expect(createPkce().codeVerifier).not.toBe(codeVerifier);
});
