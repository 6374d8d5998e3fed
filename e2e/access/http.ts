import { Agent, request } from 'node:http';
import type { CookieJar } from '#lib/auth/testing.ts';

/** A request as it goes over the wire: nothing is added to it, nothing is followed. */
export type Call = {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Whose session it carries; nobody's without. */
  readonly as?: CookieJar;
};

export type Answer = {
  readonly call: Call;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  readonly body: string;
};

/** Few at a time: other tests use the portal meanwhile. A connection each: a kept one may end just when it is used. */
const agent = new Agent({ keepAlive: false, maxSockets: 3 });

/** An address of nobody's, for the portal's limits: what is sent from here uses up nothing of other tests. */
const ADDRESS = '198.51.100.7';

/** Sends by Node's own client: `fetch` tidies addresses up and keeps headers back that an attacker would send. */
export function send(portalUrl: string, call: Call): Promise<Answer> {
  const { hostname, port } = new URL(portalUrl);
  const headers = {
    'x-forwarded-for': ADDRESS,
    ...(call.as?.header && { cookie: call.as.header }),
    ...call.headers,
  };
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = request({ agent, hostname, port, path: call.path, method: call.method ?? 'GET', headers });
  outgoing.on('error', reject);
  outgoing.on('response', (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      body += chunk;
    });
    response.on('error', reject);
    response.on('end', () => {
      const { 'set-cookie': setCookies = [], ...others } = response.headers;
      resolve({
        call,
        status: response.statusCode ?? 0,
        headers: Object.fromEntries(
          Object.entries(others).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
        ),
        setCookies,
        body,
      });
    });
  });
  outgoing.end(call.body);
  return promise;
}
