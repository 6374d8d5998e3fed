import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Services } from '#lib/domain/context.ts';
import { createTestMember, testServices } from '#lib/domain/testing.ts';
import { recordAudit } from './record.ts';

let db: TestDatabase;
let services: Services;

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database, { clock: () => new Date('2030-01-02T03:04:05Z') });
});
afterAll(() => db.stop());

const entry = {
  action: 'tenant.update',
  entity: 'tenant',
  entityId: '1',
  before: { name: 'a' },
  after: { name: 'b' },
} as const;

test('a change that is undone leaves no record', async () => {
  const ctx = await createTestMember(services);
  const { prisma } = services.database;
  const failing = prisma.$transaction(async (tx) => {
    await recordAudit(tx, ctx, entry);
    throw new Error('the change failed');
  });
  await expect(failing).rejects.toThrow('the change failed');
  expect(await prisma.auditEvent.count({ where: { organizationId: ctx.actor.organizationId } })).toBe(0);
});

test('a job is named as what it is', async () => {
  const { organizationId } = (await createTestMember(services)).actor;
  const { prisma } = services.database;
  const ctx = { ...services, actor: { type: 'job', job: 'import-tenant', organizationId } as const };
  await prisma.$transaction((tx) => recordAudit(tx, ctx, entry));
  expect(await prisma.auditEvent.findMany({ where: { organizationId } })).toMatchObject([
    { ...entry, at: services.clock(), actor: 'job:import-tenant', actorName: 'import-tenant' },
  ]);
});
