import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { appToken, CONTOSO, GRAPH_APP, type RunningSimulator, startSimulator } from '../../testing.ts';
import { graphReads } from './test-reads.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

type Answer = { id: string; status: number; headers: Record<string, string>; body: unknown };

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

const post = (body: unknown) =>
  fetch(`${simulator.url}/v1.0/$batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function answersTo(requests: readonly object[]): Promise<Answer[]> {
  const { responses } = (await (await post({ requests })).json()) as { responses: Answer[] };
  return responses.sort((a, b) => (a.id < b.id ? -1 : 1));
}

const get = (id: string, url: string, more: object = {}) => ({ id, method: 'GET', url, ...more });

test('each request has an answer of its own', async () => {
  const { value } = await graphReads(simulator.url, token).read('/users?$select=id&$top=2');
  const answers = await answersTo([
    get('1', `/users/${value[0]?.id}?$select=id`),
    get('2', '/users/nobody@contoso.com/manager'),
    get('3', '/users/$count', { headers: { ConsistencyLevel: 'eventual' } }),
    get('4', 'users?$top=1&$select=id'),
  ]);
  expect(answers).toMatchObject([
    { id: '1', status: 200, body: { id: value[0]?.id } },
    { id: '2', status: 404, body: { error: { code: 'Request_ResourceNotFound' } } },
    { id: '3', status: 200, body: Buffer.from('2500').toString('base64') },
    { id: '4', status: 200, body: { value: [{ id: value[0]?.id }] } },
  ]);
});

test('each request is throttled by itself, and takes down those that depend on it', async () => {
  await simulator.control.fault({ kind: 'throttle', path: '/organization', retryAfterSeconds: 7, times: 1 });
  const answers = await answersTo([
    get('1', '/organization'),
    get('2', '/subscribedSkus'),
    get('3', '/subscribedSkus', { dependsOn: ['1'] }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([429, 200, 424]);
  expect(answers[0]?.headers['Retry-After']).toBe('7');
});

test.each([
  ['nothing', {}],
  ['more than twenty', { requests: Array.from({ length: 21 }, (_, n) => get(String(n), '/organization')) }],
  ['one id twice', { requests: [get('1', '/organization'), get('1', '/organization')] }],
  ['a batch within a batch', { requests: [{ id: '1', method: 'POST', url: '/$batch', body: {} }] }],
])('%s is no batch', async (_name, body) => {
  expect((await post(body)).status).toBe(400);
});
