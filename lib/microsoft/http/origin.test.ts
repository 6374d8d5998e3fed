import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok } from '#lib/core/result.ts';
import { createTestClients, quietLog, startScriptedServer } from '../testing.ts';
import { type Bearer, createHttp } from './http.ts';
import { refuseForeign, trustedOrigin } from './origin.ts';

const LOCAL = 'http://localhost:4010';
const GRAPH = 'https://graph.microsoft.com';

/** What a link may look like that means the origin after all. */
const OWN_FORMS: readonly (readonly [link: string, origin: string])[] = [
  [`${LOCAL}/v1.0/users?$skiptoken=a`, LOCAL],
  ['HTTP://LOCALHOST:4010/v1.0/users', LOCAL],
  ['http:\\\\localhost:4010\\v1.0\\users', LOCAL],
  ['http://localhost:4010\\@evil.example/users', LOCAL],
  ['http://localhost:4010/@evil.example/users', LOCAL],
  ['http://localhost:4010?@evil.example/users', LOCAL],
  ['http://localhost:4010#@evil.example/users', LOCAL],
  ['http://%6cocalhost:4010/', LOCAL],
  [`${GRAPH}/v1.0/users`, GRAPH],
  [`${GRAPH}:443/v1.0/users`, GRAPH],
  ['https://graph.microsoft.com/\t', GRAPH],
];

/** What leads elsewhere, whatever it looks like, and what the refusal calls it. */
const FOREIGN_FORMS: readonly (readonly [link: string, origin: string, called: string])[] = [
  // Another port, scheme or host.
  ['http://localhost:4011/v1.0/users', LOCAL, 'http://localhost:4011'],
  ['http://localhost/v1.0/users', LOCAL, 'http://localhost'],
  ['https://localhost:4010/v1.0/users', LOCAL, 'https://localhost:4010'],
  ['http://graph.microsoft.com/v1.0/users', GRAPH, 'http://graph.microsoft.com'],
  ['https://graph.microsoft.com:8443/v1.0/users', GRAPH, 'https://graph.microsoft.com:8443'],
  ['https://graph.microsoft.us/v1.0/users', GRAPH, 'https://graph.microsoft.us'],
  // Names that begin or end like ours.
  ['https://graph.microsoft.com.evil.example/', GRAPH, 'https://graph.microsoft.com.evil.example'],
  ['https://evilgraph.microsoft.com/', GRAPH, 'https://evilgraph.microsoft.com'],
  ['https://graph.microsoft.com.', GRAPH, 'https://graph.microsoft.com.'],
  ['http://localhost.:4010/', LOCAL, 'http://localhost.:4010'],
  ['https://graph.micr\u043esoft.com/', GRAPH, 'https://graph.xn--micrsoft-qbh.com'],
  ['https://graph-microsoft.com/', GRAPH, 'https://graph-microsoft.com'],
  // The same machine by another name.
  ['http://127.0.0.1:4010/', LOCAL, 'http://127.0.0.1:4010'],
  ['http://2130706433:4010/', LOCAL, 'http://127.0.0.1:4010'],
  ['http://[::1]:4010/', LOCAL, 'http://[::1]:4010'],
  ['http://[::FFFF:127.0.0.1]:4010/', LOCAL, 'http://[::ffff:7f00:1]:4010'],
  // A name in front of an @ is no host.
  ['http://localhost:4010@evil.example/', LOCAL, 'http://evil.example'],
  ['http://localhost%3A4010@evil.example/', LOCAL, 'http://evil.example'],
  ['http://evil.example\\@localhost:4010/', LOCAL, 'http://evil.example'],
  ['http://user@localhost:4010/', LOCAL, LOCAL],
  ['http://:secret@localhost:4010/', LOCAL, LOCAL],
  // White space and control characters are taken out before a link is read.
  [' http://evil.example/', LOCAL, 'http://evil.example'],
  ['http://local\thost.evil.example:4010/', LOCAL, 'http://localhost.evil.example:4010'],
  ['http://localhost:4010\n.evil.example/', LOCAL, 'unknown'],
  // Without a scheme, or with one that is none of ours.
  ['//evil.example/users', LOCAL, 'unknown'],
  ['\\\\evil.example\\users', LOCAL, 'unknown'],
  ['/v1.0/users', LOCAL, 'unknown'],
  ['localhost:4010/v1.0/users', LOCAL, 'localhost:'],
  [`blob:${LOCAL}/3f2c`, LOCAL, 'blob:'],
  ['file:///etc/passwd', LOCAL, 'file:'],
  ['data:application/json,{}', LOCAL, 'data:'],
  ['javascript:alert(1)', LOCAL, 'javascript:'],
  ['ws://localhost:4010/', LOCAL, 'ws://localhost:4010'],
  ['', LOCAL, 'unknown'],
  ['not a link', LOCAL, 'unknown'],
];

