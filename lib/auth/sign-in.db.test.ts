import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { NextRequest } from 'next/server';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Config, readConfig } from '#lib/config/env.ts';
import { createDatabase } from '#lib/db/database.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Services } from '#lib/domain/context.ts';
import { LIMITS } from '#lib/domain/limits/limits.ts';
import { endSessions } from '#lib/domain/people/end-sessions.ts';
import { findSessionPerson } from '#lib/domain/people/queries.ts';
import { testServices } from '#lib/domain/testing.ts';
import { createMicrosoftClients } from '#lib/microsoft/clients.ts';
import { quietLog } from '#lib/microsoft/testing.ts';
import { readSessionCookie, sessionCookie } from './session-cookie.ts';
import { finishSignIn, startSignIn } from './sign-in.ts';
import {
  ALEX,
  CONTOSO,
  CookieJar,
  type LoginService,
  oauthError,
  PERSONAL_ACCOUNTS,
  type Spoiling,
  startLoginService,
} from './testing.ts';

const APP_URL = 'http://localhost:3000';

let db: TestDatabase;
let login: LoginService;
let config: Config;
let services: Services;
let browser: CookieJar;

beforeAll(async () => {
  [db, login] = await Promise.all([startTestDatabase(), startLoginService()]);
  config = readConfig({
    APP_URL,
    DATA_DIR: tmpdir(),
    AUTH_SECRET: randomBytes(32).toString('base64'),
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    MICROSOFT_CLIENT_ID: '11111111-aaaa-4bbb-8ccc-000000000001',
    MICROSOFT_CLIENT_SECRET: 'secret~1',
    MICROSOFT_AUTHORITY_URL: login.origin,
  });
  services = testServices(db.database, {
    microsoft: createMicrosoftClients(config.microsoft, quietLog, { wait: async () => {} }),
  });
});
afterAll(() => Promise.all([db.stop(), login.stop()]));
beforeEach(() => {
  vi.stubEnv('NEXTAUTH_URL', APP_URL);
  browser = new CookieJar();
});

const parts = () => ({ config, services });

async function start(returnTo = '/users?page=2', origin: string | null = APP_URL): Promise<string> {
  const response = await startSignIn(
    parts(),
    new NextRequest(`${APP_URL}/api/auth/signin/microsoft`, {
      method: 'POST',
      headers: { cookie: browser.header, ...(origin !== null && { origin }) },
      body: new URLSearchParams({ returnTo }),
    }),
  );
  browser.keep(response);
  return response.headers.get('location') ?? '';
}

async function arrive(address: URL | string): Promise<URL> {
  const response = await finishSignIn(
    parts(),
    new NextRequest(address, { headers: { cookie: browser.header } }),
  );
  browser.keep(response);
  return new URL(response.headers.get('location') ?? '');
}

const signIn = async (spoiling?: Spoiling) => arrive(login.authorize(await start(), spoiling));

const session = () => readSessionCookie(browser.get(sessionCookie(config).name), config);

/** Where the browser ended: the sign-in page, why, and that nobody is signed in. */
async function refusal(end: URL): Promise<Record<string, string>> {
  expect(end.origin + end.pathname).toBe(`${APP_URL}/signin`);
  expect(await session()).toBeUndefined();
  return Object.fromEntries(end.searchParams);
}

test('Microsoft is asked who the person is, in any organization, with all three checks', async () => {
  const address = new URL(await start());
  expect(address.origin + address.pathname).toBe(`${login.origin}/organizations/oauth2/v2.0/authorize`);
  expect(Object.fromEntries(address.searchParams)).toEqual({
    client_id: '11111111-aaaa-4bbb-8ccc-000000000001',
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: `${APP_URL}/api/auth/callback/microsoft`,
    scope: 'openid profile email',
    prompt: 'select_account',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  });
});

test('a person comes back signed in, to the page they were on the way to', async () => {
  const end = await signIn();
  expect(end.href).toBe(`${APP_URL}/users?page=2`);
  const identity = await session();
  expect(identity && (await findSessionPerson(services, identity))).toEqual({
    personId: identity?.personId,
    displayName: 'Alex Admin',
    userName: 'alex.admin@contoso.com',
  });
  const row = await db.database.prisma.person.findUniqueOrThrow({ where: { id: identity?.personId } });
  expect(row).toMatchObject({ directoryId: CONTOSO, objectId: ALEX });
  expect(browser.header).not.toMatch(/next-auth\.(state|nonce|pkce)/);
});

