import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { startFlow } from '../consent/start-flow.ts';
import { CONTOSO, expectNothingStored, FABRIKAM, simulatorClients } from '../consent/testing.ts';
import type { Services } from '../context.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import { resolveTenant } from './resolve.ts';
import { suggestTenants } from './suggest.ts';
import { createTestTenant } from './testing.ts';

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

/** A member whose account is one of Contoso's. */
async function memberOfContoso(): Promise<MemberCtx> {
  const ctx = await createTestMember(services, 'admin');
  await db.database.prisma.person.update({
    where: { id: ctx.actor.personId },
    data: { directoryId: CONTOSO, userName: 'Somebody@Contoso.com' },
  });
  return ctx;
}

test('a tenant that nobody here has connected: what Microsoft tells anybody, and no name', async () => {
  const ctx = await createTestMember(services, 'admin');
  const other = await createTestMember(services, 'admin');
  await createTestTenant(other, { directoryId: FABRIKAM, name: 'Secret name' });
  expect(await resolveTenant(ctx, { tenant: 'fabrikam.com' })).toEqual({
    ok: true,
    value: {
      directoryId: FABRIKAM,
      domain: 'fabrikam.com',
      region: 'Europe',
      cloud: 'Microsoft global cloud',
      isHome: false,
      refused: {},
      connected: [],
      removed: [],
    },
  });
});

test('the own tenant is known by name, domain and status, and as the one of the sign-in', async () => {
  const ctx = await memberOfContoso();
  const { tenantId } = await createTestTenant(ctx, {
    directoryId: CONTOSO,
    domain: 'contoso.com',
    status: 'limited',
  });
  expect(await resolveTenant(ctx, { tenant: CONTOSO })).toMatchObject({
    value: {
      name: 'Contoso',
      domain: 'contoso.com',
      isHome: true,
      connected: [{ tenantId, name: 'Contoso', kind: 'office365', status: 'limited' }],
    },
  });
});

test.each([
  ['usgov', 'Microsoft Cloud for US Government (GCC High)'],
  ['usgovdod', 'Microsoft Cloud for US Government (DoD)'],
  ['china', 'Microsoft cloud in China (21Vianet)'],
])('nobody is sent to Microsoft for a tenant of the cloud %s', async (cloud, tenantCloud) => {
  const tenant = `${cloud}.example.com`;
  await simulator.control.createTenant({ domain: tenant, users: 1, cloud });
  const ctx = await createTestMember(services, 'admin');
  const portalCloud = 'Microsoft global cloud';
  const problem = { code: 'other-cloud', tenantCloud, portalCloud, setting: cloud };
  expect(await resolveTenant(ctx, { tenant })).toMatchObject({
    value: { cloud: tenantCloud, refused: { azure: problem, office365: problem } },
  });
  for (const kind of ['azure', 'office365'] as const) {
    expect(await startFlow(ctx, { kind, name: 'Elsewhere', tenant })).toEqual({ ok: false, problem });
  }
  await expectNothingStored(ctx);
});

test('Microsoft does not answer in time, or asks to slow down: said, and nobody waits', async () => {
  const ctx = await createTestMember(services, 'admin');
  const silence = await simulator.control.fault({ kind: 'hang', service: 'login', path: '/adatum.com/' });
  expect(await resolveTenant(ctx, { tenant: 'adatum.com' }, 50)).toMatchObject({
    problem: { code: 'upstream-unavailable', reason: 'It did not answer in time.' },
  });
  await simulator.control.request('DELETE', `/faults/${silence.id}`);
  const busy = await simulator.control.fault({
    kind: 'throttle',
    service: 'login',
    path: '/adatum.com/',
    retryAfterSeconds: 60,
  });
  expect(await resolveTenant(ctx, { tenant: 'adatum.com' })).toMatchObject({
    problem: { code: 'throttled', retryAfterSeconds: 60 },
  });
  await simulator.control.request('DELETE', `/faults/${busy.id}`);
});

test('a slip leads to the own tenants, each confirmed by Microsoft', async () => {
  const ctx = await memberOfContoso();
  await createTestTenant(ctx, { directoryId: FABRIKAM, domain: 'fabrikam.com' });
  await createTestTenant(ctx, { domain: 'gone.example.com' });
  const suggest = async (tenant: string) => (await suggestTenants(ctx, { tenant })) as { value?: unknown };
  expect(await suggest('contos.com')).toEqual({ ok: true, value: ['contoso.com'] });
  expect(await suggest('fabrikma.com')).toEqual({ ok: true, value: ['fabrikam.com'] });
  expect(await suggest('gon.example.com')).toEqual({ ok: true, value: [] });
  expect(await suggest(`${FABRIKAM.slice(0, -1)}7`)).toEqual({ ok: true, value: ['fabrikam.com'] });
});

test('a slip leads to a tenant that exists at Microsoft, whoever has connected it', async () => {
  const ctx = await createTestMember(services, 'admin');
  expect(await suggestTenants(ctx, { tenant: 'www.adatum.con' })).toEqual({
    ok: true,
    value: ['adatum.com'],
  });
  expect(await suggestTenants(ctx, { tenant: 'adatum' })).toEqual({
    ok: true,
    value: ['adatum.onmicrosoft.com'],
  });
});

test('the tenants of other organizations are no suggestions', async () => {
  const other = await createTestMember(services, 'admin');
  await createTestTenant(other, { directoryId: FABRIKAM, domain: 'fabrikam.com' });
  const ctx = await createTestMember(services, 'admin');
  expect(await suggestTenants(ctx, { tenant: 'fabrikma.com' })).toEqual({ ok: true, value: [] });
});

/** How often a fault's requests were seen while something was done; the fault is gone afterwards. */
async function seenWhile(fault: Record<string, unknown>, work: () => Promise<unknown>): Promise<number> {
  const { control } = simulator;
  const { id } = await control.fault({ service: 'login', ...fault });
  await work();
  const { faults } = await control.request<{ faults: { id: string; seen: number }[] }>('GET', '/faults');
  await control.request('DELETE', `/faults/${id}`);
  return faults.find((each) => each.id === id)?.seen ?? 0;
}

test('a guess that Microsoft does not answer is left out', async () => {
  const ctx = await memberOfContoso();
  const asked = await seenWhile({ kind: 'error', path: '/contoso.com/' }, async () => {
    expect(await suggestTenants(ctx, { tenant: 'contos.com' })).toEqual({ ok: true, value: [] });
  });
  expect(asked).toBeGreaterThan(0);
});

test('at most four guesses are looked up', async () => {
  const ctx = await memberOfContoso();
  const asked = await seenWhile({ kind: 'latency', path: 'openid-configuration' }, async () => {
    expect(await suggestTenants(ctx, { tenant: 'a.b.c.d.contos.con' })).toEqual({
      ok: true,
      value: ['contoso.com'],
    });
  });
  expect(asked).toBe(4);
});

test('a viewer is told nothing', async () => {
  const ctx = await createTestMember(services, 'viewer');
  const forbidden = { ok: false, problem: { code: 'forbidden', need: 'admin' } };
  expect(await resolveTenant(ctx, { tenant: 'contoso.com' })).toEqual(forbidden);
  expect(await suggestTenants(ctx, { tenant: 'contos.com' })).toEqual(forbidden);
});
