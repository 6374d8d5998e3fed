import type { JWTPayload } from 'jose';
import { SignJWT } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { createTestClients, recordedWaits, TEST_DIRECTORY } from '../testing.ts';
import { redeemCode } from './redeem-code.ts';
import { type LoginServer, startLoginServer } from './testing.ts';
import { armUserScope, IDENTITY_SCOPES } from './urls.ts';

const OID = 'b0000000-0000-4000-8000-000000000001';
const CLIENT_ID = '11111111-aaaa-4bbb-8ccc-000000000001';
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const now = new Date('2030-01-02T03:04:05Z');
const seconds = Math.floor(now.getTime() / 1000);

const servers: LoginServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

type Script = {
  claims?: (server: LoginServer) => JWTPayload;
  idToken?: (server: LoginServer) => Promise<string>;
};

const goodClaims = (server: LoginServer): JWTPayload => ({
  aud: CLIENT_ID,
  iss: `${server.origin}/${TEST_DIRECTORY}/v2.0`,
  tid: TEST_DIRECTORY,
  oid: OID.toUpperCase(),
  name: 'Alex Admin',
  preferred_username: 'alex.admin@contoso.com',
  wids: [GLOBAL_ADMINISTRATOR.toUpperCase()],
  nonce: 'the-nonce',
  iat: seconds,
  nbf: seconds,
  exp: seconds + 3600,
});

async function redeem({ claims = goodClaims, idToken }: Script = {}, oauthScopes?: string[]) {
  const server = await startLoginServer(async (_request, login) => ({
    body: {
      token_type: 'Bearer',
      scope: 'https://management.azure.com/user_impersonation',
      expires_in: 3600,
      ext_expires_in: 3600,
      access_token: 'opaque-access-token',
      refresh_token: 'opaque-refresh-token',
      id_token: await (idToken ? idToken(login) : login.sign(claims(login))),
    },
  }));
  servers.push(server);
  const { entra } = createTestClients({ authority: server.origin }, recordedWaits(now).options);
  const result = await redeemCode(entra, {
    registration: 'azure',
    directoryId: TEST_DIRECTORY,
    code: 'the-code',
    redirectUri: 'http://localhost:3000/api/consent/callback',
    codeVerifier: 'the-verifier',
    nonce: 'the-nonce',
    oauthScopes: oauthScopes ?? [...IDENTITY_SCOPES, armUserScope(entra)],
  });
  return { result, server };
}

test('a code becomes a verified person and an access token, and no refresh token', async () => {
  const { result, server } = await redeem();
  expect(result).toMatchObject({
    ok: true,
    value: {
      person: {
        directoryId: TEST_DIRECTORY,
        objectId: OID,
        displayName: 'Alex Admin',
        userName: 'alex.admin@contoso.com',
        wids: [GLOBAL_ADMINISTRATOR],
      },
      accessToken: 'opaque-access-token',
    },
  });
  expect(JSON.stringify(result)).not.toContain('refresh');
  const [request] = server.tokenRequests();
  expect(Object.fromEntries(request ?? [])).toMatchObject({
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    client_secret: 'azure-secret~1+&=%',
    code: 'the-code',
    code_verifier: 'the-verifier',
    redirect_uri: 'http://localhost:3000/api/consent/callback',
  });
  expect(request?.get('scope')?.split(' ')).toContain('https://management.azure.com/user_impersonation');
});

test('no access token comes out when only identity was asked for', async () => {
  const { result } = await redeem({}, [...IDENTITY_SCOPES]);
  expect(result).toMatchObject({ ok: true, value: { person: { objectId: OID } } });
  expect(JSON.stringify(result)).not.toContain('opaque');
});

test('a token without wids leaves the roles unknown', async () => {
  const { result } = await redeem({ claims: (server) => ({ ...goodClaims(server), wids: undefined }) });
  expect(result.ok && result.value.person.wids).toBeUndefined();
  const none = await redeem({ claims: (server) => ({ ...goodClaims(server), wids: [] }) });
  expect(none.result.ok && none.result.value.person.wids).toEqual([]);
});

