import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '#lib/config/env.ts';
import { NONCE_HEADER, PATH_HEADER, PREPARED_HEADER, REQUEST_ID_HEADER } from '#lib/core/request-headers.ts';
import { prepareReads } from './prepare-reads.ts';

const server = createServer((incoming, response) => response.end(JSON.stringify(incoming.headers)));

beforeAll(async () => {
  prepareReads(
    readConfig({
      APP_URL: 'http://localhost:3000',
      AUTH_SECRET: 'a-secret-of-at-least-thirty-two-characters',
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      MICROSOFT_CLIENT_ID: '10ad0000-0000-4000-8000-00000000a991',
      MICROSOFT_CLIENT_SECRET: 'not-checked',
    }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => server.close());

type Headers = Readonly<Record<string, string | undefined>>;

/** What the server sees of a request, and what comes back. The path goes out as it is. */
async function ask(path: string, method = 'GET', headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo;
  const sent = request({ host: '127.0.0.1', port, path, method, headers }).end();
  const [response] = await once(sent, 'response');
  return { seen: (await json(response)) as Headers, answer: response.headers as Headers };
}

test('a read gets the security headers, and pages the same nonce, id and address', async () => {
  const { seen, answer } = await ask('/users?q=mia');
  expect(seen[PREPARED_HEADER]).toBe('1');
  expect(seen[PATH_HEADER]).toBe('/users?q=mia');
  expect(seen[REQUEST_ID_HEADER]).toBe(answer[REQUEST_ID_HEADER]);
  expect(seen['content-security-policy']).toBe(answer['content-security-policy']);
  expect(answer['content-security-policy']).toContain(`'nonce-${seen[NONCE_HEADER]}'`);
  expect(answer).toMatchObject({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' });
  const again = await ask('/users?q=mia');
  expect(again.seen[NONCE_HEADER]).not.toBe(seen[NONCE_HEADER]);
});

test('what a client sends under these names is written over', async () => {
  const { seen } = await ask('/users', 'GET', {
    [PATH_HEADER]: '/elsewhere',
    [NONCE_HEADER]: 'guessed',
    'content-security-policy': "script-src 'nonce-guessed'",
  });
  expect(seen[PATH_HEADER]).toBe('/users');
  expect(JSON.stringify(seen)).not.toContain('guessed');
});

test('the address is that of the page, not of its payload', async () => {
  expect((await ask('/users?q=mia&_rsc=x1')).seen[PATH_HEADER]).toBe('/users?q=mia');
});

test('files that are named by their content may be kept', async () => {
  expect((await ask('/_next/static/chunks/a.js')).answer).not.toHaveProperty('cache-control');
});

test.each([
  ['POST', '/users'],
  ['DELETE', '/users'],
  ['OPTIONS', '/users'],
  ['GET', '/users/%c0%af'],
  ['GET', '//elsewhere.example/users'],
  ['GET', 'http://elsewhere.example/users'],
])('%s %s is left to the proxy, whatever it says of itself', async (method, path) => {
  const { seen } = await ask(path, method, { [PREPARED_HEADER]: '1' });
  expect(seen).not.toHaveProperty(PREPARED_HEADER);
});

test('the proxy runs for all others', async () => {
  // As text, as Next reads it.
  const proxy = await readFile(new URL('../../proxy.ts', import.meta.url), 'utf8');
  expect(proxy).toContain(
    `matcher: [{ source: '/:path*', missing: [{ type: 'header', key: '${PREPARED_HEADER}' }] }],`,
  );
});
