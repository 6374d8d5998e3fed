import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostileText, hostileValue, RUNS } from '#lib/core/testing.ts';
import { createLog } from './log.ts';

const base64url = (min: number) =>
  fc
    .uint8Array({ minLength: min, maxLength: min + 30 })
    .map((bytes) => Buffer.from(bytes).toString('base64url'));

/** A text with a secret in it, as it could turn up anywhere, and the part that must not get out. */
type Secret = { readonly text: string; readonly hidden: string };

const secret = (text: (hidden: string) => string): fc.Arbitrary<Secret> =>
  base64url(24).map((hidden) => ({ text: text(hidden), hidden }));

const HEADER = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url');

const secretText: fc.Arbitrary<Secret> = fc.oneof(
  secret((hidden) => `${HEADER}.eyJzdWIiOiIxIn0.${hidden}`),
  secret((hidden) => `${HEADER}.${hidden}.c2ln`),
  // An encrypted token, such as a session, has five parts, of which one may be empty.
  secret((hidden) => `eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..iv.${hidden}.tag`),
  secret((hidden) => `Authorization: Bearer ${hidden}`),
  secret((hidden) => `{"authorization":"Basic ${hidden}"}`),
  secret((hidden) => `authorization=${hidden}`),
  secret((hidden) => `cookie: a=b; session=${hidden}; c=d`),
  secret((hidden) => `Set-Cookie: session=${hidden}; HttpOnly`),
  secret((hidden) => `connect to postgresql://portal:${hidden}@db.example:5432/portal failed`),
  secret((hidden) => `postgres://portal:p@ss${hidden}@db/portal`),
  secret((hidden) => `host=db user=portal password=${hidden} dbname=portal`),
  secret((hidden) => `client_id=1&client_secret=${hidden}&grant_type=client_credentials`),
  secret((hidden) => `{"client_secret": "${hidden}", "scope": "x"}`),
  secret((hidden) => `{"error":"{\\"refresh_token\\":\\"${hidden}\\"}"}`),
  secret((hidden) => `GET /api/consent/callback?code=${hidden}&state=x`),
  secret((hidden) => `/api/consent/callback?code=1&state=${hidden}`),
  secret((hidden) => `code_verifier=${hidden}`),
  secret((hidden) => `the code 1.AXkA${hidden} was refused`),
  secret((hidden) => `-----BEGIN RSA PRIVATE KEY-----\n${hidden}\n-----END RSA PRIVATE KEY-----`),
);

const ownSecret = 'own secret/with+odd="characters"é';
const known: fc.Arbitrary<Secret> = fc
  .constantFrom(
    ownSecret,
    encodeURIComponent(ownSecret),
    new URLSearchParams({ x: ownSecret }).toString(),
    Buffer.from(ownSecret).toString('base64'),
    Buffer.from(ownSecret).toString('base64url'),
    JSON.stringify({ x: ownSecret }),
    JSON.stringify(JSON.stringify({ x: ownSecret })).slice(1, -1),
  )
  .map((text) => ({ text: `failed with ${text}`, hidden: 'own secret' }));

/** By its name alone. */
const named: fc.Arbitrary<(hidden: string) => unknown> = fc
  .constantFrom(
    'clientSecret',
    'browser_cookie',
    'x-csrf-token',
    'PASSWORD',
    'tokens',
    'MICROSOFT_CLIENT_SECRET',
  )
  .map((key) => (hidden: string) => ({ [key]: hidden }));

