/*
 * For tests: a local HTTP server with scripted answers, and clients that talk to it. Nothing waits for real.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Credential, createCloud, type MicrosoftSettings } from '#lib/config/clouds.ts';
import { DirectoryId } from '#lib/core/ids.ts';
import { ok } from '#lib/core/result.ts';
import { createLog, type Log } from '#lib/log/log.ts';
import { type ArmClient, createArmClient } from './arm/client.ts';
import { createMicrosoftClients, type MicrosoftClientsOptions } from './clients.ts';
import { createGraphClient, type GraphClient } from './graph/client.ts';
import { type Bearer, createHttp } from './http/http.ts';

export type Received = {
  readonly method: string;
  readonly path: string;
  /** As sent, without the question mark. */
  readonly search: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, a string as it is. */
  readonly body?: unknown;
  /** `cut`: closes the connection in the middle of the body; `hang`: never answers. */
  readonly fault?: 'cut' | 'hang';
};

export type ScriptedServer = {
  readonly origin: string;
  readonly received: Received[];
  stop(): Promise<void>;
};

/** Listens on a free port of `localhost`; `answer` gets each request and how many came before it. */
export async function startScriptedServer(
  answer: (request: Received, index: number) => Answer | Promise<Answer>,
): Promise<ScriptedServer> {
  const received: Received[] = [];
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request: Received = {
      method: incoming.method ?? '',
      path: url.pathname,
      search: (incoming.url ?? '').split('?')[1] ?? '',
      query: url.searchParams,
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    };
    received.push(request);
    const { status = 200, headers = {}, body, fault } = await answer(request, received.length - 1);
    if (fault === 'hang') return;
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    if (fault !== 'cut') return response.end(text);
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    received,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const TEST_DIRECTORY = DirectoryId.parse('c0000000-0000-4000-8000-00000000c001');

export type TestOrigins = {
  readonly authority?: string;
  readonly graph?: string;
  readonly arm?: string;
  readonly ea?: string;
};

/** Settings whose endpoints are the given origins, and an address where nothing listens for the others. */
export function testSettings(origins: TestOrigins, credential?: Credential): MicrosoftSettings {
  const nowhere = 'http://localhost:1';
  return {
    cloud: createCloud('global', {
      authorityUrl: origins.authority ?? nowhere,
      graphUrl: origins.graph ?? nowhere,
      armUrl: origins.arm ?? nowhere,
      eaReportingUrl: origins.ea ?? nowhere,
    }),
    registrations: {
      azure: {
        clientId: '11111111-aaaa-4bbb-8ccc-000000000001',
        credential: credential ?? { type: 'secret', secret: 'azure-secret~1+&=%' },
      },
      graph: {
        clientId: '22222222-aaaa-4bbb-8ccc-000000000002',
        credential: credential ?? { type: 'secret', secret: 'graph-secret~2' },
      },
    },
  };
}

export type Waits = { readonly waits: number[]; readonly options: MicrosoftClientsOptions };

/** A clock that stands still except while somebody waits, and the waits in milliseconds. Chance is always 0. */
export function recordedWaits(now = new Date('2030-01-02T03:04:05Z')): Waits {
  const waits: number[] = [];
  let at = now.getTime();
  return {
    waits,
    options: {
      clock: () => new Date(at),
      random: () => 0,
      wait: async (ms, signal) => {
        signal?.throwIfAborted();
        waits.push(ms);
        at += ms;
      },
    },
  };
}

const FIXED_TOKEN: Bearer = { get: async () => ok('the-token') };

export const quietLog: Log = createLog({ level: 'silent' });

/** Clients for the given origins that never really wait. */
export function createTestClients(
  origins: TestOrigins,
  options: MicrosoftClientsOptions = recordedWaits().options,
) {
  return createMicrosoftClients(testSettings(origins), quietLog, options);
}

/** Graph with a fixed token, so that a test needs no login service. */
export function testGraph(
  origin: string,
  options: MicrosoftClientsOptions = recordedWaits().options,
): GraphClient {
  const http = createHttp({ log: quietLog, ...options });
  return createGraphClient({ http, graphUrl: origin, bearer: FIXED_TOKEN }, TEST_DIRECTORY);
}

/** Azure Resource Manager with a fixed token. */
export function testArm(
  origin: string,
  options: MicrosoftClientsOptions = recordedWaits().options,
): ArmClient {
  const http = createHttp({ log: quietLog, ...options });
  return createArmClient({ http, armUrl: origin, bearer: FIXED_TOKEN, quota: 'arm' });
}
