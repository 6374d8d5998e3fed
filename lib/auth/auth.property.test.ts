import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { NextRequest } from 'next/server';
import { encode } from 'next-auth/jwt';
import { expect, test, vi } from 'vitest';
import { readConfig } from '#lib/config/env.ts';
import { forAll, hostileText, nearly } from '#lib/core/testing.ts';
import { createRuntime } from '#lib/runtime.ts';
import { readSessionCookie } from './session-cookie.ts';
import { finishSignIn } from './sign-in.ts';
import { failureQuery, readFailure } from './sign-in-failure.ts';
import { signInOptions } from './sign-in-options.ts';

vi.setConfig({ testTimeout: 60_000 });

const APP_URL = 'http://localhost:3000';
const ID = '11111111-aaaa-4bbb-8ccc-000000000001';

// Nothing listens anywhere: what is refused at the border gets nowhere near the database or Microsoft.
const { config, services } = createRuntime(
  readConfig({
    APP_URL,
    DATA_DIR: tmpdir(),
    DATABASE_URL: 'postgresql://nobody@localhost:1/nothing',
    AUTH_SECRET: randomBytes(32).toString('base64'),
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    MICROSOFT_CLIENT_ID: ID,
    MICROSOFT_CLIENT_SECRET: 'secret~1',
    MICROSOFT_AUTHORITY_URL: 'http://localhost:1',
    LOG_LEVEL: 'silent',
  }),
);

test('a cookie is a session of ours or none', () =>
  forAll(
    fc.oneof(
      hostileText,
      fc.string({ unit: 'binary', maxLength: 200 }),
      hostileText.map((text) => `eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..${text}.${text}.${text}`),
    ),
    async (value) => {
      expect(await readSessionCookie(value, config)).toBeUndefined();
    },
  ));

test('also well-signed claims are read by a schema', () =>
  forAll(
    nearly({ personId: ID, sessionVersion: 3 }),
    async (claims) => {
      const token = Object(claims);
      const cookie = await encode({ token, secret: config.authSecret }).catch(() => undefined);
      const session = await readSessionCookie(cookie, config);
      if (session) expect(Object.keys(session).sort()).toEqual(['personId', 'sessionVersion']);
    },
    200,
  ));

test('what an address tells of a failure looks like what we would have written', () =>
  forAll(
    nearly({
      failure: 'blocked-by-policy',
      requestId: 'a-1',
      microsoftCode: 'AADSTS53003',
      correlationId: ID,
      timestamp: '2030-01-02 03:04:05Z',
    }),
    (query) => {
      const failure = readFailure(query);
      if (!failure) return;
      const shown = [failure.requestId, ...Object.values(failure.microsoft ?? {})].filter(
        (text) => text !== undefined,
      );
      for (const text of shown) expect(text).toMatch(/^[\w :.+-]{1,64}$/);
      if (failure.code !== 'unexpected')
        expect(failureQuery({ code: 'state-unknown' })).toEqual({ failure: 'state-unknown' });
    },
  ));

test('a browser comes back from Microsoft with anything', async () => {
  vi.stubEnv('NEXTAUTH_URL', APP_URL);
  // What next-auth itself would have made and signed, as far as a browser can guess it.
  const { cookies = {} } = signInOptions({ config, services }, {}, '127.0.0.1');
  const names = Object.values(cookies).map((cookie) => cookie?.name ?? '');
  const cookieText = hostileText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 500));
  await forAll(
    fc.record({
      query: fc.array(
        fc.tuple(
          fc.oneof(fc.constantFrom('code', 'state', 'error', 'error_description', 'nextauth'), hostileText),
          hostileText,
        ),
        { maxLength: 5 },
      ),
      cookies: fc.array(
        fc.tuple(fc.constantFrom(...names, 'next-auth.callback-url', '__proto__'), cookieText),
        { maxLength: 4 },
      ),
    }),
    async ({ query, cookies: sent }) => {
      const address = `${APP_URL}/api/auth/callback/microsoft?${new URLSearchParams(query)}`;
      const headers = { cookie: sent.map(([name, value]) => `${name}=${value}`).join('; ') };
      const response = await finishSignIn({ config, services }, new NextRequest(address, { headers }));
      expect(response.status).toBe(303);
      const location = new URL(response.headers.get('location') ?? '');
      expect(`${location.origin}${location.pathname}`).toBe(`${APP_URL}/signin`);
      expect(location.searchParams.get('failure')).not.toBe('unexpected');
    },
    200,
  );
});
