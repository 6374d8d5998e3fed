import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { startScriptedServer } from '#lib/microsoft/testing.ts';
import { type RunningSimulator, signInAs, startSimulator } from '../../../simulator/testing.ts';
import type { Services } from '../context.ts';
import { createTestMember, type MemberCtx, testServices } from '../testing.ts';
import type { AddAccount, CallbackOutcome, StartedFlow } from './model.ts';
import { getFlow } from './queries.ts';
import { startFlow } from './start-flow.ts';
import {
  ALEX,
  AZURE_APP,
  approve,
  atMicrosoft,
  CONTOSO,
  comeBack,
  expectNothingStored,
  FIONA,
  OLIVIA,
  simulatorClients,
  TestBrowser,
  UMA,
} from './testing.ts';

/*
 * Stories of people who try to get at a tenant that is not theirs. Contoso is connected by the victim's organization;
 * Mallory is an admin of another organization in the same portal, with an account in Fabrikam and at times one in
 * Contoso, without rights there.
 */
const OFFICE: AddAccount = { kind: 'office365', name: 'Contoso', tenant: 'contoso.com' };
const AZURE: AddAccount = { kind: 'azure', name: 'Contoso', tenant: 'contoso.com' };
const OWN: AddAccount = { kind: 'office365', name: 'Fabrikam', tenant: 'fabrikam.com' };

/** Somebody at a browser of their own. */
type Party = { readonly ctx: MemberCtx; readonly browser: TestBrowser };

let db: TestDatabase;
let simulator: RunningSimulator;
let services: Services;
let victim: Party;
let mallory: Party;
/** What the victim's organization has before the attack. */
let before: unknown;

beforeAll(async () => {
  [db, simulator] = await Promise.all([startTestDatabase(), startSimulator()]);
  services = testServices(db.database, { microsoft: simulatorClients(simulator.url) });
  victim = await newParty();
  const signIn = await approve(victim.ctx, victim.browser, await begin(victim, OFFICE));
  await comeBack(victim.ctx, victim.browser, await atMicrosoft(signIn, ALEX));
  before = await possessions(victim.ctx);
});
afterAll(() => Promise.all([db.stop(), simulator.stop()]));
beforeEach(async () => {
  mallory = await newParty();
});

const newParty = async (): Promise<Party> => ({
  ctx: await createTestMember(services, 'admin'),
  browser: new TestBrowser(),
});

async function begin({ ctx, browser }: Party, account: AddAccount): Promise<StartedFlow> {
  return browser.begin(await startFlow(ctx, account));
}

/** Until the browser is about to sign in. */
async function beginSignIn(party: Party, account: AddAccount, admin = ALEX): Promise<[StartedFlow, string]> {
  const started = await begin(party, account);
  return [started, await approve(party.ctx, party.browser, started, admin)];
}

const arrive = (party: Party, address: URL): Promise<CallbackOutcome> =>
  comeBack(party.ctx, party.browser, address);

const nowhere = (code: string) => ({ next: 'nowhere', problem: { code } });

const codeIn = (address: URL): string => address.searchParams.get('code') ?? '';

/** The same address with other parameters; `undefined` takes one away. */
function altered(address: string | URL, parameters: Readonly<Record<string, string | undefined>>): URL {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url;
}

async function possessions({ actor }: MemberCtx): Promise<unknown> {
  const { organizationId } = actor;
  const { prisma } = db.database;
  return {
    tenants: await prisma.tenant.findMany({ where: { organizationId } }),
    audit: await prisma.auditEvent.findMany({ where: { organizationId }, orderBy: { id: 'asc' } }),
  };
}

/** Nothing of Contoso became Mallory's, and nothing of the victim's has changed. */
async function expectNothingGained(): Promise<void> {
  await expectNothingStored(mallory.ctx);
  expect(await possessions(victim.ctx)).toEqual(before);
}

/** The flow has failed, and why: by Microsoft's code where Microsoft refused. */
async function failureOf({ ctx }: Party, { flowId }: StartedFlow): Promise<string | undefined> {
  const flow = await getFlow(ctx, { flowId });
  if (!flow.ok || flow.value.state !== 'failed') return undefined;
  const { problem } = flow.value;
  return (problem && 'microsoft' in problem && problem.microsoft?.code) || problem?.code;
}

/** Microsoft's words for it: the code is for another tenant, of another client, or not for this verifier. */
const OTHER_TENANT = 'AADSTS700005';
const OTHER_CLIENT = 'AADSTS70000';
const OTHER_REDIRECT_URI = 'AADSTS500112';
const OTHER_VERIFIER = 'AADSTS501481';

