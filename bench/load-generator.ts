import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DIRECTORY_ID, organization, subscribedSkus } from './load/directory.ts';
import { renderUserPages } from './load/pages.ts';

/**
 * A directory of LOAD_USERS users behind Graph's and the login service's addresses, in a process of its own. Pages
 * are rendered before the first request. It checks nothing: it is there to be faster than what is measured.
 */
const users = Number(process.env.LOAD_USERS ?? '100000');

const TOKEN_PATH = /^\/[^/]+\/oauth2\/v2\.0\/token$/;

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', graphUrl);
  // Bodies are of no interest, but an unread one would hold up the connection.
  request.resume();
  if (pathname === '/v1.0/users') {
    const token = searchParams.get('$skiptoken');
    const page = token === null ? pages.first : pages.byToken.get(token);
    return page ? sendBytes(response, page) : sendJson(response, 400, EXPIRED);
  }
  if (pathname === '/v1.0/subscribedSkus') return sendJson(response, 200, { value: subscribedSkus(users) });
  if (pathname === '/v1.0/organization') return sendJson(response, 200, { value: [organization] });
  if (TOKEN_PATH.test(pathname)) return sendJson(response, 200, appOnlyToken());
  return sendJson(response, 404, { error: { code: 'Request_ResourceNotFound', message: pathname } });
});
// A second of keep-alive, the default, could end a connection just when the next page is asked for.
server.keepAliveTimeout = 120_000;
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

const { port } = server.address() as AddressInfo;
// The name, since the portal takes plain http for an emulator only under it.
const graphUrl = `http://localhost:${port}`;
const pages = renderUserPages(users, graphUrl);
process.send?.({ type: 'ready', url: graphUrl, averageBytes: pages.averageBytes });

const EXPIRED = { error: { code: 'Directory_ExpiredPageToken', message: 'The page token is not known.' } };

function sendBytes(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** With every permission that the portal asks for; nobody here checks the signature. */
function appOnlyToken() {
  const claims = {
    tid: DIRECTORY_ID,
    oid: '10ad0000-0000-4000-8000-000000000001',
    roles: ['User.Read.All', 'LicenseAssignment.Read.All', 'Organization.Read.All'],
    exp: Math.floor(Date.now() / 1000) + 3600,
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const access_token = [part({ typ: 'JWT', alg: 'RS256' }), part(claims), part({})].join('.');
  return { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token };
}
