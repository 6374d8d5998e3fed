import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { startFlow } from '../consent/start-flow.ts';
import { expectNothingStored, simulatorClients } from '../consent/testing.ts';
import type { Services } from '../context.ts';
import { createTestMember, testServices } from '../testing.ts';

let db: TestDatabase;
let simulator: RunningSimulator;
let services: Services;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator()]);
  services = testServices(db.database, { microsoft: simulatorClients(simulator.url) });
});

afterAll(async () => {
  await Promise.all([db.stop(), simulator.stop()]);
});

test.each([
  ['usgov', 'Microsoft Cloud for US Government (GCC High)'],
  ['usgovdod', 'Microsoft Cloud for US Government (DoD)'],
  ['china', 'Microsoft cloud in China (21Vianet)'],
])('nobody is sent to Microsoft for a tenant of the cloud %s', async (cloud, tenantCloud) => {
  const tenant = `${cloud}.example.com`;
  await simulator.control.createTenant({ domain: tenant, users: 1, cloud });
  const ctx = await createTestMember(services, 'admin');
  for (const kind of ['azure', 'office365'] as const) {
    expect(await startFlow(ctx, { kind, name: 'Elsewhere', tenant })).toEqual({
      ok: false,
      problem: {
        code: 'other-cloud',
        tenantCloud,
        portalCloud: 'Microsoft global cloud',
        setting: cloud,
      },
    });
  }
  await expectNothingStored(ctx);
});
