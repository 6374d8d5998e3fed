import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { DirectoryId } from '#lib/core/ids.ts';
import { AZURE_APP } from '../../../simulator/testing.ts';
import { verifyTenant } from '../tenants/verify.ts';
import { type ImportBed, importNow, startImportBed, type TestTenant } from './testing.ts';

let bed: ImportBed;
beforeAll(async () => {
  // A refused call is not repeated for minutes.
  bed = await startImportBed({ wait: async () => undefined });
});
afterAll(() => bed.stop());

const State = z.object({ subscriptions: z.array(z.object({ id: z.string(), tenantId: z.string() })) });

/** A tenant whose two subscriptions were added long ago; `first` is the one that something happens to. */
async function connectTwo() {
  const { control } = bed.simulator;
  const domain = `${crypto.randomUUID().slice(0, 8)}.example`;
  const { tenant: directory } = await control.createTenant({ domain, users: 1, subscriptions: 2 });
  const { objectId } = await control.grant(directory.id, AZURE_APP.clientId);
  const ids = State.parse(await control.state())
    .subscriptions.filter(({ tenantId }) => tenantId === directory.id)
    .map(({ id }) => id);
  const tenant = await bed.connect(DirectoryId.parse(directory.id), 'azure');
  const addedAt = new Date(Date.now() - 86_400_000);
  for (const subscriptionId of ids) {
    await assignReader(subscriptionId, objectId);
    await bed.db.database.prisma.azureSubscription.create({
      data: {
        tenantId: tenant.tenantId,
        subscriptionId,
        displayName: subscriptionId,
        state: 'Enabled',
        status: 'added',
        addedAt,
      },
    });
  }
  const [first = '', second = ''] = ids;
  return { tenant, first, second, objectId };
}

const assignReader = (subscriptionId: string, principalId: string) =>
  bed.simulator.control.request('POST', '/role-assignments', {
    scope: `/subscriptions/${subscriptionId}`,
    role: 'Reader',
    principalId,
  });

const change = (id: string, what: { isDeleted?: boolean; isHidden?: boolean }) =>
  bed.simulator.control.request('POST', `/subscriptions/${id}`, what);

async function datesOf({ tenantId }: TestTenant, subscriptionId: string) {
  return bed.db.database.prisma.azureSubscription.findUniqueOrThrow({
    where: { tenantId_subscriptionId: { tenantId, subscriptionId } },
    select: { status: true, missingSince: true, goneSince: true },
  });
}

const NEVER = { status: 'added', missingSince: null, goneSince: null };

test('a subscription is gone once two runs were told that it does not exist, and comes back when it is seen', async () => {
  const { tenant, first, second } = await connectTwo();
  await change(first, { isDeleted: true });
  const one = await importNow(tenant);
  expect(one).toMatchObject({ status: 'partial', problem: { code: 'resource-not-found' } });
  const missed = await datesOf(tenant, first);
  expect(missed).toEqual({ status: 'added', missingSince: expect.any(Date), goneSince: null });

  const two = await importNow(tenant);
  expect(two.status).toBe('completed');
  expect(two.phase('azure-subscriptions')).toMatchObject({ received: 1, expected: 1, retired: 1 });
  expect(await datesOf(tenant, first)).toMatchObject({ goneSince: missed.missingSince });
  expect(await datesOf(tenant, second)).toEqual(NEVER);
  // What does not exist is not missing from the connection.
  expect(await verifyTenant(tenant.ctx, tenant)).toMatchObject({ ok: true, value: { status: 'connected' } });

  const three = await importNow(tenant);
  expect(three.status).toBe('completed');
  expect(three.phase('azure-subscriptions')).toMatchObject({ retired: 0 });
  expect(await datesOf(tenant, first)).toMatchObject({ goneSince: missed.missingSince });

  await change(first, { isDeleted: false });
  expect(await importNow(tenant)).toMatchObject({ status: 'completed' });
  expect(await datesOf(tenant, first)).toEqual(NEVER);
});

test('one answer is forgotten when the subscription is there in between', async () => {
  const { tenant, first } = await connectTwo();
  for (const isDeleted of [true, false, true]) {
    await change(first, { isDeleted });
    await importNow(tenant);
  }
  expect(await datesOf(tenant, first)).toMatchObject({ missingSince: expect.any(Date), goneSince: null });
});

test('a list without it, where it answers by itself, says nothing', async () => {
  const { tenant, first } = await connectTwo();
  await change(first, { isHidden: true });
  for (let run = 0; run < 3; run += 1) expect((await importNow(tenant)).status).toBe('partial');
  expect(await datesOf(tenant, first)).toEqual(NEVER);
});

test('an empty list because our roles are gone says nothing', async () => {
  const { tenant, first, second, objectId } = await connectTwo();
  await bed.simulator.control.request('POST', '/role-assignments/remove', { principalId: objectId });
  for (let run = 0; run < 3; run += 1) {
    expect(await importNow(tenant)).toMatchObject({
      status: 'partial',
      problem: { code: 'permission-missing' },
    });
  }
  expect(await datesOf(tenant, first)).toEqual(NEVER);
  expect(await datesOf(tenant, second)).toEqual(NEVER);
});

test.each([
  ['a throttled answer', { kind: 'error', status: 429, code: 'TooManyRequests', message: 'Slow down.' }],
  ['an outage', { kind: 'error', status: 503, code: 'ServiceUnavailable', message: 'Later.' }],
  ['another kind of 404', { kind: 'error', status: 404, code: 'ResourceNotFound', message: 'No.' }],
])('%s about it counts for nothing', async (_name, answer) => {
  const { tenant, first } = await connectTwo();
  await change(first, { isDeleted: true });
  const { id } = await bed.simulator.control.fault({
    ...answer,
    service: 'arm',
    tenantId: tenant.directoryId,
    path: `/subscriptions/${first}`,
  });
  for (let run = 0; run < 2; run += 1) await importNow(tenant);
  expect(await datesOf(tenant, first)).toEqual(NEVER);
  await bed.simulator.control.request('DELETE', `/faults/${id}`);
});

test('a list that breaks off says nothing', async () => {
  const { tenant, first } = await connectTwo();
  await change(first, { isDeleted: true });
  const { id } = await bed.simulator.control.fault({
    kind: 'error',
    status: 403,
    code: 'AuthorizationFailed',
    message: 'No.',
    service: 'arm',
    tenantId: tenant.directoryId,
    path: '/subscriptions?',
  });
  for (let run = 0; run < 2; run += 1) await importNow(tenant);
  expect(await datesOf(tenant, first)).toEqual(NEVER);
  await bed.simulator.control.request('DELETE', `/faults/${id}`);
});
