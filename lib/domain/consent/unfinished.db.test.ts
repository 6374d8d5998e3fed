import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import type { AddAccount } from './model.ts';
import { restartFlow, startFlow } from './start-flow.ts';
import { ALEX, approve, atMicrosoft, comeBack, simulatorClients, TestBrowser } from './testing.ts';
import { listUnfinishedFlows } from './unfinished.ts';

const OFFICE: AddAccount = { kind: 'office365', name: 'Contoso', tenant: 'contoso.com' };
const HOUR = 60 * 60_000;

let db: TestDatabase;
let simulator: RunningSimulator;
let ctx: MemberCtx;
let browser: TestBrowser;
let passedMs: number;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator()]);
});
afterAll(() => Promise.all([db.stop(), simulator.stop()]));

beforeEach(async () => {
  passedMs = 0;
  const services = testServices(db.database, {
    microsoft: simulatorClients(simulator.url),
    clock: () => new Date(Date.now() + passedMs),
  });
  ctx = await createTestMember(services, 'admin');
  browser = new TestBrowser();
});

async function unfinished() {
  const flows = await listUnfinishedFlows(ctx);
  if (!flows.ok) throw new Error(flows.problem.code);
  return flows.value.map(({ flowId, state, problem }) => [flowId, state, problem?.code]);
}

test('what was begun is listed with what has become of it, the latest attempt alone', async () => {
  expect(await unfinished()).toEqual([]);
  const first = browser.begin(await startFlow(ctx, OFFICE));
  expect(await unfinished()).toEqual([[first.flowId, 'redirected', undefined]]);
  await comeBack(ctx, browser, await atMicrosoft(first.redirectUrl, ALEX, 'cancel'));
  expect(await unfinished()).toEqual([[first.flowId, 'failed', 'consent-declined']]);
  const second = browser.begin(await restartFlow(ctx, first));
  expect(await unfinished()).toEqual([[second.flowId, 'redirected', undefined]]);
  passedMs = HOUR;
  expect(await unfinished()).toEqual([[second.flowId, 'failed', 'state-expired']]);
  passedMs = 25 * HOUR;
  expect(await unfinished()).toEqual([]);
});

test('what is connected is not unfinished, and what one colleague has begun another one sees', async () => {
  const left = browser.begin(await startFlow(ctx, OFFICE));
  const azure = browser.begin(await startFlow(ctx, { ...OFFICE, kind: 'azure' }));
  const colleague = await createTestMember(ctx, 'owner', ctx.actor.organizationId);
  expect(await listUnfinishedFlows(colleague)).toMatchObject({
    value: [{ flowId: azure.flowId }, { flowId: left.flowId }],
  });
  const signIn = await approve(ctx, browser, left);
  await comeBack(ctx, browser, await atMicrosoft(signIn, ALEX));
  expect(await unfinished()).toEqual([[azure.flowId, 'redirected', undefined]]);
});

test('it is nobody’s business elsewhere, nor of those who may not connect', async () => {
  browser.begin(await startFlow(ctx, OFFICE));
  expect(await listUnfinishedFlows(await createTestMember(ctx, 'owner'))).toEqual({ ok: true, value: [] });
  const viewer = await createTestMember(ctx, 'viewer', ctx.actor.organizationId);
  expect(await listUnfinishedFlows(viewer)).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
});
