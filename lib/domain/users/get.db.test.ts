import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Services } from '#lib/domain/context.ts';
import { createTestSku, createTestTenant } from '#lib/domain/licensing/testing.ts';
import { createTestMember, testServices } from '#lib/domain/testing.ts';
import { getUser } from './get.ts';
import { createTestUsers } from './testing.ts';

let db: TestDatabase;
let services: Services;

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database);
});

afterAll(() => db?.stop());

const E5 = '06ebc4ee-1bb5-47dd-8120-11324bc54e06';
const PILOT = '5e1ec7ed-0000-4000-8000-00000000a101';
const TEAMS = '57ff2da0-773e-42df-b2af-ffb7a2317929';
const NOT_FOUND = { ok: false, problem: { code: 'not-found', entity: 'user' } };

test('all fields, the manager, direct reports, and how each licence came', async () => {
  const ctx = await createTestMember(services, 'viewer');
  const { tenantId } = await createTestTenant(ctx);
  const group = randomUUID();
  await createTestSku(ctx, tenantId, { skuId: E5, skuPartNumber: 'SPE_E5' });
  await services.database.prisma.licensedGroup.create({
    data: { tenantId, id: group, displayName: 'Sales', skuIds: [E5], importedAt: new Date() },
  });
  const [boss] = await createTestUsers(ctx, tenantId, [{ display_name: 'Nora Nord' }]);
  const assignment = { skuId: E5, disabledPlans: [], assignedByGroup: null, state: 'Active', error: 'None' };
  const [user] = await createTestUsers(ctx, tenantId, [
    {
      display_name: 'Mia Berg',
      city: 'Oslo',
      account_enabled: true,
      created_date_time: '2020-01-02T03:04:05Z',
      manager_id: boss?.id ?? null,
      on_premises_extension_attributes: '{"extensionAttribute10":"ten","extensionAttribute2":"two"}',
      sku_ids: [E5],
      license_assignments: [
        assignment,
        { ...assignment, assignedByGroup: group, disabledPlans: [TEAMS, 'unknown-plan'] },
        { ...assignment, skuId: PILOT, assignedByGroup: group, state: 'Error', error: 'CountViolation' },
      ],
    },
  ]);
  await createTestUsers(ctx, tenantId, [
    { manager_id: user?.id ?? null },
    { manager_id: user?.id ?? null },
    { manager_id: user?.id ?? null, deleted_at: '2026-01-01T00:00:00Z' },
  ]);

  const found = await getUser(ctx, { tenantId, userId: user?.id ?? '' });
  expect(found).toMatchObject({
    ok: true,
    value: {
      source: { name: 'Contoso', tenantId },
      displayName: 'Mia Berg',
      city: 'Oslo',
      createdDateTime: new Date('2020-01-02T03:04:05Z'),
      extensionAttributes: [
        ['extensionAttribute2', 'two'],
        ['extensionAttribute10', 'ten'],
      ],
      manager: { id: boss?.id, displayName: 'Nora Nord', isListed: true },
      directReports: 2,
      licenses: [
        {
          skuId: PILOT,
          name: PILOT,
          isKnown: false,
          isAssigned: false,
          assignments: [{ groupId: group, groupName: 'Sales', state: 'Error', error: 'CountViolation' }],
        },
        {
          name: 'Microsoft 365 E5',
          isAssigned: true,
          assignments: [
            { groupId: null, groupName: null, error: null, disabledPlans: [] },
            {
              groupId: group,
              groupName: 'Sales',
              error: null,
              disabledPlans: ['Microsoft Teams', 'unknown-plan'],
            },
          ],
        },
      ],
    },
  });
});

test('a manager outside the directory is known by id only', async () => {
  const ctx = await createTestMember(services);
  const { tenantId } = await createTestTenant(ctx);
  const managerId = randomUUID();
  const [user] = await createTestUsers(ctx, tenantId, [{ manager_id: managerId }]);
  expect(await getUser(ctx, { tenantId, userId: user?.id ?? '' })).toMatchObject({
    ok: true,
    value: {
      displayName: null,
      manager: { id: managerId, displayName: null, isListed: false },
      directReports: 0,
    },
  });
});

test('nobody sees a deleted user, one of another organization or of a removed tenant', async () => {
  const ctx = await createTestMember(services);
  const { tenantId } = await createTestTenant(ctx);
  const removed = await createTestTenant(ctx, { isRemoved: true });
  const users = [
    { tenantId, user: { deleted_at: '2026-01-01T00:00:00Z' }, ctx },
    { tenantId: removed.tenantId, user: {}, ctx },
    { tenantId, user: {}, ctx: await createTestMember(services) },
  ];
  for (const { tenantId: of, user, ctx: reader } of users) {
    const [created] = await createTestUsers(ctx, of, [user]);
    expect(await getUser(reader, { tenantId: of, userId: created?.id ?? '' })).toEqual(NOT_FOUND);
  }
  expect(await getUser(ctx, { tenantId, userId: randomUUID() })).toEqual(NOT_FOUND);
  expect(await getUser(ctx, { tenantId: TenantId.parse(randomUUID()), userId: randomUUID() })).toEqual(
    NOT_FOUND,
  );
});
