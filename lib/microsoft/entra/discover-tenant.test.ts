import { afterEach, expect, test } from 'vitest';
import { type CloudName, cloudsOfTenant, createCloud } from '#lib/config/clouds.ts';
import {
  type Answer,
  createTestClients,
  type ScriptedServer,
  startScriptedServer,
  TEST_DIRECTORY,
} from '../testing.ts';
import { discoverTenant, otherCloud } from './discover-tenant.ts';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function discover(input: string, answer: Answer) {
  const server = await startScriptedServer(() => answer);
  servers.push(server);
  const { entra } = createTestClients({ authority: server.origin });
  return { result: await discoverTenant(entra, input), received: server.received };
}

const configuration = (issuer: string): Answer => ({
  body: {
    issuer,
    jwks_uri: `https://login.microsoftonline.com/${TEST_DIRECTORY}/discovery/v2.0/keys`,
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
  },
});
const good = configuration(`https://login.microsoftonline.com/${TEST_DIRECTORY}/v2.0`);
const refusal = (error: string, aadsts: number): Answer => ({
  status: 400,
  body: { error, error_description: `AADSTS${aadsts}: text`, error_codes: [aadsts], correlation_id: 'c-1' },
});

test.each([
  ['contoso.com', 'contoso.com'],
  ['  Contoso.OnMicrosoft.com ', 'contoso.onmicrosoft.com'],
  ['münchen.example', 'xn--mnchen-3ya.example'],
  [TEST_DIRECTORY.toUpperCase(), TEST_DIRECTORY],
])('%s is asked for as %s', async (input, asked) => {
  const { result, received } = await discover(input, good);
  expect(result).toMatchObject({
    ok: true,
    value: { directoryId: TEST_DIRECTORY, regionScope: 'EU', clouds: [{ name: 'global' }] },
  });
  expect(received.map(({ path }) => path)).toEqual([`/${asked}/v2.0/.well-known/openid-configuration`]);
});

test.each([
  '',
  '   ',
  'contoso',
  'common',
  'organizations',
  '../../evil',
  'contoso.com/../evil',
  'contoso.com?x=1',
  'contoso.com#x',
  'contoso.com\r\nHost: evil',
  'a@contoso.com',
  'https://contoso.com',
  '-contoso.com',
  `${'a'.repeat(64)}.com`,
  `${'a.'.repeat(200)}com`,
  '%2e%2e%2fevil.com',
  "'; drop table tenant; --",
])('%j is not sent anywhere', async (input) => {
  const { result, received } = await discover(input, good);
  expect(result).toMatchObject({ ok: false, problem: { code: 'tenant-unknown' } });
  expect(received).toEqual([]);
});

test.each<[string, Answer]>([
  ['AADSTS90002', refusal('invalid_tenant', 90002)],
  ['AADSTS900023', refusal('invalid_request', 900023)],
])('%s is an unknown tenant', async (code, answer) => {
  const { result } = await discover('nobody.example', answer);
  expect(result).toMatchObject({
    ok: false,
    problem: {
      code: 'tenant-unknown',
      input: 'nobody.example',
      microsoft: { code, correlationId: 'c-1', status: 400 },
    },
  });
});

test('404 without a body we know is an unknown tenant', async () => {
  const { result } = await discover('nobody.example', { status: 404, body: 'Not found' });
  expect(result).toMatchObject({ ok: false, problem: { code: 'tenant-unknown', input: 'nobody.example' } });
});

test.each([
  'https://login.microsoftonline.com/{tenantid}/v2.0',
  'https://login.live.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
])('the issuer %s is no tenant', async (issuer) => {
  const { result } = await discover('outlook.com', configuration(issuer));
  expect(result).toMatchObject({ ok: false, problem: { code: 'tenant-unknown' } });
});

test('an answer of another shape is told apart from an outage', async () => {
  expect((await discover('contoso.com', { body: { hello: 'world' } })).result).toMatchObject({
    ok: false,
    problem: { code: 'upstream-shape' },
  });
  expect((await discover('contoso.com', { status: 500 })).result).toMatchObject({
    ok: false,
    problem: { code: 'upstream-unavailable' },
  });
});

test.each<[instance: string, subScope: string, ours: CloudName, graph?: string, arm?: string]>([
  ['microsoftonline.com', 'GCC', 'global'],
  ['microsoftonline.us', 'DODCON', 'usgov'],
  ['microsoftonline.us', 'DOD', 'usgovdod'],
  ['microsoftonline.us', 'DODCON', 'global', 'usgov', 'usgov'],
  ['microsoftonline.us', 'DOD', 'global', 'usgovdod', 'usgovdod'],
  ['partner.microsoftonline.cn', '', 'global', 'china', 'china'],
  ['microsoftonline.com', '', 'china', 'global', 'global'],
  // One Resource Manager, two Graphs.
  ['microsoftonline.us', 'DOD', 'usgov', 'usgovdod'],
  ['microsoftonline.us', 'DODCON', 'usgovdod', 'usgov'],
  // Not told, or unknown to us: no reason to refuse anybody.
  ['microsoftonline.us', '', 'usgovdod'],
  ['microsoftonline.example', '', 'usgov'],
])('a tenant of %s %s seen from %s', (instance, subScope, ours, graph, arm) => {
  const { entra } = createTestClients({});
  const here = { ...entra, settings: { ...entra.settings, cloud: createCloud(ours) } };
  const tenant = { directoryId: TEST_DIRECTORY, clouds: cloudsOfTenant(instance, subScope) };
  expect(otherCloud(here, tenant, 'graph')?.name).toBe(graph);
  expect(otherCloud(here, tenant, 'arm')?.name).toBe(arm);
});
