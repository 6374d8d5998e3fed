import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { organization, subscribedSkus } from './load/directory.ts';
import { createLogin } from './load/login.ts';
import { renderUserPages } from './load/pages.ts';

/**
 * A directory of LOAD_USERS users behind Graph's and the login service's addresses, in a process of its own. Pages
 * are rendered before the first request. It checks nothing: it is there to be faster than what is measured.
 */
const users = Number(process.env.LOAD_USERS ?? '100000');

const EXPIRED = { error: { code: 'Directory_ExpiredPageToken', message: 'The page token is not known.' } };

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
// The default of five seconds could end a connection just when the next page is asked for.
server.keepAliveTimeout = 120_000;
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

const address = server.address();
if (address === null || typeof address === 'string') throw new Error('The load generator has no port.');
// The name, since the portal takes plain http for an emulator only under it.
const origin = `http://localhost:${address.port}`;
const pages = renderUserPages(users, origin);
const login = await createLogin(origin);
process.send?.({ url: origin, averageBytes: pages.averageBytes });

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', origin);
  if (url.pathname === '/v1.0/users') {
    const token = url.searchParams.get('$skiptoken');
    const page = token === null ? pages.first : pages.byToken.get(token);
    return page ? sendBytes(response, page) : sendJson(response, 400, EXPIRED);
  }
  if (url.pathname === '/v1.0/subscribedSkus') {
    return sendJson(response, 200, { value: subscribedSkus(users) });
  }
  if (url.pathname === '/v1.0/organization') return sendJson(response, 200, { value: [organization] });
  const answered = await login(url, await text(request));
  if (!answered) return sendJson(response, 404, { error: { code: 'Request_ResourceNotFound' } });
  if ('json' in answered) return sendJson(response, 200, answered.json);
  response.writeHead(302, { location: answered.redirect }).end();
}

function sendBytes(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