test('an approval that nobody has given leads to Microsoft, and only there', async () => {
  const started = await begin(mallory, OFFICE);
  const state = new URL(started.redirectUrl).searchParams.get('state') ?? '';
  const forged = altered('http://localhost:3000/api/consent/admin-callback', {
    state,
    tenant: CONTOSO,
    admin_consent: 'True',
  });
  const outcome = await arrive(mallory, forged);
  expect(outcome).toMatchObject({ next: 'microsoft' });
  await expectNothingGained();
  // There it ends for an account of another tenant, and here for one without a right in this tenant.
  const url = outcome.next === 'microsoft' ? outcome.url : '';
  expect((await signInAs(url, FIONA)).location).toBeUndefined();
  await arrive(mallory, await atMicrosoft(url, UMA));
  expect(await failureOf(mallory, started)).toBe('directory-role-missing');
  await expectNothingGained();
});

test('an approval for the own tenant becomes none for another by its address', async () => {
  for (const tenant of [CONTOSO, CONTOSO.toUpperCase(), 'contoso.com', '']) {
    const started = await begin(mallory, OWN);
    const back = altered(await atMicrosoft(started.redirectUrl, FIONA), { tenant });
    const outcome = await arrive(mallory, back);
    // An empty one says nothing, so the flow goes on, in Fabrikam.
    if (tenant === '') expect(outcome).toMatchObject({ url: expect.stringContaining('/f0000000-') });
    else expect(await failureOf(mallory, started)).toBe('wrong-tenant');
    await expectNothingGained();
  }
});

test.each([CONTOSO, 'contoso.com', 'organizations', 'common'])(
  'a sign-in that was sent to %s instead of the own tenant binds neither',
  async (elsewhere) => {
    const [started, address] = await beginSignIn(mallory, OWN, FIONA);
    const redirected = new URL(address);
    redirected.pathname = redirected.pathname.replace(/^\/[^/]+/, `/${elsewhere}`);
    await arrive(mallory, await atMicrosoft(redirected.href, UMA));
    expect(await failureOf(mallory, started)).toBe(OTHER_TENANT);
    await expectNothingGained();
  },
);

test('the victim’s way back is worth nothing to Mallory, and still good for the victim', async () => {
  const other = await newParty();
  const [started, address] = await beginSignIn(other, OWN, FIONA);
  const back = await atMicrosoft(address, FIONA);
  // The address alone, with Mallory's session, also in the victim's browser or with the victim's cookie.
  expect(await arrive(mallory, back)).toEqual(nowhere('state-foreign'));
  expect(await comeBack(mallory.ctx, other.browser, back)).toEqual(nowhere('state-foreign'));
  expect(await comeBack(other.ctx, mallory.browser, back)).toEqual(nowhere('state-foreign'));
  await expectNothingGained();
  await arrive(other, back);
  expect(await getFlow(other.ctx, started)).toMatchObject({ value: { state: 'succeeded' } });
});

test.each<[string, AddAccount, string]>([
  ['an approval', OFFICE, ALEX],
  ['a sign-in for Azure', AZURE, OLIVIA],
])('%s by Mallory’s link gives Mallory nothing', async (_what, account, admin) => {
  const started = await begin(mallory, account);
  // The victim's admin follows the link and does all that Microsoft asks for.
  const back = await atMicrosoft(started.redirectUrl, admin);
  expect(await arrive(victim, back)).toEqual(nowhere('state-foreign'));
  expect(await getFlow(mallory.ctx, started)).toMatchObject({ value: { state: 'redirected' } });
  await expectNothingGained();
});

test('the sign-in after a forged approval, by Mallory’s link, gives Mallory nothing either', async () => {
  const [started, address] = await beginSignIn(mallory, OFFICE);
  const back = await atMicrosoft(address, ALEX);
  expect(await arrive(victim, back)).toEqual(nowhere('state-foreign'));
  expect(await getFlow(mallory.ctx, started)).toMatchObject({ value: { state: 'redirected' } });
  await expectNothingGained();
});

test('a code of the victim’s in Mallory’s way back is refused', async () => {
  const other = await newParty();
  const [, theirs] = await beginSignIn(other, OFFICE);
  const stolen = codeIn(await atMicrosoft(theirs, ALEX));
  const [started, ours] = await beginSignIn(mallory, OFFICE);
  await arrive(mallory, altered(await atMicrosoft(ours, UMA), { code: stolen }));
  expect(await failureOf(mallory, started)).toBe(OTHER_VERIFIER);
  await expectNothingGained();
});

test('a code of Mallory’s in the victim’s way back is refused', async () => {
  const other = await newParty();
  const [, ours] = await beginSignIn(mallory, OWN, FIONA);
  const planted = codeIn(await atMicrosoft(ours, FIONA));
  const [started, theirs] = await beginSignIn(other, OWN, FIONA);
  await arrive(other, altered(await atMicrosoft(theirs, FIONA), { code: planted }));
  expect(await failureOf(other, started)).toBe(OTHER_VERIFIER);
  await expectNothingStored(other.ctx);
});

const CHALLENGE = createHash('sha256').update('a verifier that Mallory knows').digest('base64url');

