import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type LoginServer, startLoginServer } from '#lib/microsoft/entra/testing.ts';
import { createTestClients, recordedWaits, TEST_DIRECTORY } from '#lib/microsoft/testing.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import { CALLBACK_PATH, type StartedFlow } from './model.ts';
import { getFlow } from './queries.ts';
import { startFlow } from './start-flow.ts';
import { CONTOSO, comeBack, expectNothingStored, FABRIKAM, GRAPH_APP, TestBrowser } from './testing.ts';

/*
 * Somebody has got between the portal and a login service, or has a token of another sign-in: only the very token that
 * this tenant made for this sign-in in this registration binds the tenant. All of them name a Global Administrator.
 */
const NOW = new Date('2030-01-02T03:04:05Z');
const SECONDS = NOW.getTime() / 1000;
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';

type MakeToken = (server: LoginServer, claims: JWTPayload) => Promise<string>;

let db: TestDatabase;
const servers: LoginServer[] = [];

beforeAll(async () => {
  db = await startTestDatabase();
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
afterAll(() => db.stop());

const goodClaims = ({ origin }: LoginServer, nonce: string): JWTPayload => ({
  aud: GRAPH_APP,
  iss: `${origin}/${TEST_DIRECTORY}/v2.0`,
  tid: TEST_DIRECTORY,
  oid: 'b0000000-0000-4000-8000-000000000001',
  name: 'Alex Admin',
  preferred_username: 'alex.admin@contoso.com',
  wids: [GLOBAL_ADMINISTRATOR],
  nonce,
  iat: SECONDS,
  nbf: SECONDS,
  exp: SECONDS + 3600,
});

/** A flow to its end, with the ID token that the login service gives for the code. */
async function connect(makeToken: MakeToken): Promise<{ ctx: MemberCtx; started: StartedFlow }> {
  let nonce = '';
  const server = await startLoginServer(async (_request, login) => ({
    body: {
      token_type: 'Bearer',
      scope: 'openid profile',
      expires_in: 3600,
      ext_expires_in: 3600,
      access_token: 'opaque-access-token',
      id_token: await makeToken(login, goodClaims(login, nonce)),
    },
  }));
  servers.push(server);
  const microsoft = createTestClients({ authority: server.origin }, recordedWaits(NOW).options);
  const services = testServices(db.database, { microsoft, clock: () => NOW });
  const ctx = await createTestMember(services, 'admin');
  const browser = new TestBrowser();
  const started = browser.begin(
    await startFlow(ctx, { kind: 'office365', name: 'Contoso', tenant: TEST_DIRECTORY }),
  );
  const back = (path: string, address: string, parameters: Record<string, string>) => {
    const state = new URL(address).searchParams.get('state') ?? '';
    return new URL(`${path}?${new URLSearchParams({ state, ...parameters })}`, 'http://localhost:3000');
  };
  const approved = await comeBack(
    ctx,
    browser,
    back(CALLBACK_PATH.admin_consent, started.redirectUrl, { tenant: TEST_DIRECTORY, admin_consent: 'True' }),
  );
  const address = approved.next === 'microsoft' ? approved.url : '';
  nonce = new URL(address).searchParams.get('nonce') ?? '';
  await comeBack(ctx, browser, back(CALLBACK_PATH.sign_in, address, { code: 'a-code' }));
  return { ctx, started };
}

const signed =
  (change: (claims: JWTPayload, server: LoginServer) => JWTPayload): MakeToken =>
  (server, claims) =>
    server.sign({ ...claims, ...change(claims, server) });

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** The public key of the login service, in the forms in which a careless check would take it for a secret. */
async function publicKey({ origin }: LoginServer): Promise<{ kid: string; n: string }> {
  const { keys } = (await (await fetch(`${origin}/keys`)).json()) as { keys: { kid: string; n: string }[] };
  const [key] = keys;
  if (!key) throw new Error('no key');
  return key;
}

test('the good token binds the tenant, so that the others fail for their own reason', async () => {
  const { ctx, started } = await connect((server, claims) => server.sign(claims));
  expect(await getFlow(ctx, started)).toMatchObject({ value: { state: 'succeeded' } });
});

test.each<[string, MakeToken]>([
  ['of another tenant', signed((_, { origin }) => ({ tid: FABRIKAM, iss: `${origin}/${FABRIKAM}/v2.0` }))],
  [
    'that names the tenant and comes from another',
    signed((_, { origin }) => ({ iss: `${origin}/${FABRIKAM}/v2.0` })),
  ],
  ['of a login service elsewhere', signed(() => ({ iss: `https://evil.example/${CONTOSO}/v2.0` }))],
  ['for another registration of the portal', signed(() => ({ aud: '11111111-aaaa-4bbb-8ccc-000000000001' }))],
  ['for several audiences, none of which is ours', signed(() => ({ aud: ['a', 'b'] }))],
  ['of another sign-in', signed(() => ({ nonce: 'another' }))],
  ['that was made for no sign-in', signed(() => ({ nonce: undefined }))],
  ['that has expired', signed(() => ({ exp: SECONDS - 600 }))],
  ['that never expires', signed(() => ({ exp: undefined }))],
  ['that is not valid yet', signed(() => ({ nbf: SECONDS + 600 }))],
  [
    'signed by somebody else under the same key id',
    (server, claims) => server.sign(claims, { foreignKey: true }),
  ],
  [
    'signed by a key that nobody published',
    async (_server, claims) => {
      const { privateKey } = await generateKeyPair('RS256');
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'unknown' }).sign(privateKey);
    },
  ],
  [
    'that brings its own key along',
    async (server, claims) => {
      const [, payload, signature] = (await server.sign(claims, { foreignKey: true })).split('.');
      const header = {
        alg: 'RS256',
        kid: 'key-1',
        jku: `${server.origin}/evil`,
        jwk: await publicKey(server),
      };
      return `${encoded(header)}.${payload}.${signature}`;
    },
  ],
  ['without a signature', async (_server, claims) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`],
  [
    'without a signature, spelled otherwise',
    async (_server, claims) => `${encoded({ alg: 'nOnE' })}.${encoded(claims)}.`,
  ],
  [
    'signed with the public key as a secret',
    async (server, claims) => {
      const { kid, n } = await publicKey(server);
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).sign(Buffer.from(n, 'base64url'));
    },
  ],
  [
    'whose claims were changed after it was signed',
    async (server, claims) => {
      const [header, , signature] = (await server.sign({ ...claims, wids: [] })).split('.');
      return `${header}.${encoded(claims)}.${signature}`;
    },
  ],
  ['that is none', async () => 'rubbish'],
])('a token %s binds nothing', async (_what, makeToken) => {
  const { ctx, started } = await connect(makeToken);
  const flow = await getFlow(ctx, started);
  expect(flow).toMatchObject({ value: { state: 'failed' } });
  expect(['token-invalid', 'wrong-tenant']).toContain(flow.ok && flow.value.problem?.code);
  await expectNothingStored(ctx);
});
