import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { testServices } from '#lib/domain/testing.ts';
import {
  type Answer,
  createTestClients,
  type Received,
  type ScriptedServer,
  startScriptedServer,
  TEST_DIRECTORY,
} from '#lib/microsoft/testing.ts';
import { connectTenant, importNow, presentUserIds, type TestTenant } from './testing.ts';

/*
 * Answers that the simulator does not give. The server speaks just enough for an import; each test scripts the users.
 */
let db: TestDatabase;
let server: ScriptedServer | undefined;

beforeAll(async () => {
  db = await startTestDatabase();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => db.stop());

type Script = {
  readonly users: (request: Received, count: number) => Answer['body'];
  readonly skus?: readonly object[];
};

async function connectTo({ users, skus = [] }: Script): Promise<TestTenant> {
  let count = 0;
  server = await startScriptedServer((request) => {
    if (request.path.endsWith('/token'))
      return { body: { token_type: 'Bearer', expires_in: 3600, access_token: 't' } };
    if (request.path === '/v1.0/subscribedSkus') return { body: { value: skus } };
    if (request.path === '/v1.0/directory/subscriptions') return { body: { value: [] } };
    if (request.path === '/v1.0/groups') return { body: { value: [] } };
    if (request.path === '/v1.0/organization') {
      return { body: { value: [{ id: TEST_DIRECTORY, displayName: 'Odd', verifiedDomains: [] }] } };
    }
    count += 1;
    return { body: users(request, count) };
  });
  const { origin } = server;
  const microsoft = createTestClients({ authority: origin, graph: origin, arm: origin });
  return connectTenant(testServices(db.database, { microsoft }), TEST_DIRECTORY, 'office365');
}

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const user = (n: number, members: object = {}) => ({ id: id(n), ...members });
const link = (token: string): string => `${server?.origin}/v1.0/users?$skiptoken=${token}`;
const tokenOf = ({ query }: Received): string | null => query.get('$skiptoken');

test('fewer users than Microsoft counts, then and now, are no complete read', async () => {
  let present = [1, 2, 3];
  const tenant = await connectTo({
    users: () => ({ '@odata.count': 3, value: present.map((n) => user(n)) }),
  });
  expect(await importNow(tenant)).toMatchObject({ status: 'completed' });
  present = [1, 3];
  const run = await importNow(tenant);
  expect(run).toMatchObject({
    status: 'partial',
    problem: { code: 'read-incomplete', received: 2, expected: 3 },
  });
  expect(run.phase('users')).toMatchObject({ state: 'partial', retired: 0 });
  expect(await presentUserIds(tenant)).toEqual([1, 2, 3].map(id));
});

test('who was deleted while the directory was read is not missing', async () => {
  let counted = 3;
  let present = [1, 2, 3];
  const tenant = await connectTo({
    users: () => {
      const body = { '@odata.count': counted, value: present.map((n) => user(n)) };
      counted = present.length;
      return body;
    },
  });
  await importNow(tenant);
  present = [1, 2];
  const run = await importNow(tenant);
  expect(run.status).toBe('completed');
  expect(run.phase('users')).toMatchObject({ received: 2, expected: 2, retired: 1 });
});

test('an empty directory is not believed', async () => {
  let present = [1];
  const tenant = await connectTo({ users: () => ({ value: present.map((n) => user(n)) }) });
  await importNow(tenant);
  present = [];
  expect(await importNow(tenant)).toMatchObject({ status: 'partial', problem: { code: 'read-incomplete' } });
  expect(await presentUserIds(tenant)).toEqual([id(1)]);
});

test('without a count from Microsoft, the last page ends a complete read', async () => {
  let present = [1, 2];
  const tenant = await connectTo({ users: () => ({ value: present.map((n) => user(n)) }) });
  await importNow(tenant);
  present = [2];
  const run = await importNow(tenant);
  expect(run.phase('users')).toMatchObject({ state: 'completed', received: 1, expected: 1, retired: 1 });
});

test('identities of agents are counted by Microsoft and no users', async () => {
  const tenant = await connectTo({
    users: () => ({
      '@odata.count': 3,
      value: [user(1), user(2, { '@odata.type': '#microsoft.graph.agentUser' }), user(3)],
    }),
  });
  const run = await importNow(tenant);
  expect(run.status).toBe('completed');
  expect(run.phase('users')).toMatchObject({ received: 2, expected: 2 });
  expect(await presentUserIds(tenant)).toEqual([id(1), id(3)]);
});

test('a user who moves to a later page is there once, as the later page has them', async () => {
  const pages: Readonly<Record<string, { readonly value: object[]; readonly next?: string }>> = {
    first: { value: [user(1), user(2, { city: 'before' })], next: 'second' },
    second: { value: [user(2, { city: 'after' }), user(3)], next: 'third' },
    third: { value: [user(3, { city: 'after' }), user(2, { city: 'last' })] },
  };
  const tenant = await connectTo({
    users: (request) => {
      const page = pages[tokenOf(request) ?? 'first'];
      const next = page?.next && { '@odata.nextLink': link(page.next) };
      return { '@odata.count': 3, value: page?.value, ...next };
    },
  });
  const run = await importNow(tenant);
  expect(run.phase('users')).toMatchObject({ state: 'completed', received: 3, expected: 3 });
  const { rows } = await db.database.pool.query(
    'SELECT id, city FROM directory_user WHERE tenant_id = $1 ORDER BY id',
    [tenant.tenantId],
  );
  expect(rows).toEqual([
    { id: id(1), city: null },
    { id: id(2), city: 'last' },
    { id: id(3), city: 'after' },
  ]);
});

test('pages without users that never end are given up', async () => {
  const tenant = await connectTo({
    users: (_request, count) => ({ value: [], '@odata.nextLink': link(String(count)) }),
  });
  expect(await importNow(tenant)).toMatchObject({ status: 'partial', problem: { code: 'upstream-shape' } });
});

test('text that PostgreSQL cannot hold is stored as near as can be', async () => {
  const tenant = await connectTo({
    users: () => ({
      value: [
        user(1, {
          displayName: 'a\0b',
          mail: 'half \ud83d',
          licenseAssignmentStates: [{ skuId: id(9), state: 'Act\0ive' }],
          onPremisesExtensionAttributes: { extensionAttribute1: 'x\0\ud83d' },
        }),
      ],
    }),
    skus: [{ skuId: id(9), skuPartNumber: 'A\0B', capabilityStatus: 'Enabled', prepaidUnits: {} }],
  });
  expect((await importNow(tenant)).status).toBe('completed');
  const { rows } = await db.database.pool.query(
    `SELECT display_name, mail, license_assignments, on_premises_extension_attributes AS attributes, sku_part_number
     FROM directory_user JOIN subscribed_sku USING (tenant_id) WHERE tenant_id = $1`,
    [tenant.tenantId],
  );
  expect(rows).toMatchObject([
    {
      display_name: 'a\ufffdb',
      mail: 'half \ufffd',
      license_assignments: [{ state: 'Act\ufffdive' }],
      attributes: '{"extensionAttribute1":"x\\u0000\\ud83d"}',
      sku_part_number: 'A\ufffdB',
    },
  ]);
});

test('a number that is too large costs its phase, not the run', async () => {
  const tenant = await connectTo({
    users: () => ({ value: [user(1)] }),
    skus: [
      {
        skuId: id(9),
        skuPartNumber: 'X',
        capabilityStatus: 'Enabled',
        consumedUnits: 2 ** 40,
        prepaidUnits: { enabled: 1 },
      },
    ],
  });
  const run = await importNow(tenant);
  expect(run).toMatchObject({ status: 'partial', problem: { code: 'upstream-shape', where: 'skus' } });
  expect(run.phase('users')).toMatchObject({ state: 'completed' });
});

test('a directory that turns out to be another one stops everything', async () => {
  const tenant = await connectTo({ users: () => ({ value: [] }) });
  const { prisma } = db.database;
  const other = { directoryId: id(77) };
  await prisma.tenant.update({ where: { id: tenant.tenantId }, data: other });
  expect(await importNow(tenant)).toMatchObject({ status: 'failed', problem: { code: 'wrong-tenant' } });
  expect(await presentUserIds(tenant)).toEqual([]);
});