test('a person of another tenant is named as such', async () => {
  const actual = 'a0000000-0000-4000-8000-00000000a001';
  const claims = (server: LoginServer) => ({
    ...goodClaims(server),
    tid: actual,
    iss: `${server.origin}/${actual}/v2.0`,
  });
  expect((await redeem({ claims })).result).toEqual({
    ok: false,
    problem: { code: 'wrong-tenant', expected: TEST_DIRECTORY, actual },
  });
});

test.each<[string, Script, string]>([
  [
    'a foreign key',
    { idToken: (server) => server.sign(goodClaims(server), { foreignKey: true }) },
    'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  ],
  [
    'another audience',
    { claims: (server) => ({ ...goodClaims(server), aud: 'somebody-else' }) },
    'ERR_JWT_CLAIM_VALIDATION_FAILED',
  ],
  [
    'another issuer',
    { claims: (server) => ({ ...goodClaims(server), iss: 'https://evil.example/v2.0' }) },
    'issuer',
  ],
  ['another nonce', { claims: (server) => ({ ...goodClaims(server), nonce: 'replayed' }) }, 'nonce_mismatch'],
  ['no nonce', { claims: (server) => ({ ...goodClaims(server), nonce: undefined }) }, 'nonce_mismatch'],
  [
    'an expired token',
    { claims: (server) => ({ ...goodClaims(server), exp: seconds - 600 }) },
    'ERR_JWT_EXPIRED',
  ],
  [
    'no expiry',
    { claims: (server) => ({ ...goodClaims(server), exp: undefined }) },
    'ERR_JWT_CLAIM_VALIDATION_FAILED',
  ],
  [
    'a token of the future',
    { claims: (server) => ({ ...goodClaims(server), nbf: seconds + 600 }) },
    'ERR_JWT_CLAIM_VALIDATION_FAILED',
  ],
  ['no tenant', { claims: (server) => ({ ...goodClaims(server), tid: undefined }) }, 'claims'],
  ['no person', { claims: (server) => ({ ...goodClaims(server), oid: 'not-a-guid' }) }, 'claims'],
  [
    'a shared secret instead of a signature',
    {
      idToken: (server) =>
        new SignJWT(goodClaims(server)).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32)),
    },
    'ERR_JOSE_ALG_NOT_ALLOWED',
  ],
  [
    'no signature at all',
    {
      idToken: async (server) =>
        `${[{ alg: 'none' }, goodClaims(server)].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`,
    },
    'ERR_JOSE_ALG_NOT_ALLOWED',
  ],
])('an ID token with %s is refused', async (_name, script, reason) => {
  expect((await redeem(script)).result).toMatchObject({
    ok: false,
    problem: { code: 'token-invalid', reason },
  });
});

test('an ID token that is none is refused', async () => {
  expect((await redeem({ idToken: async () => 'rubbish' })).result).toMatchObject({
    ok: false,
    problem: { code: 'token-invalid' },
  });
});

test('a refusal keeps what support needs', async () => {
  const server = await startLoginServer(() => ({
    status: 400,
    body: {
      error: 'invalid_grant',
      error_description: 'AADSTS54005: OAuth2 Authorization code was already redeemed.',
      error_codes: [54005],
      timestamp: '2031-04-05 06:07:08Z',
      correlation_id: '1e9f0a1b-0000-4000-8000-000000000001',
    },
  }));
  servers.push(server);
  const { entra } = createTestClients({ authority: server.origin });
  const result = await redeemCode(entra, {
    registration: 'azure',
    directoryId: TEST_DIRECTORY,
    code: 'used',
    redirectUri: 'http://localhost:3000/api/consent/callback',
    codeVerifier: 'v',
    nonce: 'n',
    oauthScopes: ['openid'],
  });
  expect(result).toEqual({
    ok: false,
    problem: {
      code: 'sign-in-required',
      microsoft: {
        code: 'AADSTS54005',
        correlationId: '1e9f0a1b-0000-4000-8000-000000000001',
        timestamp: '2031-04-05 06:07:08Z',
        status: 400,
      },
    },
  });
  expect(server.tokenRequests()).toHaveLength(1);
});
