import { X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { createMicrosoftClients } from '../clients.ts';
import {
  type Answer,
  createTestClients,
  quietLog,
  recordedWaits,
  TEST_DIRECTORY,
  testSettings,
} from '../testing.ts';
import { appOnlyToken } from './app-only-token.ts';
import type { EntraClient } from './client.ts';
import { type LoginServer, selfSignedCertificate, startLoginServer } from './testing.ts';

const SERVICE_PRINCIPAL = 'e0000000-0000-4000-8000-000000000001';

const servers: LoginServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function login(token: Parameters<typeof startLoginServer>[0]): Promise<LoginServer> {
  const server = await startLoginServer(token);
  servers.push(server);
  return server;
}

const granted = async (
  server: LoginServer,
  roles: string[] | undefined,
  expiresIn = 3600,
): Promise<Answer> => ({
  body: {
    token_type: 'Bearer',
    expires_in: expiresIn,
    access_token: await server.sign({ tid: TEST_DIRECTORY, oid: SERVICE_PRINCIPAL.toUpperCase(), roles }),
  },
});

const forGraph = (entra: EntraClient, more: { fresh?: boolean; claims?: string } = {}) =>
  appOnlyToken(entra, { registration: 'graph', directoryId: TEST_DIRECTORY, resource: 'graph', ...more });

test('the claims tell tenant, service principal and granted roles', async () => {
  const server = await login((_request, self) => granted(self, ['User.Read.All']));
  const { entra } = createTestClients({ authority: server.origin });
  expect(await forGraph(entra)).toMatchObject({
    ok: true,
    value: { directoryId: TEST_DIRECTORY, servicePrincipalId: SERVICE_PRINCIPAL, roles: ['User.Read.All'] },
  });
  expect(Object.fromEntries(server.tokenRequests()[0] ?? [])).toMatchObject({
    grant_type: 'client_credentials',
    client_id: '22222222-aaaa-4bbb-8ccc-000000000002',
    client_secret: 'graph-secret~2',
    scope: 'https://graph.microsoft.com/.default',
  });
});

test('a token without the roles claim has none, and an opaque token tells nothing', async () => {
  const bare = await login((_request, self) => granted(self, undefined));
  expect(await forGraph(createTestClients({ authority: bare.origin }).entra)).toMatchObject({
    value: { roles: [] },
  });
  const opaque = await login(() => ({
    body: { token_type: 'Bearer', expires_in: 3600, access_token: 'opaque' },
  }));
  const result = await forGraph(createTestClients({ authority: opaque.origin }).entra);
  expect(result.ok && result.value).toMatchObject({ token: 'opaque', roles: [] });
  expect(result.ok && result.value.directoryId).toBeUndefined();
});

test('a token is kept per registration, directory and resource until shortly before it expires', async () => {
  const server = await login((_request, self) => granted(self, []));
  const time = recordedWaits(new Date());
  const { entra } = createTestClients({ authority: server.origin }, time.options);
  await forGraph(entra);
  await forGraph(entra);
  expect(server.tokenRequests()).toHaveLength(1);
  await appOnlyToken(entra, { registration: 'azure', directoryId: TEST_DIRECTORY, resource: 'arm' });
  expect(server.tokenRequests().map((request) => request.get('scope'))).toEqual([
    'https://graph.microsoft.com/.default',
    'https://management.azure.com/.default',
  ]);
  await time.options.wait?.(56 * 60_000);
  await forGraph(entra);
  expect(server.tokenRequests()).toHaveLength(3);
});

test('a fresh token comes from the login service and replaces the one before', async () => {
  let roles: string[] = [];
  const server = await login((_request, self) => granted(self, roles));
  const { entra } = createTestClients({ authority: server.origin }, recordedWaits(new Date()).options);
  expect(await forGraph(entra)).toMatchObject({ value: { roles: [] } });
  roles = ['User.Read.All'];
  expect(await forGraph(entra)).toMatchObject({ value: { roles: [] } });
  expect(await forGraph(entra, { fresh: true })).toMatchObject({ value: { roles: ['User.Read.All'] } });
  expect(await forGraph(entra)).toMatchObject({ value: { roles: ['User.Read.All'] } });
});

test('claims of a challenge are passed on', async () => {
  const server = await login((_request, self) => granted(self, []));
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  await forGraph(createTestClients({ authority: server.origin }).entra, { claims });
  expect(JSON.parse(server.tokenRequests()[0]?.get('claims') ?? '')).toMatchObject(JSON.parse(claims));
});

test.each([
  ['unauthorized_client', 700016, 'consent-required'],
  ['invalid_client', 7000222, 'credential-invalid'],
  ['unauthorized_client', 7000112, 'application-disabled'],
  ['invalid_tenant', 90002, 'tenant-unknown'],
])('%s with AADSTS%i is %s', async (error, aadsts, code) => {
  const body = { error, error_description: `AADSTS${aadsts}: text`, error_codes: [aadsts] };
  const server = await login(() => ({ status: error === 'invalid_client' ? 401 : 400, body }));
  const { entra } = createTestClients({ authority: server.origin });
  expect(await forGraph(entra)).toMatchObject({
    ok: false,
    problem: { code, microsoft: { code: `AADSTS${aadsts}` } },
  });
  expect(server.tokenRequests()).toHaveLength(1);
  expect(entra.appTokens.size).toBe(0);
});

test('throttling and outages of the login service are repeated within bounds', async () => {
  let answers = 0;
  const server = await login((_request, self) => {
    answers += 1;
    return answers < 3 ? { status: 429, headers: { 'retry-after': '2' } } : granted(self, []);
  });
  const time = recordedWaits();
  expect(await forGraph(createTestClients({ authority: server.origin }, time.options).entra)).toMatchObject({
    ok: true,
  });
  expect(time.waits).toEqual([2000, 2000]);
  const down = await login(() => ({ status: 503 }));
  expect(await forGraph(createTestClients({ authority: down.origin }).entra)).toMatchObject({
    ok: false,
    problem: { code: 'upstream-unavailable' },
  });
});

test('an answer without a token is no success', async () => {
  const server = await login(() => ({ body: { token_type: 'Bearer', expires_in: 3600 } }));
  const result = await forGraph(createTestClients({ authority: server.origin }).entra);
  expect(result).toMatchObject({ ok: false, problem: { code: 'token-invalid' } });
});

test('a certificate signs an assertion for the tenant', async () => {
  const pem = selfSignedCertificate();
  const server = await login((_request, self) => granted(self, []));
  const settings = testSettings({ authority: server.origin }, { type: 'certificate', pem });
  const { entra } = createMicrosoftClients(settings, quietLog);
  expect(await forGraph(entra)).toMatchObject({ ok: true });
  const [request] = server.tokenRequests();
  expect(request?.get('client_secret')).toBeNull();
  const assertion = request?.get('client_assertion') ?? '';
  expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'PS256', 'x5t#S256': expect.any(String) });
  expect(decodeJwt(assertion)).toMatchObject({
    iss: '22222222-aaaa-4bbb-8ccc-000000000002',
    sub: '22222222-aaaa-4bbb-8ccc-000000000002',
    aud: `${server.origin}/${TEST_DIRECTORY}/oauth2/v2.0/token`,
  });
  // MSAL rounds nbf up to the next second.
  await jwtVerify(assertion, new X509Certificate(pem).publicKey, { clockTolerance: 2 });
});

test('a certificate file that is none is said to be the fault', async () => {
  const settings = testSettings({}, { type: 'certificate', pem: 'not a certificate' });
  const { entra } = createMicrosoftClients(settings, quietLog);
  expect(await forGraph(entra)).toMatchObject({ ok: false, problem: { code: 'credential-invalid' } });
});
