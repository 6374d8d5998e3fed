import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { type RunningSimulator, startSimulator } from '../../../simulator/testing.ts';
import type { Services } from '../context.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import type { AddAccount, CallbackOutcome, StartedFlow } from './model.ts';
import { getFlow } from './queries.ts';
import { startFlow } from './start-flow.ts';
import {
  ALEX,
  approve,
  atMicrosoft,
  comeBack,
  expectNothingStored,
  simulatorClients,
  TestBrowser,
} from './testing.ts';

const OFFICE: AddAccount = { kind: 'office365', name: 'Contoso', tenant: 'contoso.com' };
const MINUTE = 60_000;

let db: TestDatabase;
let simulator: RunningSimulator;
let services: Services;
let ctx: MemberCtx;
let browser: TestBrowser;
let passedMs: number;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator()]);
});

afterAll(async () => {
  await Promise.all([db.stop(), simulator.stop()]);
});

beforeEach(async () => {
  passedMs = 0;
  services = testServices(db.database, {
    microsoft: simulatorClients(simulator.url),
    clock: () => new Date(Date.now() + passedMs),
  });
  ctx = await createTestMember(services, 'admin');
  browser = new TestBrowser();
});

const start = async () => browser.begin(await startFlow(ctx, OFFICE));

/** The two ways back, each with an address that Microsoft has answered properly. */
const LEGS: readonly (readonly [string, (started: StartedFlow) => Promise<URL>])[] = [
  ['admin consent', ({ redirectUrl }) => atMicrosoft(redirectUrl, ALEX)],
  ['sign-in', async (started) => atMicrosoft(await approve(ctx, browser, started), ALEX)],
];

const nowhere = (code: string): object => ({ next: 'nowhere', problem: { code } });

test.each(LEGS)('%s: a state that nobody has sent is unknown', async (_leg, goAndReturn) => {
  const address = await goAndReturn(await start());
  for (const state of ['', 'forged', undefined]) {
    if (state === undefined) address.searchParams.delete('state');
    else address.searchParams.set('state', state);
    expect(await comeBack(ctx, browser, address)).toEqual(nowhere('state-unknown'));
  }
  await expectNothingStored(ctx);
});

test.each(LEGS)('%s: another browser has no part in it', async (_leg, goAndReturn) => {
  const { flowId, ...started } = await start();
  const address = await goAndReturn({ flowId, ...started });
  const other = new TestBrowser();
  expect(await comeBack(ctx, other, address)).toEqual(nowhere('state-foreign'));
  other.begin({ ok: true, value: { flowId, redirectUrl: '', browserCookie: 'guessed' } });
  expect(await comeBack(ctx, other, address)).toEqual(nowhere('state-foreign'));
  await expectNothingStored(ctx);
  // The one who began it was not disturbed.
  expect((await comeBack(ctx, browser, address)).next).not.toBe('nowhere');
});

test.each(LEGS)(
  '%s: another person has no part in it, in whatever organization',
  async (_leg, goAndReturn) => {
    const address = await goAndReturn(await start());
    const colleague = await createTestMember(services, 'owner', ctx.actor.organizationId);
    const stranger = await createTestMember(services, 'owner');
    for (const other of [colleague, stranger]) {
      expect(await comeBack(other, browser, address)).toEqual(nowhere('state-foreign'));
      await expectNothingStored(other);
    }
    await expectNothingStored(ctx);
  },
);

test.each(LEGS)(
  '%s: the same person in another organization has no part in it',
  async (_leg, goAndReturn) => {
    const address = await goAndReturn(await start());
    const { organizationId } = (await createTestMember(services, 'owner')).actor;
    const elsewhere: MemberCtx = { ...ctx, actor: { ...ctx.actor, organizationId } };
    expect(await comeBack(elsewhere, browser, address)).toEqual(nowhere('state-foreign'));
    await expectNothingStored(elsewhere);
  },
);

test.each(LEGS)('%s: after ten minutes the state is worth nothing', async (_leg, goAndReturn) => {
  const started = await start();
  const address = await goAndReturn(started);
  passedMs = 11 * MINUTE;
  const { flowId } = started;
  expect(await comeBack(ctx, browser, address)).toEqual({
    next: 'flow',
    flowId,
    notice: { code: 'state-expired' },
  });
  expect(await getFlow(ctx, { flowId })).toMatchObject({
    value: { state: 'failed', problem: { code: 'state-expired' } },
  });
  // Used up by the attempt, however the clock goes.
  passedMs = 0;
  expect(await comeBack(ctx, browser, address)).toMatchObject({ notice: { code: 'state-used' } });
  await expectNothingStored(ctx);
});

