import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { createTestTenant } from '../tenants/testing.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import { forgetOldFlows } from './forget-flows.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

let db: TestDatabase;
let ctx: MemberCtx;
const now = new Date();

beforeAll(async () => {
  db = await startTestDatabase();
});
afterAll(() => db.stop());
beforeEach(async () => {
  ctx = await createTestMember(testServices(db.database, { clock: () => now }), 'admin');
});

/** A flow of the member that was last worked on so long ago. */
async function flow(agoMs: number, tenantId?: string): Promise<string> {
  const { organizationId, personId } = ctx.actor;
  const at = new Date(now.getTime() - agoMs);
  const { id } = await ctx.database.prisma.consentFlow.create({
    data: {
      id: randomUUID(),
      organizationId,
      personId,
      kind: 'office365',
      name: 'Contoso',
      directoryId: randomUUID(),
      tenantId,
      status: 'failed',
      createdAt: at,
      updatedAt: at,
    },
  });
  return id;
}

/** A redirect of a flow that was over so long ago. */
async function redirect(flowId: string, agoMs: number): Promise<string> {
  const expiresAt = new Date(now.getTime() - agoMs);
  const stateHash = randomUUID();
  await ctx.database.prisma.consentRedirect.create({
    data: { stateHash, flowId, leg: 'sign_in', browserHash: 'x', expiresAt },
  });
  return stateHash;
}

const flowIds = async () =>
  (await ctx.database.prisma.consentFlow.findMany({ select: { id: true } })).map(({ id }) => id);
const stateHashes = async () =>
  (await ctx.database.prisma.consentRedirect.findMany({ select: { stateHash: true } })).map(
    ({ stateHash }) => stateHash,
  );

test('flows that connected nothing go after a month with their redirects, receipts stay', async () => {
  const old = await flow(31 * DAY_MS);
  const oldRedirect = await redirect(old, HOUR_MS);
  const young = await flow(29 * DAY_MS);
  const receipt = await flow(400 * DAY_MS, (await createTestTenant(ctx)).tenantId);
  await forgetOldFlows(ctx);
  expect(await flowIds()).not.toContain(old);
  expect(await stateHashes()).not.toContain(oldRedirect);
  expect(await flowIds()).toEqual(expect.arrayContaining([young, receipt]));
});

test('redirects go a day after their end, their flow stays', async () => {
  const id = await flow(2 * DAY_MS);
  const [old, late, open] = [
    await redirect(id, 25 * HOUR_MS),
    await redirect(id, 23 * HOUR_MS),
    await redirect(id, -HOUR_MS),
  ];
  await forgetOldFlows(ctx);
  const kept = await stateHashes();
  expect(kept).not.toContain(old);
  expect(kept).toEqual(expect.arrayContaining([late, open]));
  expect(await flowIds()).toContain(id);
});
