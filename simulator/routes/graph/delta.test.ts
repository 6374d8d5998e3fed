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

  test('tells whose manager changed, left or came back, and who it was', async () => {
    const { rows } = await drain('/users?$select=id&$expand=manager($select=id)&$top=999');
    const managers = new Set(rows.map(({ manager }) => manager?.id));
    const [report, other] = rows.filter(({ id, manager }) => manager && !managers.has(id));
    if (!report || !other) throw new Error('nobody has a manager');
    const begin = async () =>
      String((await read('/users/delta?$select=manager&$deltatoken=latest'))['@odata.deltaLink']);
    const told = async (link: string) =>
      (await drain(link)).rows.find(({ id }) => id === report.id)?.['manager@delta'];
    const [was, now] = [report.manager?.id, other.id];
    const type = { '@odata.type': '#microsoft.graph.user' };
    const gone = (id: unknown) => ({ ...type, id, '@removed': { reason: 'deleted' } });

    const before = await begin();
    await simulator.control.updateUser(CONTOSO, report.id, { managerId: now });
    expect(await told(before)).toEqual([{ ...type, id: now }, gone(was)]);
    const moved = await begin();
    await simulator.control.deleteUser(CONTOSO, now);
    expect(await told(moved)).toEqual([gone(now)]);
    const left = await begin();
    await simulator.control.request('POST', `/users/${now}/restore?tenantId=${CONTOSO}`);
    expect(await told(left)).toEqual([{ ...type, id: now }]);
    expect(await told(moved)).toEqual([{ ...type, id: now }]);
  });

  test('may be told to be of few words, or of too many', async () => {
    const manners = (delta: object) => simulator.control.request('POST', `/tenants/${CONTOSO}`, { delta });
    const begin = async () => {
      const path = '/users/delta?$select=displayName,licenseAssignmentStates,manager&$deltatoken=latest';
      return String((await read(path))['@odata.deltaLink']);
    };
    const [boss, one, two] = (await read('/users?$select=id')).value.map(({ id }) => id);
    const link = await begin();
    await simulator.control.updateUser(CONTOSO, String(one), { displayName: 'One', managerId: boss });
    const later = await begin();
    await simulator.control.updateUser(CONTOSO, String(one), { displayName: 'Anna' });
    expect((await drain(later)).rows).toMatchObject([
      { displayName: 'Anna', 'manager@delta': [{ id: boss }] },
    ]);
    await manners({ withoutAssignmentStates: true, changedManagersOnly: true });
    expect(Object.keys((await drain(later)).rows[0] ?? {}).sort()).toEqual(['displayName', 'id']);
    expect((await drain(link)).rows).toMatchObject([
      { displayName: 'Anna', 'manager@delta': expect.anything() },
    ]);
    await simulator.control.deleteUser(CONTOSO, String(two));
    await manners({ removalReason: 'archived', keepsLinks: true, replays: 1 });
    expect((await drain(await begin())).rows).toMatchObject([
      { id: two, '@removed': { reason: 'archived' } },
    ]);
  });

  test('random changes are the same for the same seed', async () => {
    const changed = (seed: number) =>
      simulator.control.request('POST', `/tenants/${CONTOSO}/changes`, { changes: 500, seed });
    const done = await changed(7);
    expect(Object.values(done).reduce<number>((sum, count) => sum + Number(count), 0)).toBe(500);
    const { rows } = await drain('/users?$select=id,department,assignedLicenses&$expand=manager&$top=999');
    await simulator.control.reset();
    await simulator.control.grant(CONTOSO, GRAPH_APP.clientId);
    expect(await changed(7)).toEqual(done);
    const again = await drain('/users?$select=id,department,assignedLicenses&$expand=manager&$top=999');
    expect(again.rows).toEqual(rows);
  });
});