test.each<[string, Record<string, string | undefined>, string]>([
  ['without a challenge', { code_challenge: undefined, code_challenge_method: undefined }, OTHER_VERIFIER],
  ['with a challenge of Mallory’s', { code_challenge: CHALLENGE }, OTHER_VERIFIER],
  ['with a plain challenge', { code_challenge: CHALLENGE, code_challenge_method: 'plain' }, OTHER_VERIFIER],
  ['with the challenge as a plain one', { code_challenge_method: 'plain' }, OTHER_VERIFIER],
  ['with a nonce of Mallory’s', { nonce: 'a nonce that Mallory knows' }, 'nonce_mismatch'],
  ['without a nonce', { nonce: undefined }, 'nonce_mismatch'],
])('a code that Microsoft gave for a request %s is refused', async (_what, parameters, failure) => {
  const [started, address] = await beginSignIn(mallory, OFFICE);
  await arrive(mallory, await atMicrosoft(altered(address, parameters).href, ALEX));
  expect(await failureOf(mallory, started)).toBe(failure);
  await expectNothingGained();
});

const PORTAL_SIGN_IN = 'http://localhost:3000/api/auth/callback/microsoft';

test.each<[string, AddAccount, Record<string, string>, string]>([
  ['another registration', OFFICE, { client_id: AZURE_APP }, OTHER_CLIENT],
  ['the sign-in to the portal', AZURE, { redirect_uri: PORTAL_SIGN_IN }, OTHER_REDIRECT_URI],
  [
    'the sign-in to the portal, by its registration',
    OFFICE,
    { client_id: AZURE_APP, redirect_uri: PORTAL_SIGN_IN },
    OTHER_CLIENT,
  ],
])('a code that Microsoft gave for %s is refused', async (_what, account, parameters, failure) => {
  const started = await begin(mallory, account);
  const isOffice = account.kind === 'office365';
  const address = isOffice ? await approve(mallory.ctx, mallory.browser, started) : started.redirectUrl;
  const back = await atMicrosoft(altered(address, parameters).href, OLIVIA);
  back.pathname = '/api/consent/callback';
  await arrive(mallory, back);
  expect(await failureOf(mallory, started)).toBe(failure);
  await expectNothingGained();
});

test('an answer that claims to come from another login service does not lead the code there', async () => {
  const evil = await startScriptedServer(() => ({ status: 404 }));
  const party = await newParty();
  const [started, address] = await beginSignIn(party, OWN, FIONA);
  const back = altered(await atMicrosoft(address, FIONA), {
    iss: `${evil.origin}/v2.0`,
    cloud_instance_name: new URL(evil.origin).host,
    cloud_instance_host_name: new URL(evil.origin).host,
    token_endpoint: `${evil.origin}/token`,
  });
  await arrive(party, back);
  expect(evil.received).toEqual([]);
  expect(await getFlow(party.ctx, started)).toMatchObject({ value: { state: 'succeeded' } });
  await evil.stop();
});

test('a state is good for its own leg only, in both directions', async () => {
  const [started, address] = await beginSignIn(mallory, OWN, FIONA);
  const back = await atMicrosoft(address, FIONA);
  const asApproval = altered('http://localhost:3000/api/consent/admin-callback', {
    state: back.searchParams.get('state') ?? '',
    tenant: CONTOSO,
    admin_consent: 'True',
  });
  expect(await arrive(mallory, asApproval)).toEqual(nowhere('state-unknown'));
  const approval = await begin(mallory, OFFICE);
  const asSignIn = altered(back, {
    state: new URL(approval.redirectUrl).searchParams.get('state') ?? '',
  });
  expect(await arrive(mallory, asSignIn)).toEqual(nowhere('state-unknown'));
  await expectNothingGained();
  // Neither was used up by that.
  await arrive(mallory, back);
  expect(await getFlow(mallory.ctx, started)).toMatchObject({ value: { state: 'succeeded' } });
});

test('of victim and Mallory at the same moment, the victim wins, once', async () => {
  const other = await newParty();
  const [started, address] = await beginSignIn(other, OWN, FIONA);
  const back = await atMicrosoft(address, FIONA);
  const outcomes = await Promise.all(
    [other, mallory, other, mallory, mallory, other].map((party) => arrive(party, back)),
  );
  const ends = outcomes.map((outcome) => {
    if (outcome.next === 'nowhere') return outcome.problem.code;
    return outcome.next === 'flow' ? (outcome.notice?.code ?? 'counted') : outcome.next;
  });
  const foreign = ['state-foreign', 'state-foreign', 'state-foreign'];
  expect(ends.toSorted()).toEqual(['counted', ...foreign, 'state-used', 'state-used']);
  expect(await getFlow(other.ctx, started)).toMatchObject({ value: { state: 'succeeded' } });
  await expectNothingGained();
});