test('the session cookie carries neither token nor name, and ends after twelve hours', async () => {
  const address = login.authorize(await start());
  const response = await finishSignIn(
    parts(),
    new NextRequest(address, { headers: { cookie: browser.header } }),
  );
  const line =
    response.headers.getSetCookie().find((text) => text.startsWith(sessionCookie(config).name)) ?? '';
  expect(line).toMatch(/HttpOnly; SameSite=Lax$/);
  expect(line).not.toContain('Secure');
  const expires = Date.parse(/Expires=([^;]+)/.exec(line)?.[1] ?? '');
  expect(Math.abs(expires - Date.now() - 12 * 3_600_000)).toBeLessThan(60_000);
  browser.keep(response);
  expect(Object.keys((await session()) ?? {}).sort()).toEqual(['personId', 'sessionVersion']);
});

test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', ''])(
  'a hostile way back leads to the start page: %j',
  async (returnTo) => {
    const end = await arrive(login.authorize(await start(returnTo)));
    expect(end.href).toBe(`${APP_URL}/setup/cloud-tenants`);
  },
);

test.each(['/licenses', 'https://evil.example/', '\\\\evil.example'])(
  'a page to go on to that somebody has added to the way back means nothing: %j',
  async (callbackUrl) => {
    const back = login.authorize(await start());
    for (const name of ['callbackUrl', 'returnTo', 'nextauth', 'csrfToken'])
      back.searchParams.set(name, callbackUrl);
    expect((await arrive(back)).href).toBe(`${APP_URL}/users?page=2`);
  },
);

test.each(['https://evil.example', 'null', null])(
  'the form of another site starts nothing: %j',
  async (origin) => {
    expect(await start('/users', origin)).toBe(`${APP_URL}/signin`);
    expect(browser.header).toBe('');
  },
);

