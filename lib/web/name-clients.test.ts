import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { nameClients } from './name-clients.ts';

test('a server sees one address, the last that the proxy on this machine names', async () => {
  nameClients();
  const server = createServer((request, response) => response.end(request.headers['x-forwarded-for']));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const seen = async (headers: HeadersInit) => (await fetch(`http://127.0.0.1:${port}/`, { headers })).text();
  expect(await seen({})).toBe('127.0.0.1');
  expect(await seen({ 'x-forwarded-for': '198.51.100.1, 203.0.113.7' })).toBe('203.0.113.7');
  const twice: [string, string][] = [
    ['x-forwarded-for', '198.51.100.1'],
    ['x-forwarded-for', '203.0.113.7'],
  ];
  expect(await seen(twice)).toBe('203.0.113.7');
  server.close();
});