/** Everything in which a text may be handed over. */
const wrapping: fc.Arbitrary<(value: unknown) => unknown> = fc.constantFrom<(value: unknown) => unknown>(
  (value) => value,
  (value) => [value],
  (value) => ({ message: value }),
  (value) => new Map([['x', value]]),
  (value) => new Map([[String(value), 1]]),
  (value) => new Set([value]),
  (value) => new Error(String(value)),
  (value) => new Error('outer', { cause: value }),
  (value) => new AggregateError([value, new Error(String(value))], 'several'),
  (value) => Object.assign(new Error('x'), { response: value, detail: value }),
  (value) => Object.assign(new Error('x'), { stack: `Error: ${value}\n  at x` }),
  (value) => Object.assign(() => value, { toJSON: () => value }),
  (value) => ({ toJSON: () => value, toString: () => String(value) }),
  (value) => new Headers({ 'x-note': encodeURIComponent(inspect(value)).slice(0, 10), cookie: 'a=b' }),
  (value) => ({
    get broken(): unknown {
      throw new Error(String(value));
    },
    value,
  }),
  (value) => ({ [Symbol('x')]: value, symbol: Symbol(String(value)) }),
  (value) => Buffer.from(String(value)),
  (value) => new URL(`https://x.example/?code=${encodeURIComponent(String(value))}`),
  (value) => {
    const knot: Record<string, unknown> = { value };
    knot.self = knot;
    knot.list = [knot, knot];
    return knot;
  },
);

function written(log: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  log(
    createLog({ level: 'debug', secrets: [ownSecret], destination: { write: (line) => lines.push(line) } }),
  );
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  return lines.join('');
}

test('a secret gets out of no wrapping', () => {
  fc.assert(
    fc.property(
      fc.oneof(secretText, known),
      fc.array(wrapping, { maxLength: 4 }),
      fc.string({ maxLength: 20 }),
      ({ text, hidden }, wrappings, noise) => {
        const value = wrappings.reduce((inner, wrap) => wrap(inner), `${noise} ${text}` as unknown);
        const output = written((log) => {
          log.error(`${noise} ${text}`, { value });
          log.child({ value }).info('child', { error: value });
        });
        expect(output).not.toContain(hidden);
      },
    ),
    { numRuns: 2 * RUNS },
  );
});

test('the value of a secret key gets out of no wrapping', () => {
  fc.assert(
    fc.property(base64url(24), named, fc.array(wrapping, { maxLength: 3 }), (hidden, name, wrappings) => {
      const value = wrappings
        .filter((wrap) => typeof wrap({}) === 'object')
        .reduce((inner, wrap) => wrap(inner), name(hidden));
      expect(written((log) => log.info('x', { value }))).not.toContain(hidden);
    }),
    { numRuns: RUNS },
  );
});

function thrower(): never {
  throw new Error('no');
}

test('whatever is logged, a line comes of it and nothing is thrown', () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  // Made anew for each input, since fast-check looks at the values it is given.
  const odd: readonly (() => unknown)[] = [
    () => revoked.proxy,
    () => new Proxy({}, { ownKeys: thrower }),
    () => Object.create(null),
    () => new Date(Number.NaN),
    () => 10n ** 30n,
    () => Object.assign(new Array(1e9), { toString: () => 'long' }),
    () => Object.defineProperty(new Error('x'), 'message', { get: thrower }),
    () => Object.defineProperty(new Error('x'), 'stack', { value: Symbol('stack') }),
  ];
  fc.assert(
    fc.property(
      hostileText,
      fc.oneof(
        hostileValue.map((value) => () => value),
        fc.constantFrom(...odd),
      ),
      fc.array(wrapping, { maxLength: 3 }),
      (text, make, wrappings) => {
        let value = make();
        for (const wrap of wrappings) {
          try {
            value = wrap(value);
          } catch {
            // Some values cannot be wrapped so, such as a text that cannot be made of them.
          }
        }
        const output = written((log) => log.error(text, { value, error: value }));
        expect(output.split('\n')).toHaveLength(2);
        expect(output.length).toBeLessThan(2_000_000);
      },
    ),
    { numRuns: RUNS },
  );
});

test('no text keeps the process busy', () => {
  for (const piece of [
    'a.',
    'eyJ',
    '://',
    'password',
    'x://y:',
    ' ',
    'Bearer ',
    '-----BEGIN PRIVATE KEY',
    'cookie',
  ]) {
    written((log) => log.info(piece.repeat(200_000), { text: piece.repeat(200_000) }));
  }
});