test('over https, what is kept of a sign-in can come from this host alone, and is used up under the same names', async () => {
  const appUrl = 'https://portal.example';
  vi.stubEnv('NEXTAUTH_URL', appUrl);
  const secure = { config: { ...config, appUrl }, services };
  const body = new URLSearchParams({ returnTo: '/users' });
  const started = await startSignIn(
    secure,
    new NextRequest(`${appUrl}/api/auth/signin/microsoft`, {
      method: 'POST',
      headers: { origin: appUrl },
      body,
    }),
  );
  const names = ['state', 'nonce', 'pkce.code_verifier'].map((part) => `__Host-next-auth.${part}`);
  for (const name of names) {
    const line = started.headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`));
    expect(line).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/);
  }
  const cookie = names.map((name) => `${name}=x`).join('; ');
  const refused = await finishSignIn(
    secure,
    new NextRequest(`${appUrl}/api/auth/callback/microsoft?error=access_denied`, { headers: { cookie } }),
  );
  expect(refused.headers.getSetCookie()).toEqual(
    names.map((name) => `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure`),
  );
});

test('a form that cannot be read leads to Microsoft like an empty one', async () => {
  for (const [contentType, body] of [
    ['text/plain', 'returnTo=/users'],
    ['application/json', '{"returnTo":'],
    ['multipart/form-data; boundary=x', '--y\r\nbroken'],
  ] as const) {
    const response = await startSignIn(
      parts(),
      new NextRequest(`${APP_URL}/api/auth/signin/microsoft`, {
        method: 'POST',
        headers: { origin: APP_URL, 'content-type': contentType },
        body,
      }),
    );
    expect(response.headers.get('location')).toContain(`${login.origin}/organizations/oauth2/v2.0/authorize`);
  }
});

test('a forged state is refused before the code is redeemed', async () => {
  const back = login.authorize(await start());
  back.searchParams.set('state', 'forged');
  const before = login.received.length;
  expect(await refusal(await arrive(back))).toEqual({ failure: 'state-unknown', returnTo: '/users?page=2' });
  expect(login.received.length).toBe(before);
});

test('a missing state, an empty one and a missing code are refused', async () => {
  for (const spoil of [
    (back: URL) => back.searchParams.delete('state'),
    (back: URL) => back.searchParams.set('state', ''),
    (back: URL) => back.searchParams.delete('code'),
  ]) {
    const back = login.authorize(await start());
    spoil(back);
    expect(await refusal(await arrive(back))).toMatchObject({ failure: 'state-unknown' });
  }
});

test('a good answer in a browser that did not start the sign-in is refused', async () => {
  const back = login.authorize(await start());
  browser = new CookieJar();
  expect(await refusal(await arrive(back))).toEqual({ failure: 'state-unknown' });
});

test.each(['next-auth.state', 'next-auth.nonce', 'next-auth.pkce.code_verifier'])(
  'without its cookie %s a sign-in is refused',
  async (name) => {
    const back = login.authorize(await start());
    browser.delete(name);
    expect(await refusal(await arrive(back))).toMatchObject({ failure: 'state-unknown' });
  },
);

test('a sign-in can be finished once: the same address again is refused', async () => {
  const back = login.authorize(await start());
  await arrive(back);
  browser.delete(sessionCookie(config).name);
  expect(await refusal(await arrive(back))).toMatchObject({ failure: 'state-unknown' });
});

test('a code that was redeemed before is refused by Microsoft, in its words', async () => {
  const first = login.authorize(await start());
  await arrive(first);
  browser = new CookieJar();
  const second = login.authorize(await start());
  second.searchParams.set('code', first.searchParams.get('code') ?? '');
  expect(await refusal(await arrive(second))).toMatchObject({
    failure: 'sign-in-required',
    microsoftCode: 'AADSTS54005',
    correlationId: '1e9f0000-0000-4000-8000-000000000001',
    timestamp: '2030-01-02 03:04:05Z',
  });
});

test('a failed attempt uses up what was left in the browser', async () => {
  const back = login.authorize(await start());
  const good = back.href;
  back.searchParams.set('state', 'forged');
  await arrive(back);
  expect(await refusal(await arrive(good))).toMatchObject({ failure: 'state-unknown' });
});

test.each<[string, Spoiling, string]>([
  ['another nonce', { claims: { nonce: 'another' } }, 'token-invalid'],
  ['no nonce', { claims: { nonce: undefined } }, 'token-invalid'],
  ['another audience', { claims: { aud: '22222222-aaaa-4bbb-8ccc-000000000002' } }, 'token-invalid'],
  [
    'the issuer of another tenant',
    { claims: { iss: `https://login.microsoftonline.com/${CONTOSO}/v2.0` } },
    'token-invalid',
  ],
  [
    'the template as issuer',
    { claims: { iss: 'https://login.microsoftonline.com/{tenantid}/v2.0' } },
    'token-invalid',
  ],
  ['a key nobody published', { foreignKey: true }, 'token-invalid'],
  ['an end in the past', { claims: { exp: 1_600_000_000 } }, 'token-invalid'],
  ['no tenant', { claims: { tid: undefined } }, 'token-invalid'],
  ['a tenant that is no GUID', { claims: { tid: '../organizations' } }, 'token-invalid'],
  ['no object id', { claims: { oid: undefined } }, 'token-invalid'],
  ['the directory of personal accounts', { tid: PERSONAL_ACCOUNTS }, 'wrong-account'],
])('a token with %s signs nobody in', async (_what, spoiling, failure) => {
  const people = await db.database.prisma.person.count();
  expect(await refusal(await signIn(spoiling))).toMatchObject({ failure });
  expect(await db.database.prisma.person.count()).toBe(people);
});

test('no ID token at all signs nobody in', async () => {
  const body = { token_type: 'Bearer', scope: 'openid', expires_in: 3600, access_token: 'opaque' };
  expect(await refusal(await signIn({ answer: { body } }))).toMatchObject({ failure: 'token-invalid' });
});

test.each<[string, Spoiling, string]>([
  ['a wrong secret', { answer: oauthError('invalid_client', 7000215) }, 'credential-invalid'],
  ['Conditional Access', { answer: oauthError('invalid_grant', 53003) }, 'blocked-by-policy'],
  ['an outage', { answer: { status: 503, body: {} } }, 'upstream-unavailable'],
  [
    'an answer that is none',
    { answer: { body: 'hello', headers: { 'content-type': 'text/html' } } },
    'upstream-unavailable',
  ],
])('%s is told in words', async (_what, spoiling, failure) => {
  expect(await refusal(await signIn(spoiling))).toMatchObject({ failure });
});

test('a person who cancels at Microsoft comes back to the sign-in page, with the way back kept', async () => {
  const back = login.authorize(await start());
  back.search = new URLSearchParams({
    error: 'access_denied',
    error_description:
      'AADSTS65004: User declined to consent. Correlation ID: 1e9f0000-0000-4000-8000-000000000001 Timestamp: 2030-01-02 03:04:05Z',
    state: back.searchParams.get('state') ?? '',
  }).toString();
  expect(await refusal(await arrive(back))).toEqual({
    failure: 'consent-declined',
    microsoftCode: 'AADSTS65004',
    correlationId: '1e9f0000-0000-4000-8000-000000000001',
    timestamp: '2030-01-02 03:04:05Z',
    returnTo: '/users?page=2',
  });
});

