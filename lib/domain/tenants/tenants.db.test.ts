import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import type { Services } from '../context.ts';
import { createTestMember, recordingJobs, testServices } from '../testing.ts';
import { getTenant, listTenants } from './queries.ts';
import { renameTenant } from './rename-tenant.ts';
import { requestVerification } from './request-verification.ts';
import { resolveTenant } from './resolve.ts';
import { auditActions, createTestTenant } from './testing.ts';

let db: TestDatabase;
let services: Services;
const jobs = recordingJobs();

beforeAll(async () => {
  db = await startTestDatabase();
  services = testServices(db.database, { jobs });
});

afterAll(() => db.stop());

test('a tenant is renamed, and the audit says how it was called', async () => {
  const ctx = await createTestMember(services, 'admin');
  const { tenantId } = await createTestTenant(ctx);
  expect(await renameTenant(ctx, { tenantId, name: 'Contoso Group' })).toEqual({
    ok: true,
    value: { name: 'Contoso Group' },
  });
  expect(await getTenant(ctx, { tenantId })).toMatchObject({ value: { name: 'Contoso Group' } });
  const [event] = await db.database.prisma.auditEvent.findMany({
    where: { organizationId: ctx.actor.organizationId },
  });
  expect(event).toMatchObject({
    action: 'tenant.update',
    entityId: tenantId,
    actorName: 'Test admin',
    before: { name: 'Contoso' },
    after: { name: 'Contoso Group' },
  });
});

test('the same name again changes nothing and leaves no record', async () => {
  const ctx = await createTestMember(services, 'admin');
  const { tenantId } = await createTestTenant(ctx);
  expect(await renameTenant(ctx, { tenantId, name: 'Contoso' })).toMatchObject({ ok: true });
  expect(await auditActions(ctx)).toEqual([]);
});

test('a new check is handed to a worker', async () => {
  const ctx = await createTestMember(services, 'admin');
  const { tenantId } = await createTestTenant(ctx, { status: 'cannot_connect' });
  expect(await requestVerification(ctx, { tenantId })).toMatchObject({ ok: true });
  expect(jobs.enqueued.at(-1)).toEqual({
    name: 'verify-tenant',
    payload: { organizationId: ctx.actor.organizationId, tenantId },
  });
  // What is known stays until the check has an answer.
  expect(await getTenant(ctx, { tenantId })).toMatchObject({
    value: { status: 'cannot_connect', pulse: 'running', check: { cause: 'person', isOver: false } },
  });
  expect(await auditActions(ctx)).toEqual([]);
});

test('a viewer reads and changes nothing', async () => {
  const ctx = await createTestMember(services, 'viewer');
  const { tenantId } = await createTestTenant(ctx);
  const forbidden = { ok: false, problem: { code: 'forbidden', need: 'admin' } };
  expect(await renameTenant(ctx, { tenantId, name: 'Other' })).toEqual(forbidden);
  expect(await requestVerification(ctx, { tenantId })).toEqual(forbidden);
  expect(await resolveTenant(ctx, { tenant: 'contoso.com' })).toEqual(forbidden);
  expect(await listTenants(ctx)).toMatchObject({
    value: { tenants: [{ tenantId, name: 'Contoso' }], mayConnect: false },
  });
  expect(await getTenant(ctx, { tenantId })).toMatchObject({ value: { mayChange: false } });
});

test('a tenant of another organization, a removed one and none at all are the same', async () => {
  const ctx = await createTestMember(services, 'owner');
  const other = await createTestMember(services, 'owner');
  const foreign = await createTestTenant(other);
  const removed = await createTestTenant(ctx, { removedAt: new Date(), status: 'removed' });
  const missing = { tenantId: TenantId.parse(randomUUID()) };
  const notFound = { ok: false, problem: { code: 'not-found', entity: 'tenant' } };
  for (const { tenantId } of [foreign, removed, missing]) {
    expect(await getTenant(ctx, { tenantId })).toEqual(notFound);
    expect(await renameTenant(ctx, { tenantId, name: 'Mine' })).toEqual(notFound);
    expect(await requestVerification(ctx, { tenantId })).toEqual(notFound);
  }
  expect(await listTenants(ctx)).toMatchObject({ value: { tenants: [] } });
  expect(await getTenant(other, foreign)).toMatchObject({ value: { name: 'Contoso', status: 'connected' } });
});

test('a list names subscriptions, the newest import and what each tenant lacks', async () => {
  const ctx = await createTestMember(services, 'owner');
  const azure = await createTestTenant(ctx, { kind: 'azure', name: 'Azure' });
  const office = await createTestTenant(ctx, {
    name: 'Office',
    status: 'limited',
    statusProblem: { code: 'permission-missing', permission: 'User.Read.All' },
  });
  const { prisma } = db.database;
  const common = { tenantId: azure.tenantId, state: 'Enabled' };
  await prisma.azureSubscription.createMany({
    data: [
      {
        ...common,
        subscriptionId: randomUUID(),
        displayName: 'Prod',
        status: 'added',
        accessLevel: 'resources',
      },
      {
        ...common,
        subscriptionId: randomUUID(),
        displayName: 'Lab',
        status: 'found',
        notAddedReason: { code: 'permission-missing' },
      },
    ],
  });
  const [first, second] = [new Date('2030-01-01T00:00:00Z'), new Date('2030-01-02T00:00:00Z')];
  const run = { tenantId: office.tenantId, trigger: 'manual' } as const;
  await prisma.importRun.createMany({
    data: [
      { ...run, id: randomUUID(), createdAt: first, finishedAt: first, status: 'failed' },
      { ...run, id: randomUUID(), createdAt: second, finishedAt: second, status: 'completed' },
    ],
  });
  const list = await listTenants(ctx);
  expect(list.ok && list.value.tenants).toMatchObject([
    {
      name: 'Azure',
      subscriptions: [
        { displayName: 'Lab', status: 'found', problem: { code: 'permission-missing' } },
        { displayName: 'Prod', status: 'added', accessLevel: 'resources' },
      ],
    },
    {
      name: 'Office',
      status: 'limited',
      problem: { code: 'permission-missing', permission: 'User.Read.All' },
      subscriptions: [],
      lastImport: { status: 'completed', at: second },
    },
  ]);
});

test('an Azure account that nobody works on any more is not shown as being verified', async () => {
  const ctx = await createTestMember(services, 'owner');
  const { tenantId, directoryId } = await createTestTenant(ctx, { kind: 'azure', status: 'verifying' });
  const flow = (updatedAt: Date) => ({
    id: randomUUID(),
    organizationId: ctx.actor.organizationId,
    personId: ctx.actor.personId,
    kind: 'azure' as const,
    name: 'Contoso',
    directoryId,
    tenantId,
    status: 'working' as const,
    updatedAt,
  });
  const { id } = await db.database.prisma.consentFlow.create({ data: flow(new Date()) });
  expect(await getTenant(ctx, { tenantId })).toMatchObject({ value: { status: 'verifying' } });
  await db.database.prisma.consentFlow.update({
    where: { id },
    data: { updatedAt: new Date(Date.now() - 10 * 60_000) },
  });
  expect(await getTenant(ctx, { tenantId })).toMatchObject({
    value: { status: 'could_not_check', problem: { code: 'flow-interrupted' } },
  });
});
