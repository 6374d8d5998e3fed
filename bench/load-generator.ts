import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Directory } from './load/changes.ts';
import { Command } from './load/commands.ts';
import {
  DIRECTORY_ID,
  directorySubscriptions,
  isSmallDirectory,
  licensedGroups,
  organization,
  subscribedSkus,
} from './load/directory.ts';
import { createLogin } from './load/login.ts';
import { firstRows } from './load/rows.ts';
import { createUsers } from './load/users.ts';

/**
 * A directory of LOAD_USERS users, and any number of small ones, behind Graph's and the login service's addresses, in
 * a process of its own. Users are rendered before the first request. It checks nothing: it is there to be faster than
 * what is measured. What it does besides is told to it by messages: see load/commands.ts.
 */
const users = Number(process.env.LOAD_USERS ?? '100000');
const SMALL_USERS = 200;

type Tenant = { readonly directory: Directory; readonly answerUsers: ReturnType<typeof createUsers> };
type Answer = { readonly status: number; readonly pieces: readonly (Buffer | string)[] };

const large = createTenant(users);
const small = createTenant(SMALL_USERS);
let latencyMs = 0;
let graphRequests = 0;

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
const host = `localhost:${address.port}`;
const login = await createLogin(`http://${host}`);
process.send?.({ url: `http://${host}`, averageBytes: large.directory.rows.averageBytes });

process.on('message', (message) => {
  const command = Command.parse(message);
  if (command.latencyMs !== undefined) latencyMs = command.latencyMs;
  if (command.tellsStates !== undefined) large.directory.tellsStates = command.tellsStates;
  if (command.change !== undefined) large.directory.change(command.change);
  process.send?.({ users: large.directory.rows.users.length, graphRequests });
});

function createTenant(count: number): Tenant {
  const directory = new Directory(firstRows(count));
  return { directory, answerUsers: createUsers(directory) };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Microsoft's own client knows https alone; the benchmark sends what it asks for here all the same.
  const origin = `${request.headers['x-forwarded-proto'] ?? 'http'}://${host}`;
  const url = new URL(request.url ?? '/', origin);
  if (latencyMs > 0) await sleep(latencyMs);
  if (url.pathname.startsWith('/v1.0/')) {
    graphRequests += 1;
    const directoryId = directoryOf(request.headers.authorization);
    const answered =
      url.pathname === '/v1.0/$batch'
        ? answerBatch(await text(request), origin, directoryId)
        : answerGraph(url, origin, directoryId);
    return send(response, answered);
  }
  const answered = await login(url, await text(request));
  if (!answered) return send(response, NOT_FOUND);
  if ('json' in answered) return send(response, json(answered.json));
  response.writeHead(302, { location: answered.redirect }).end();
}

function answerGraph(url: URL, origin: string, directoryId: string): Answer {
  const { answerUsers, directory } = isSmallDirectory(directoryId) ? small : large;
  switch (url.pathname) {
    case '/v1.0/subscribedSkus':
      return json({ value: subscribedSkus(directoryId, directory.rows.users.length) });
    case '/v1.0/organization':
      return json({ value: [organization(directoryId)] });
    case '/v1.0/directory/subscriptions':
      return json({ value: directorySubscriptions(directory.rows.users.length) });
    case '/v1.0/groups': {
      const areFailing = url.searchParams.get('$filter')?.startsWith('hasMembersWithLicenseErrors');
      return json({ value: areFailing ? [] : licensedGroups });
    }
    default:
      return answerUsers(url, origin) ?? NOT_FOUND;
  }
}

const Batch = z.object({ requests: z.array(z.object({ id: z.string(), url: z.string() })) });

/** Several reads at once; as a request it counts once. */
function answerBatch(body: string, origin: string, directoryId: string): Answer {
  const items = Batch.parse(JSON.parse(body)).requests.map(({ id, url }) => {
    const { status, pieces } = answerGraph(new URL(`/v1.0${url}`, origin), origin, directoryId);
    const head = JSON.stringify({ id, status, headers: { 'Content-Type': 'application/json' } });
    return [`${head.slice(0, -1)},"body":`, ...pieces, '}'];
  });
  const pieces = items.flatMap((item, n) => (n === 0 ? item : [',', ...item]));
  return { status: 200, pieces: ['{"responses":[', ...pieces, ']}'] };
}

/** Whom a token is for; who brings none, gets the large directory. */
function directoryOf(authorization: string | undefined): string {
  const claims = authorization?.split('.')[1];
  if (claims === undefined) return DIRECTORY_ID;
  return JSON.parse(Buffer.from(claims, 'base64url').toString()).tid;
}

const json = (body: unknown, status = 200): Answer => ({ status, pieces: [JSON.stringify(body)] });
const NOT_FOUND = json({ error: { code: 'Request_ResourceNotFound' } }, 404);

/** In one write to the socket. */
function send(response: ServerResponse, { status, pieces }: Answer): void {
  const length = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length });
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.uncork();
  response.end();
}