test('a failure on our side shows an id, and the log has the rest', async () => {
  const lines: unknown[] = [];
  const broken = {
    ...services,
    clock: () => {
      throw new Error('the clock is broken');
    },
    log: { ...quietLog, error: (message: string, fields: object = {}) => lines.push({ message, ...fields }) },
  };
  const back = login.authorize(await start());
  const request = new NextRequest(back, { headers: { cookie: browser.header, 'x-request-id': 'request-1' } });
  const response = await finishSignIn({ config, services: broken }, request);
  const end = new URL(response.headers.get('location') ?? '');
  expect(Object.fromEntries(end.searchParams)).toMatchObject({
    failure: 'unexpected',
    requestId: 'request-1',
  });
  expect(lines).toMatchObject([{ requestId: 'request-1', error: { message: 'the clock is broken' } }]);
});

const fromAddress = (address: string) => ({ 'x-forwarded-for': address, origin: APP_URL });

test('too many beginnings from one address are refused in words, and from no other address', async () => {
  const begin = async (address: string) => {
    const url = `${APP_URL}/api/auth/signin/microsoft`;
    const body = new URLSearchParams({ returnTo: '/users' });
    const request = new NextRequest(url, { method: 'POST', headers: fromAddress(address), body });
    const location = (await startSignIn(parts(), request)).headers.get('location') ?? '';
    return new URL(location);
  };
  const { max } = LIMITS['sign-in.start'].address;
  const begun = await Promise.all(Array.from({ length: max }, () => begin('203.0.113.7')));
  expect(new Set(begun.map(({ origin }) => origin))).toEqual(new Set([login.origin]));
  expect(await refusal(await begin('203.0.113.7'))).toEqual({
    failure: 'rate-limited',
    retryAfterSeconds: expect.stringMatching(/^\d\d?$/),
    returnTo: '/users',
  });
  expect((await begin('203.0.113.8')).origin).toBe(login.origin);
});

test('the cookies of one beginning do not do for any number of made-up codes', async () => {
  const back = login.authorize(await start());
  const cookie = browser.header;
  const { max } = LIMITS['sign-in.return'].address;
  const arriveWith = async (code: string) => {
    back.searchParams.set('code', code);
    const request = new NextRequest(back, { headers: { cookie, ...fromAddress('203.0.113.9') } });
    const end = new URL((await finishSignIn(parts(), request)).headers.get('location') ?? '');
    return end.searchParams.get('failure');
  };
  const failures = await Promise.all(Array.from({ length: max + 5 }, (_, i) => arriveWith(`made-up-${i}`)));
  expect(failures.filter((failure) => failure === 'rate-limited')).toHaveLength(5);
  const asked = login.received.filter(({ body }) => body.includes('made-up-'));
  expect(asked).toHaveLength(max);
});

test('a sign-in that cannot even be counted shows an id, and the way back is kept', async () => {
  const lines: unknown[] = [];
  const gone = createDatabase(db.target, quietLog, 1);
  await gone.close();
  const broken = {
    ...services,
    database: gone,
    log: { ...quietLog, error: (message: string, fields: object = {}) => lines.push({ message, ...fields }) },
  };
  const request = new NextRequest(`${APP_URL}/api/auth/signin/microsoft`, {
    method: 'POST',
    headers: { origin: APP_URL, 'x-request-id': 'request-2' },
    body: new URLSearchParams({ returnTo: '/users' }),
  });
  const response = await startSignIn({ config, services: broken }, request);
  expect(await refusal(new URL(response.headers.get('location') ?? ''))).toEqual({
    failure: 'unexpected',
    requestId: 'request-2',
    returnTo: '/users',
  });
  expect(lines).toMatchObject([{ requestId: 'request-2', where: 'sign-in' }]);
});

test('signing out anywhere ends the session here', async () => {
  await signIn();
  const here = await session();
  if (!here) throw new Error('not signed in');
  browser = new CookieJar();
  await signIn();
  await endSessions(services, here.personId);
  expect(await findSessionPerson(services, here)).toBeUndefined();
  const there = await session();
  expect(there && (await findSessionPerson(services, there))).toBeUndefined();
});
