import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FlowId, TenantId } from '#lib/core/ids.ts';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { listTenants } from '../tenants/queries.ts';
import { resolveTenant } from '../tenants/resolve.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import type { AddAccount, StartedFlow } from './model.ts';
import { getFlow, listRecentFlows } from './queries.ts';
import { reconnectTenant, restartFlow, startFlow } from './start-flow.ts';
import {
  approve,
  atMicrosoft,
  comeBack,
  expectNothingStored,
  simulatorClients,
  TestBrowser,
} from './testing.ts';

/*
 * One directory is connected by an organization, another by nobody. Mallory of a second organization has an account
 * without rights in both, and finds no difference between the two, whatever she tries.
 */
type Directory = {
  readonly id: string;
  readonly domain: string;
  readonly admin: string;
  readonly member: string;
};

let db: TestDatabase;
let simulator: RunningSimulator;
let victim: MemberCtx;
let connected: Directory;
let unknown: Directory;
let victimFlow: StartedFlow;
let victimTenant: TenantId;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator()]);
  [connected, unknown] = await Promise.all([createDirectory('aaaa'), createDirectory('bbbb')]);
  victim = await newMember();
  victimFlow = await connect(victim, connected);
  const { id } = await db.database.prisma.tenant.findFirstOrThrow({ where: { directoryId: connected.id } });
  victimTenant = TenantId.parse(id);
});
afterAll(() => Promise.all([db.stop(), simulator.stop()]));

/** Names of the same length, so that nothing else can differ. */
async function createDirectory(name: string): Promise<Directory> {
  const { control } = simulator;
  const domain = `${name}.example`;
  const { tenant, persona } = await control.createTenant({ domain, users: 5, seed: 1 });
  const member = `mallory@${domain}`;
  await control.request('POST', '/personas', { tenantId: tenant.id, mail: member, displayName: 'Mallory' });
  return { id: tenant.id, domain, admin: persona.mail, member };
}

const newMember = (): Promise<MemberCtx> =>
  createTestMember(testServices(db.database, { microsoft: simulatorClients(simulator.url) }), 'admin');

const account = ({ domain }: Directory, kind: AddAccount['kind'] = 'office365'): AddAccount => ({
  kind,
  name: domain,
  tenant: domain,
});

async function connect(ctx: MemberCtx, directory: Directory): Promise<StartedFlow> {
  const browser = new TestBrowser();
  const started = browser.begin(await startFlow(ctx, account(directory)));
  const signIn = await approve(ctx, browser, started, directory.admin);
  await comeBack(ctx, browser, await atMicrosoft(signIn, directory.admin));
  expect(await getFlow(ctx, started)).toMatchObject({ value: { state: 'succeeded' } });
  return started;
}

/** Everything that Mallory gets to see by trying to connect a directory, in both kinds. */
async function whatMallorySees(directory: Directory): Promise<unknown[]> {
  const ctx = await newMember();
  const browser = new TestBrowser();
  const seen: unknown[] = [await resolveTenant(ctx, { tenant: directory.domain })];
  seen.push(await resolveTenant(ctx, { tenant: directory.id }));

  const office = await startFlow(ctx, account(directory));
  seen.push(office);
  const { redirectUrl } = browser.begin(office);
  const forged = new URL('http://localhost:3000/api/consent/admin-callback?admin_consent=True');
  forged.searchParams.set('state', new URL(redirectUrl).searchParams.get('state') ?? '');
  forged.searchParams.set('tenant', directory.id);
  const approved = await comeBack(ctx, browser, forged);
  seen.push(approved);
  const signIn = approved.next === 'microsoft' ? approved.url : '';
  seen.push(await comeBack(ctx, browser, await atMicrosoft(signIn, directory.member)));
  if (office.ok) seen.push(await getFlow(ctx, office.value), await restartFlow(ctx, office.value));

  const azure = await startFlow(ctx, account(directory, 'azure'));
  seen.push(azure);
  const outcome = await comeBack(
    ctx,
    browser,
    await atMicrosoft(browser.begin(azure).redirectUrl, directory.member),
  );
  if (outcome.next === 'flow') await outcome.afterwards?.();
  seen.push(outcome);
  if (azure.ok) seen.push(await getFlow(ctx, azure.value));

  seen.push(await listTenants(ctx), await listRecentFlows(ctx));
  await expectNothingStored(ctx);
  return seen;
}

/** Without what is different from one attempt to the next. */
function masked(seen: unknown, { id, domain }: Directory): unknown {
  const text = JSON.stringify(seen)
    .replaceAll(id, 'DIRECTORY')
    .replaceAll(domain, 'DOMAIN')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/(?<![\w-])[\w-]{43}(?![\w-])/g, 'SECRET');
  return JSON.parse(text);
}

test('a directory that another organization has connected looks like one that nobody knows', async () => {
  const [one, other] = [await whatMallorySees(connected), await whatMallorySees(unknown)];
  expect(masked(one, connected)).toEqual(masked(other, unknown));
  expect(JSON.stringify(one)).toContain('directory-role-missing');
  expect(JSON.stringify(one)).toContain('no-owned-subscriptions');
  expect(JSON.stringify(one)).not.toContain('already-connected');
});

test('what is another organization’s and what does not exist are the same', async () => {
  const mallory = await newMember();
  const flowId = FlowId.parse(randomUUID());
  const tenantId = TenantId.parse(randomUUID());
  expect(await getFlow(mallory, victimFlow)).toEqual(await getFlow(mallory, { flowId }));
  expect(await restartFlow(mallory, victimFlow)).toEqual(await restartFlow(mallory, { flowId }));
  expect(await reconnectTenant(mallory, { tenantId: victimTenant })).toEqual(
    await reconnectTenant(mallory, { tenantId }),
  );
  await expectNothingStored(mallory);
});

test('who is entitled connects a directory for their own organization too, and sees nothing of the other’s', async () => {
  const second = await newMember();
  await connect(second, connected);
  const { organizationId } = second.actor;
  const own = await db.database.prisma.tenant.findFirstOrThrow({ where: { organizationId } });
  expect(own.id).not.toBe(victimTenant);
  const theirs = await db.database.prisma.tenant.findUniqueOrThrow({ where: { id: victimTenant } });
  expect(theirs).toMatchObject({ organizationId: victim.actor.organizationId });
  const listed = JSON.stringify([await listTenants(second), await listRecentFlows(second)]);
  expect(listed).not.toContain(victimTenant);
  expect(listed).not.toContain(victimFlow.flowId);
});
