import { randomUUID } from 'node:crypto';
import { encode } from 'next-auth/jwt';
import { afterEach, expect, test, vi } from 'vitest';
import { readSessionCookie, SESSION_SECONDS, sessionCookie } from './session-cookie.ts';

const config = { authSecret: 'a-secret-of-at-least-thirty-two-characters' };
const session = { personId: randomUUID(), sessionVersion: 3 };
const sign = (token: object, secret = config.authSecret, maxAge = SESSION_SECONDS) =>
  encode({ token: { ...token }, secret, maxAge });

afterEach(() => vi.useRealTimers());

test('a session comes back as it went in, and names nothing else', async () => {
  const cookie = await sign(session);
  expect(await readSessionCookie(cookie, config)).toEqual(session);
  expect(await readSessionCookie(await sign({ ...session, portalRole: 'owner' }), config)).toEqual(session);
});

test('a cookie that is missing, altered, foreign, expired or about something else is no session', async () => {
  const cookie = await sign(session);
  const altered = `${cookie.slice(0, -2)}${cookie.endsWith('A') ? 'BB' : 'AA'}`;
  const refused = [
    undefined,
    '',
    'not-a-token',
    altered,
    await sign(session, 'another-secret-of-at-least-32-characters'),
    await sign(session, config.authSecret, -3600),
    await sign({ personId: session.personId }),
    await sign({ ...session, personId: 'somebody' }),
    await sign({ ...session, sessionVersion: '3' }),
    // next-auth signs the cookies of a sign-in under way with the same secret.
    await encode({
      token: { value: 'state', provider: 'microsoft' },
      secret: config.authSecret,
      salt: 'next-auth.state',
    }),
    await encode({ token: session, secret: config.authSecret, salt: 'next-auth.state' }),
    // An unsigned token.
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(session)).toString('base64url')}.`,
  ];
  for (const value of refused) expect(await readSessionCookie(value, config)).toBeUndefined();
});

test('a cookie that was read before holds no longer than it says, and with no other secret', async () => {
  const cookie = await sign(session, config.authSecret, 60);
  for (const _again of [1, 2]) expect(await readSessionCookie(cookie, config)).toEqual(session);
  const other = { authSecret: 'another-secret-of-at-least-32-characters' };
  expect(await readSessionCookie(cookie, other)).toBeUndefined();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  expect(await readSessionCookie(cookie, config)).toBeUndefined();
});

test('the cookie is out of reach of scripts and other sites, and over https it is sent over nothing else', () => {
  expect(sessionCookie({ appUrl: 'http://localhost:3000' })).toEqual({
    name: 'cloud-tenant-setup.session',
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure: false },
  });
  expect(sessionCookie({ appUrl: 'https://portal.example' })).toMatchObject({
    // The prefix keeps out cookies that another host of the domain has made.
    name: '__Host-cloud-tenant-setup.session',
    options: { secure: true, path: '/' },
  });
});