test('a replayed approval opens no second sign-in', async () => {
  const started = await start();
  const address = await atMicrosoft(started.redirectUrl, ALEX);
  expect(await comeBack(ctx, browser, address)).toMatchObject({ next: 'microsoft' });
  expect(await comeBack(ctx, browser, address)).toEqual({
    next: 'flow',
    flowId: started.flowId,
    notice: { code: 'state-used' },
  });
  expect(await getFlow(ctx, started)).toMatchObject({ value: { state: 'redirected' } });
  await expectNothingStored(ctx);
});

test('of one sign-in that comes back many times at once, one counts', async () => {
  const started = await start();
  const address = await atMicrosoft(await approve(ctx, browser, started), ALEX);
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => comeBack(ctx, browser, address)));
  const notices = outcomes.map((outcome: CallbackOutcome) =>
    outcome.next === 'flow' ? (outcome.notice?.code ?? 'counted') : outcome.next,
  );
  expect(notices.toSorted()).toEqual(['counted', 'state-used', 'state-used', 'state-used']);
  expect(await getFlow(ctx, started)).toMatchObject({ value: { state: 'succeeded' } });
});

test('a state is good for its own callback only', async () => {
  const started = await start();
  const address = await atMicrosoft(started.redirectUrl, ALEX);
  address.pathname = '/api/consent/callback';
  address.searchParams.set('code', 'forged');
  expect(await comeBack(ctx, browser, address)).toEqual(nowhere('state-unknown'));
  await expectNothingStored(ctx);
});

test('neither state nor verifier nor cookie can be read from the database', async () => {
  const started = await start();
  const signIn = new URL(await approve(ctx, browser, started));
  const { rows } = await db.database.pool.query(
    `SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]')::text AS redirects FROM consent_redirect r WHERE flow_id = $1`,
    [started.flowId],
  );
  const stored: string = rows[0].redirects;
  const states = [started.redirectUrl, signIn.href].map(
    (url) => new URL(url).searchParams.get('state') ?? '',
  );
  for (const secret of [...states, started.browserCookie]) {
    expect(secret).toHaveLength(43);
    expect(stored).not.toContain(secret);
  }
  // Kept while the person is at Microsoft, wiped when they are back.
  const redirects = { where: { flowId: started.flowId, codeVerifier: { not: null } } };
  expect(await db.database.prisma.consentRedirect.count(redirects)).toBe(1);
  await comeBack(ctx, browser, await atMicrosoft(signIn.href, ALEX));
  expect(await db.database.prisma.consentRedirect.count(redirects)).toBe(0);
});

test('each redirect has a state, a nonce and a challenge of its own', async () => {
  const urls = await Promise.all(
    [await start(), await start()].map(async (started) => new URL(await approve(ctx, browser, started))),
  );
  for (const name of ['state', 'nonce', 'code_challenge']) {
    const values = urls.map((url) => url.searchParams.get(name));
    expect(new Set(values).size).toBe(2);
    for (const value of values) expect(value).toMatch(/^[\w-]{43}$/);
  }
  expect(urls[0]?.searchParams.get('code_challenge_method')).toBe('S256');
  expect(urls[0]?.searchParams.get('prompt')).toBe('select_account');
});

test('a person who does not come back in time is told so, and a flow that has gone silent too', async () => {
  const started = await start();
  passedMs = 11 * MINUTE;
  expect(await getFlow(ctx, started)).toMatchObject({
    value: { state: 'failed', problem: { code: 'state-expired' }, isLive: false },
  });
  passedMs = 0;
  await db.database.prisma.consentFlow.update({
    where: { id: started.flowId },
    data: { status: 'working', updatedAt: new Date() },
  });
  expect(await getFlow(ctx, started)).toMatchObject({ value: { state: 'working', isLive: true } });
  passedMs = 3 * MINUTE;
  expect(await getFlow(ctx, started)).toMatchObject({
    value: { state: 'failed', problem: { code: 'flow-interrupted' }, isLive: false },
  });
});