test.each(OWN_FORMS)('%j is at %s', (link, origin) => {
  expect(refuseForeign(link, origin)).toBeUndefined();
});

test.each(FOREIGN_FORMS)('%j is not at %s: it leads to %s', (link, origin, called) => {
  expect(refuseForeign(link, origin)).toMatchObject({
    ok: false,
    problem: { code: 'foreign-link', origin: called },
  });
});

test('what passes is, as fetch reads it, a request to the origin that carries no name or password', () => {
  const piece = fc.constantFrom(
    ...[
      'http:',
      'https:',
      'blob:',
      '//',
      '\\\\',
      '/',
      '\\',
      '@',
      ':',
      '#',
      '?',
      '.',
      '\t',
      ' ',
      '%40',
      '%2f',
    ],
    ...[
      'localhost',
      'LOCALHOST',
      '127.0.0.1',
      '[::1]',
      'evil.example',
      ':4010',
      ':80',
      'user',
      '/v1.0/users',
    ],
  );
  const almost = fc.tuple(fc.constantFrom(LOCAL, ''), fc.array(piece, { maxLength: 7 }));
  fc.assert(
    fc.property(
      fc.oneof(
        almost.map(([start, rest]) => start + rest.join('')),
        fc.webUrl(),
        fc.string(),
      ),
      (link) => {
        if (refuseForeign(link, LOCAL)) return;
        const sent = new URL(new Request(link).url);
        expect([sent.protocol, sent.host, sent.username, sent.password]).toEqual([
          'http:',
          'localhost:4010',
          '',
          '',
        ]);
      },
    ),
    { numRuns: 20_000 },
  );
});

describe('tokens go', () => {
  test('to no server that a look-alike leads to', async () => {
    const attacker = await startScriptedServer(() => ({ body: {} }));
    const ours = await startScriptedServer(() => ({ body: {} }));
    const [there, here] = [new URL(attacker.origin), new URL(ours.origin)];
    const tokens: string[] = [];
    const bearer: Bearer = { get: async () => ok(tokens.push('token').toString()) };
    const http = createHttp({ log: quietLog });
    for (const url of [
      attacker.origin,
      `http://${here.host}@${there.host}/`,
      `http://localhost:${here.port}@127.0.0.1:${there.port}/`,
      `http://[::1]:${there.port}/`,
      `HTTP://LOCALHOST:${there.port}/`,
      `http:\\\\localhost:${there.port}\\`,
      `//localhost:${there.port}/`,
      `http://localhost.:${there.port}/`,
      `https://localhost:${there.port}/`,
    ]) {
      const answer = await http.send({ service: 'graph', origin: ours.origin, method: 'GET', url, bearer });
      expect(answer).toMatchObject({ ok: false, problem: { code: 'foreign-link' } });
    }
    expect([tokens, attacker.received, ours.received]).toEqual([[], [], []]);
    await Promise.all([attacker.stop(), ours.stop()]);
  });

  test.each([
    'http://graph.microsoft.com',
    'http://127.0.0.1:4010',
    'http://localhost.evil.example',
    'ftp://localhost',
    'localhost:4010',
  ])('to no origin like %s, even if it is configured', (graph) => {
    expect(() => trustedOrigin(graph)).toThrow('Not an origin that tokens may be sent to');
    expect(() => createTestClients({ graph })).toThrow();
  });
});
