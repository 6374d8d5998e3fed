import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  appToken,
  CONTOSO,
  GRAPH_APP,
  GRAPH_DEFAULT,
  postToken,
  type RunningSimulator,
  signInAs,
  startSimulator,
} from './testing.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
let token: string;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
  token = await appToken(simulator.url, CONTOSO, GRAPH_APP);
});

const graphCredentials = {
  grant_type: 'client_credentials',
  client_id: GRAPH_APP.clientId,
  client_secret: GRAPH_APP.secret,
  scope: GRAPH_DEFAULT,
};
const get = (path: string) => fetch(simulator.url + path, { headers: { authorization: `Bearer ${token}` } });
const USERS = '/v1.0/users?$select=id&$top=50';

describe('faults', () => {
  test('act so often, after so many, and every so many matching requests', async () => {
    await simulator.control.fault({
      kind: 'error',
      service: 'graph',
      path: '/users',
      after: 1,
      every: 2,
      times: 2,
      status: 502,
    });
    const statuses: number[] = [];
    for (let request = 0; request < 7; request++) statuses.push((await get(USERS)).status);
    expect(statuses).toEqual([200, 502, 200, 502, 200, 200, 200]);
    expect((await get('/v1.0/subscribedSkus')).status).toBe(200);
    expect((await simulator.control.request<{ faults: object[] }>('GET', '/faults')).faults).toEqual([
      expect.objectContaining({ seen: 7, hits: 2 }),
    ]);
  });

  test.each([
    ['seconds', /^3$/],
    ['fraction', /^3\.128$/],
    ['date', /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/],
    ['none', undefined],
  ])('Retry-After as %s', async (retryAfter, pattern) => {
    await simulator.control.fault({ kind: 'throttle', retryAfter, retryAfterSeconds: 3, times: 1 });
    const response = await get(USERS);
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ error: { code: 'TooManyRequests' } });
    if (pattern) expect(response.headers.get('retry-after')).toMatch(pattern);
    else expect(response.headers.has('retry-after')).toBe(false);
  });

  test('speak the language of each service', async () => {
    await simulator.control.fault({ kind: 'error', times: 3, status: 503, code: 'Boom', message: 'bang' });
    expect(await (await get(USERS)).json()).toMatchObject({
      error: { code: 'Boom', message: 'bang', innerError: expect.anything() },
    });
    expect(await (await get('/subscriptions?api-version=2022-12-01')).json()).toEqual({
      error: { code: 'Boom', message: 'bang' },
    });
    const { body } = await postToken(simulator.url, CONTOSO, {});
    expect(body).toMatchObject({ error: 'temporarily_unavailable', error_codes: [90033] });
  });

  test('the login service refuses in its own shape, with the number that was asked for', async () => {
    await simulator.control.fault({
      kind: 'error',
      service: 'login',
      tenantId: CONTOSO,
      path: '/oauth2/v2.0/token',
      status: 401,
      code: 'AADSTS7000222',
      error: 'invalid_client',
      message: 'The provided client secret keys are expired.',
      times: 1,
    });
    const { status, body } = await postToken(simulator.url, CONTOSO, {});
    expect(status).toBe(401);
    expect(body).toEqual({
      error: 'invalid_client',
      error_description: expect.stringMatching(
        /^AADSTS7000222: The provided .* Trace ID: .* Correlation ID: .* Timestamp: .*Z$/,
      ),
      error_codes: [7000222],
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      correlation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      error_uri: expect.stringContaining('7000222'),
    });
  });

  test('break answers: cut off, truncated, of another type, of another shape', async () => {
    await simulator.control.fault({ kind: 'reset', times: 1 });
    await expect(get(USERS).then((response) => response.text())).rejects.toThrow();
    await simulator.control.fault({ kind: 'truncate', times: 1 });
    const truncated = await get(USERS);
    expect(truncated.status).toBe(200);
    await expect(truncated.json()).rejects.toThrow(SyntaxError);
    await simulator.control.fault({ kind: 'content-type', times: 1 });
    expect((await get(USERS)).headers.get('content-type')).toContain('text/html');
    await simulator.control.fault({ kind: 'shape', times: 1 });
    expect(await (await get(USERS)).json()).toMatchObject({ value: { 0: expect.anything() } });
    expect(await (await get(USERS)).json()).toMatchObject({ value: expect.any(Array) });
  });

  test('a hanging request ends with its client', async () => {
    await simulator.control.fault({ kind: 'hang', times: 1 });
    const abort = new AbortController();
    const pending = fetch(simulator.url + USERS, {
      signal: abort.signal,
      headers: { authorization: `Bearer ${token}` },
    });
    expect((await get(USERS)).status).toBe(200);
    abort.abort();
    await expect(pending).rejects.toThrow(/abort/i);
  });

  type Page = { value: { id: string }[]; '@odata.nextLink': string };
  const page = async (path: string) => (await (await get(path)).json()) as Page;

  test('disturb paging: rows twice, empty pages, links that lead away or in circles', async () => {
    const undisturbed = await page(USERS);
    await simulator.control.fault({ kind: 'duplicate-rows', times: 2 });
    const first = await page(USERS);
    const second = await page(first['@odata.nextLink'].slice(simulator.url.length));
    expect(first.value).toHaveLength(51);
    expect(second.value.slice(0, 3)).toEqual(undisturbed.value.slice(-3));

    await simulator.control.fault({ kind: 'empty-page', times: 1 });
    const empty = await page(USERS);
    expect(empty.value).toEqual([]);
    expect((await page(empty['@odata.nextLink'].slice(simulator.url.length))).value).toEqual(
      undisturbed.value,
    );

    await simulator.control.fault({
      kind: 'foreign-link',
      times: 1,
      foreignOrigin: 'http://elsewhere.example',
    });
    expect((await page(USERS))['@odata.nextLink']).toBe(`http://elsewhere.example${USERS}`);
    await simulator.control.fault({ kind: 'repeat-link', times: 1 });
    expect((await page(USERS))['@odata.nextLink']).toBe(simulator.url + USERS);
  });

  test('churn changes the directory while it is read', async () => {
    const latest = (await (await get('/v1.0/users/delta?$deltatoken=latest')).json()) as Record<
      string,
      string
    >;
    await simulator.control.fault({ kind: 'churn', path: '/users?', times: 3 });
    for (let request = 0; request < 4; request++) await get(USERS);
    const link = new URL(latest['@odata.deltaLink'] ?? '');
    expect((await page(link.pathname + link.search)).value.length).toBeGreaterThan(3);
  });

  test('are refused when they make no sense, and removed', async () => {
    await expect(simulator.control.fault({ kind: 'nonsense' })).rejects.toThrow('400');
    const { id } = await simulator.control.fault({ kind: 'error' });
    await simulator.control.request('DELETE', `/faults/${id}`);
    expect((await get(USERS)).status).toBe(200);
  });
});

