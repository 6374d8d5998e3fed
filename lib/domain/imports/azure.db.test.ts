import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { AZURE_APP } from '../../../simulator/testing.ts';
import { commandedName } from '../subscription-additions/command-names.ts';
import {
  type ImportBed,
  importNow,
  runState,
  start,
  startImportBed,
  type TestTenant,
  workOn,
} from './testing.ts';

const DAY_MS = 86_400_000;

let bed: ImportBed;
beforeAll(async () => {
  bed = await startImportBed();
});
afterAll(() => bed.stop());

const State = z.object({
  subscriptions: z.array(z.object({ id: z.string(), tenantId: z.string(), displayName: z.string() })),
});

/** A directory with a subscription, and a tenant of the portal's that has not added it yet. */
async function connectAzure() {
  const directoryId = await bed.createDirectory(2);
  const { control } = bed.simulator;
  const { objectId } = await control.grant(directoryId, AZURE_APP.clientId);
  const all = State.parse(await control.state()).subscriptions.filter(
    ({ tenantId }) => tenantId === directoryId,
  );
  const tenant = await bed.connect(directoryId, 'azure');
  const assignReader = (id: string) =>
    control.request('POST', '/role-assignments', {
      scope: `/subscriptions/${id}`,
      role: 'Reader',
      principalId: objectId,
    });
  return { tenant, all, assignReader, objectId };
}

const add = (
  { tenantId }: TestTenant,
  subscriptionId: string,
  addedAt: Date,
  status: 'added' | 'found' = 'added',
) =>
  bed.db.database.prisma.azureSubscription.create({
    data: { tenantId, subscriptionId, displayName: 'old name', state: 'Warned', status, addedAt },
  });

const rowsOf = ({ tenantId }: TestTenant) =>
  bed.db.database.prisma.azureSubscription.findMany({
    where: { tenantId },
    orderBy: { displayName: 'asc' },
    select: { subscriptionId: true, displayName: true, state: true, status: true, lastSeenAt: true },
  });

const longAgo = () => new Date(Date.now() - DAY_MS);

test('an Azure account learns names and states of what was added, and of nothing else', async () => {
  const { tenant, all, assignReader } = await connectAzure();
  const [only] = all;
  if (!only) throw new Error('no subscription');
  await assignReader(only.id);
  const unseen = crypto.randomUUID();
  await add(tenant, unseen, longAgo(), 'found');
  // Somebody else's tenant of the same directory: what they added is not this one's to know.
  expect(await importNow(tenant)).toMatchObject({ status: 'completed' });
  expect(await rowsOf(tenant)).toMatchObject([
    { subscriptionId: unseen, displayName: 'old name', lastSeenAt: null },
  ]);

  await add(tenant, only.id, longAgo());
  const run = await importNow(tenant);
  expect(run.status).toBe('completed');
  expect(run.phase('azure-subscriptions')).toMatchObject({ received: 1, expected: 1 });
  expect(await rowsOf(tenant)).toEqual(
    expect.arrayContaining([
      {
        subscriptionId: only.id,
        displayName: only.displayName,
        state: 'Enabled',
        status: 'added',
        lastSeenAt: expect.any(Date),
      },
    ]),
  );
});

test('a subscription that vanished keeps its row, and the run says partial', async () => {
  const { tenant, all, assignReader, objectId } = await connectAzure();
  const [only] = all;
  if (!only) throw new Error('no subscription');
  await assignReader(only.id);
  await add(tenant, only.id, longAgo());
  await importNow(tenant);
  const before = await rowsOf(tenant);
  await bed.simulator.control.request('POST', '/role-assignments/remove', { principalId: objectId });
  const run = await importNow(tenant);
  expect(run).toMatchObject({ status: 'partial', problem: { code: 'permission-missing' } });
  expect(run.phase('azure-subscriptions')).toMatchObject({ received: 0, expected: 1 });
  expect(await rowsOf(tenant)).toEqual(before);
});

test('a role that was assigned just now is waited for', async () => {
  const { tenant, all, assignReader } = await connectAzure();
  const [only] = all;
  if (!only) throw new Error('no subscription');
  await add(tenant, only.id, new Date());
  const runId = await start(tenant);
  const working = workOn(tenant, runId);
  await expect
    .poll(async () => (await runState(tenant, runId)).phase('azure-subscriptions').waitingUntil, {
      timeout: 20_000,
      interval: 20,
    })
    .not.toBeNull();
  await assignReader(only.id);
  expect(await working).toBe('ended');
  expect((await runState(tenant, runId)).status).toBe('completed');
});

test('what comes into an added management group is added with its access level, and nothing else', async () => {
  const { tenant, all, objectId } = await connectAzure();
  const { tenantId, directoryId } = tenant;
  const { control } = bed.simulator;
  const group = `group-${directoryId.slice(0, 8)}`;
  const scope = `/providers/Microsoft.Management/managementGroups/${group}`;
  await control.request('POST', '/management-groups', { tenantId: directoryId, name: group });
  await control.request('POST', '/role-assignments', { scope, role: 'Reader', principalId: objectId });
  const { tenant: tenants, managementGroup } = bed.db.database.prisma;
  await tenants.update({ where: { id: tenantId }, data: { servicePrincipalId: objectId } });
  const [inside] = all;
  if (!inside) throw new Error('no subscription');
  await control.request('POST', `/subscriptions/${inside.id}`, { managementGroup: group });
  expect((await importNow(tenant)).status).toBe('completed');
  expect(await rowsOf(tenant)).toEqual([]);

  await managementGroup.create({
    data: { tenantId, name: group, displayName: group, accessLevel: 'tags_in', addedAt: new Date() },
  });
  expect((await importNow(tenant)).phase('azure-subscriptions')).toMatchObject({ received: 1, expected: 1 });
  const [row] = await bed.db.database.prisma.azureSubscription.findMany({ where: { tenantId } });
  expect(row).toMatchObject({ subscriptionId: inside.id, status: 'added', accessLevel: 'tags_in' });
});

test('a role that was given by a command of this tenant adds the subscription', async () => {
  const { tenant, all, objectId } = await connectAzure();
  const { tenantId } = tenant;
  await bed.db.database.prisma.tenant.update({
    where: { id: tenantId },
    data: { servicePrincipalId: objectId },
  });
  const [only] = all;
  if (!only) throw new Error('no subscription');
  const roleScope = `/subscriptions/${only.id}`;
  const name = commandedName({ tenantId, roleScope, principalId: objectId, accessLevel: 'tags_in' });
  await bed.simulator.control.request('POST', '/role-assignments', {
    scope: roleScope,
    role: 'Reader',
    principalId: objectId,
    name,
  });
  expect((await importNow(tenant)).status).toBe('completed');
  const [row] = await bed.db.database.prisma.azureSubscription.findMany({ where: { tenantId } });
  expect(row).toMatchObject({ subscriptionId: only.id, status: 'added', accessLevel: 'tags_in' });
});
