import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { appToken, CONTOSO, GRAPH_APP, type RunningSimulator, startSimulator } from '../../testing.ts';
import { type Failure, graphReads } from './test-reads.ts';

// Each file starts a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let simulator: RunningSimulator;
let get: ReturnType<typeof graphReads>['get'];
let read: ReturnType<typeof graphReads>['read'];
let drain: ReturnType<typeof graphReads>['drain'];
let refusal: ReturnType<typeof graphReads>['refusal'];

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
  ({ get, read, drain, refusal } = graphReads(
    simulator.url,
    await appToken(simulator.url, CONTOSO, GRAPH_APP),
  ));
});

describe('delta', () => {
  test('reads everybody once, then only what changed', async () => {
    const first = await drain('/users/delta?$select=displayName,department');
    expect(new Set(first.rows.map(({ id }) => id)).size).toBe(2500);
    const [unchanged, changed, soft, hard] = first.rows.slice(50).map(({ id }) => id);
    await simulator.control.updateUser(CONTOSO, String(changed), { department: 'Moved' });
    await simulator.control.deleteUser(CONTOSO, String(soft));
    await simulator.control.request('DELETE', `/users/${hard}?tenantId=${CONTOSO}&permanently=true`);
    const { id: created } = await simulator.control.createUser(CONTOSO, { displayName: 'New' });
    const second = await drain(first.last['@odata.deltaLink'] ?? '');
    expect(second.rows.map(({ id }) => id)).toEqual([changed, soft, hard, created]);
    expect(second.rows.map((row) => row['@removed'])).toEqual([
      undefined,
      { reason: 'changed' },
      { reason: 'deleted' },
      undefined,
    ]);
    expect(second.rows[0]).toMatchObject({ department: 'Moved' });
    expect(second.rows.map(({ id }) => id)).not.toContain(unchanged);
    const third = await drain(second.last['@odata.deltaLink'] ?? '');
    expect(third.rows).toEqual([]);
    await simulator.control.request('POST', `/users/${soft}/restore?tenantId=${CONTOSO}`);
    const fourth = await drain(third.last['@odata.deltaLink'] ?? '');
    expect(fourth.rows).toEqual([expect.objectContaining({ id: soft, displayName: expect.any(String) })]);
    expect((await drain('/users?$select=id&$top=999')).rows).toHaveLength(2500);
  });

  test('leaves out what never had a value', async () => {
    const { rows } = await drain('/users/delta?$select=department');
    expect(rows.some((row) => !('department' in row))).toBe(true);
    expect(rows.every((row) => row.department !== null)).toBe(true);
  });

  test('can begin now, names managers on request', async () => {
    const now = await read('/users/delta?$deltatoken=latest');
    expect(now.value).toEqual([]);
    expect(now['@odata.deltaLink']).toContain('$deltatoken=');
    const { value } = await read('/users/delta?$select=displayName,manager');
    expect(value.find((row) => row['manager@delta'])?.['manager@delta']).toEqual([
      { '@odata.type': '#microsoft.graph.user', id: expect.any(String) },
    ]);
  });

  test('an expired link asks for a new beginning', async () => {
    const link = (await read('/users/delta?$deltatoken=latest'))['@odata.deltaLink'] ?? '';
    await simulator.control.request('POST', '/expire', { deltaLinks: true });
    const response = await get(link);
    expect(response.status).toBe(410);
    expect(response.headers.get('location')).toBe(`${simulator.url}/v1.0/users/delta?$deltatoken=`);
    expect(((await response.json()) as Failure).error.code).toBe('resyncRequired');
    expect((await get(response.headers.get('location') ?? '')).status).toBe(200);
  });

  test.each(['$top=5', '$expand=manager', '$orderby=displayName'])('refuses %s', async (query) => {
    expect((await refusal(`/users/delta?${query}`)).code).toBe('Request_UnsupportedQuery');
  });
});