describe('clients that come back too early', () => {
  test('are reported, those that wait are not', async () => {
    await simulator.control.fault({ kind: 'throttle', times: 1, retryAfterSeconds: 60 });
    expect((await get(USERS)).status).toBe(429);
    expect(await simulator.control.violations()).toEqual([]);
    await simulator.control.request('POST', '/clock', { advanceMs: 20_000 });
    await get(USERS);
    expect(await simulator.control.violations()).toEqual([
      expect.objectContaining({
        service: 'graph',
        client: `${GRAPH_APP.clientId}/${CONTOSO}`,
        method: 'GET',
        sameRequest: true,
        retryAfterMs: 60_000,
      }),
    ]);
    await simulator.control.request('DELETE', '/violations');
    await simulator.control.fault({ kind: 'throttle', times: 1, retryAfterSeconds: 60 });
    await get(USERS);
    await simulator.control.request('POST', '/clock', { advanceMs: 60_000 });
    await get(USERS);
    expect(await simulator.control.violations()).toEqual([]);
  });
});

describe('tenants', () => {
  test('of any size can be made, with an administrator of their own', async () => {
    const { tenant, persona } = await simulator.control.createTenant({
      domain: 'huge.example',
      users: 5_000_000,
    });
    await simulator.control.grant(tenant.id, GRAPH_APP.clientId);
    const as = await appToken(simulator.url, 'huge.example', GRAPH_APP);
    const response = await fetch(`${simulator.url}/v1.0/users/$count`, {
      headers: { authorization: `Bearer ${as}`, consistencylevel: 'eventual' },
    });
    expect(await response.text()).toBe('5000000');
    const query = new URLSearchParams({
      client_id: GRAPH_APP.clientId,
      redirect_uri: 'http://localhost:3000/api/consent/admin-callback',
      scope: 'https://graph.microsoft.com/.default',
    });
    const { location } = await signInAs(
      `${simulator.url}/${tenant.id}/v2.0/adminconsent?${query}`,
      persona.mail,
    );
    expect(location?.searchParams.get('tenant')).toBe(tenant.id);
    await expect(simulator.control.createTenant({ domain: 'huge.example', users: 1 })).rejects.toThrow('409');
  });
});

