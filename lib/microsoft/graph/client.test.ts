import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startLoginServer } from '../entra/testing.ts';
import { CODE_PROBLEMS } from '../http/problems.ts';
import {
  type Answer,
  createTestClients,
  recordedWaits,
  type ScriptedServer,
  startScriptedServer,
  TEST_DIRECTORY,
  testGraph,
} from '../testing.ts';
import { shaped } from './client.ts';
import { listAppRoleAssignments } from './service-principals.ts';
import { listSubscribedSkus } from './subscribed-skus.ts';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(...answers: Answer[]): Promise<ScriptedServer> {
  const server = await startScriptedServer((_request, index) => answers[index] ?? answers.at(-1) ?? {});
  servers.push(server);
  return server;
}

test.each(CODE_PROBLEMS.filter(([service]) => service === 'graph'))(
  '%s: %s is %s',
  async (_service, code, problem) => {
    const server = await serve({
      status: 400,
      body: { error: { code, innererror: { 'request-id': 'r-1' } } },
    });
    expect(await listSubscribedSkus(testGraph(server.origin))).toMatchObject({
      ok: false,
      problem: { code: problem, microsoft: { code, correlationId: 'r-1', status: 400 } },
    });
  },
);

test.each([
  [401, 'sign-in-required'],
  [403, 'permission-missing'],
  [404, 'resource-not-found'],
  [409, 'conflict'],
  [410, 'page-expired'],
  [418, 'request-rejected'],
])('an unknown code falls into the class of status %i', async (status, code) => {
  for (const body of [{ error: { code: 'NewCode' } }, { error: 'text' }, '<html>', undefined]) {
    const server = await serve({ status, body, headers: { 'request-id': 'from-header' } });
    expect(await listSubscribedSkus(testGraph(server.origin))).toMatchObject({
      ok: false,
      problem: { code, microsoft: { status, correlationId: 'from-header' } },
    });
  }
});

test('a redirect is a foreign link', async () => {
  const server = await serve({ status: 302, headers: { location: 'https://evil.example/x' } });
  expect(await listSubscribedSkus(testGraph(server.origin))).toEqual({
    ok: false,
    problem: { code: 'foreign-link', origin: 'https://evil.example' },
  });
});

test('the token is the application’s own, fetched once, and renewed after a 401', async () => {
  const login = await startLoginServer((_request, self) => ({
    body: { token_type: 'Bearer', expires_in: 3600, access_token: `token-${self.tokenRequests().length}` },
  }));
  servers.push(login);
  const graph = await serve(
    { body: { value: [] } },
    { body: { value: [] } },
    { status: 401 },
    { body: { value: [] } },
  );
  // MSAL reads the real time.
  const { options } = recordedWaits(new Date());
  const clients = createTestClients({ authority: login.origin, graph: graph.origin }, options);
  for (let call = 0; call < 3; call += 1) {
    expect(await listSubscribedSkus(clients.graph(TEST_DIRECTORY))).toEqual({ ok: true, value: [] });
  }
  expect(graph.received.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer token-1',
    'Bearer token-1',
    'Bearer token-1',
    'Bearer token-2',
  ]);
});

test('without a token nothing is sent', async () => {
  const login = await startLoginServer(() => ({
    status: 400,
    body: { error: 'unauthorized_client', error_codes: [700016] },
  }));
  servers.push(login);
  const graph = await serve({ body: { value: [] } });
  const clients = createTestClients({ authority: login.origin, graph: graph.origin });
  expect(await listSubscribedSkus(clients.graph(TEST_DIRECTORY))).toMatchObject({
    ok: false,
    problem: { code: 'consent-required', microsoft: { code: 'AADSTS700016' } },
  });
  expect(graph.received).toEqual([]);
});

test('pages of a small list are read to the end, but not for ever', async () => {
  const row = (n: number) => ({
    appRoleId: `00000000-0000-4000-8000-00000000000${n}`,
    resourceId: '00000000-0000-4000-8000-000000000009',
  });
  const path = `/v1.0/servicePrincipals/${TEST_DIRECTORY}/appRoleAssignments`;
  const server = await startScriptedServer((_request, index) => ({
    body: {
      value: [row(index)],
      '@odata.nextLink': index < 2 ? `${server.origin}${path}?$skiptoken=${index}` : undefined,
    },
  }));
  servers.push(server);
  const listed = await listAppRoleAssignments(testGraph(server.origin), TEST_DIRECTORY);
  expect(listed.ok && listed.value.map(({ appRoleId }) => appRoleId.at(-1))).toEqual(['0', '1', '2']);
  const endless = await startScriptedServer(() => ({
    body: { value: [], '@odata.nextLink': `${endless.origin}${path}` },
  }));
  servers.push(endless);
  expect(await listAppRoleAssignments(testGraph(endless.origin), TEST_DIRECTORY)).toMatchObject({
    ok: false,
    problem: { code: 'upstream-shape' },
  });
});

test('an unexpected body is told apart from an outage', async () => {
  const server = await serve({ body: { value: [{ skuId: 'x' }] } });
  expect(await listSubscribedSkus(testGraph(server.origin))).toEqual({
    ok: false,
    problem: { code: 'upstream-shape', where: '/subscribedSkus' },
  });
  expect(shaped(z.string())(5)).toBeUndefined();
});