describe('the control page', () => {
  const text = async (path = '/_control') => await (await fetch(simulator.url + path)).text();
  const active = async () =>
    (
      await simulator.control.request<{ active: { key: string; title: string; detail: string }[] }>(
        'GET',
        '/state',
      )
    ).active;
  const post = (path: string) =>
    fetch(`${simulator.url}/_control${path}`, {
      method: 'POST',
      headers: { accept: 'text/html' },
      redirect: 'manual',
    });

  test('has a button for each scenario, which run with and without a browser', async () => {
    const names = [...(await text()).matchAll(/action="\/_control\/scenarios\/([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(names).toContain('conditional-access');
    for (const name of names.filter((each) => each !== 'northwind'))
      await simulator.control.request('POST', `/scenarios/${name}`);
    expect((await post('/scenarios/slow')).headers.get('location')).toBe('/_control?done=Slow%20network');
    for (const name of ['nonsense', 'northwind'])
      await expect(simulator.control.request('POST', `/scenarios/${name}`)).rejects.toThrow('404');
  });

  test.each([
    'slow',
    'throttling-seconds',
    'throttling-date',
    'throttling-none',
    'server-errors',
    'outage',
    'no-answer',
    'broken-connections',
    'truncated',
    'html',
    'duplicates',
    'empty-pages',
    'churn',
    'expired-links',
    'foreign-link',
    'lost-rows',
    'shape',
    'lagging-consent',
    'declined-consent',
    'wrong-tenant',
    'conditional-access',
    'expired-secret',
  ])('shows that %s is active, and can stop it', async (name) => {
    expect(await active()).toEqual([]);
    expect(await text()).toContain('everything works');
    await simulator.control.request('POST', `/scenarios/${name}`);
    const started = await active();
    expect(started).not.toEqual([]);
    expect(await text()).toContain(started[0]?.title);
    for (const { key } of started) {
      expect(await text()).toContain(`action="/_control/active/${key}/stop"`);
      expect((await post(`/active/${key}/stop`)).status).toBe(303);
      expect((await post(`/active/${key}/stop`)).status).toBe(404);
    }
    expect(await active()).toEqual([]);
    expect((await postToken(simulator.url, CONTOSO, graphCredentials)).status).toBe(200);
    expect((await get(USERS)).status).toBe(200);
  });

  test('says where and how often a fault acts', async () => {
    await simulator.control.fault({ kind: 'throttle', service: 'graph', path: '/users', every: 2, times: 1 });
    expect(await active()).toMatchObject([
      { title: 'Fault: throttle', detail: expect.stringContaining('0 of 1 times') },
    ]);
    await get(USERS);
    expect((await active())[0]?.detail).toBe(
      'One in 2 requests to Graph with /users in it; 1 of 1 times, used up.',
    );
  });

  test('stops everything at once, and keeps what was granted', async () => {
    for (const name of ['outage', 'slow', 'conditional-access', 'expired-secret', 'declined-consent'])
      await simulator.control.request('POST', `/scenarios/${name}`);
    await simulator.control.request('POST', '/scenarios/calm');
    expect(await active()).toEqual([]);
    expect((await get(USERS)).status).toBe(200);
  });

  test('the home page lists what there is', async () => {
    const page = await (await fetch(simulator.url)).text();
    for (const text of ['Contoso', 'Nora Northwind', '100,000', GRAPH_APP.clientId])
      expect(page).toContain(text);
    expect((await fetch(`${simulator.url}/nonsense`)).status).toBe(404);
  });
});

describe('new keys', () => {
  test('sign from now on, while the old ones stay known', async () => {
    await simulator.control.request('POST', '/keys/rotate');
    const keys = (await (await fetch(`${simulator.url}/common/discovery/v2.0/keys`)).json()) as {
      keys: { kid: string }[];
    };
    expect(keys.keys).toHaveLength(2);
    const fresh = await appToken(simulator.url, CONTOSO, GRAPH_APP);
    expect(JSON.parse(atob(fresh.split('.')[0] ?? '')).kid).toBe(keys.keys[0]?.kid);
    expect((await get(USERS)).status).toBe(200);
  });
});

describe('state', () => {
  test('outlives a restart, a damaged file is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-state-'));
    const statePath = join(folder, 'deep', 'simulator.json');
    const one = await startSimulator({ statePath });
    await one.control.createTenant({ domain: 'kept.example', users: 12 });
    await one.control.grant(CONTOSO, GRAPH_APP.clientId);
    const before = await appToken(one.url, CONTOSO, GRAPH_APP);
    await one.stop();
    const two = await startSimulator({ statePath });
    const headers = { authorization: `Bearer ${before}` };
    expect((await fetch(`${two.url}/v1.0/users?$top=1`, { headers })).status).toBe(200);
    expect((await fetch(`${two.url}/kept.example/v2.0/.well-known/openid-configuration`)).status).toBe(200);
    await two.control.reset();
    await two.stop();
    expect(JSON.parse(readFileSync(statePath, 'utf8')).servicePrincipals).toEqual([]);
    writeFileSync(statePath, '{"half":');
    await expect(startSimulator({ statePath })).rejects.toThrow(
      'Delete the file to begin with the demo set.',
    );
    rmSync(folder, { recursive: true });
  });

  test('a port in use ends the start with words', async () => {
    const port = new URL(simulator.url).port;
    await expect(startSimulator({ env: { SIMULATOR_PORT: port } })).rejects.toThrow(
      'set SIMULATOR_PORT to another one',
    );
  });
});

test('what has passed through the login service is listed for tests that look for leaks', async () => {
  const issued = await simulator.control.issued(CONTOSO);
  expect(issued).toContainEqual(expect.objectContaining({ kind: 'access_token', value: token }));
  expect(issued).toContainEqual(expect.objectContaining({ kind: 'client_secret', value: GRAPH_APP.secret }));
  expect(await simulator.control.issued('f0000000-0000-4000-8000-00000000f001')).toEqual([]);
});
