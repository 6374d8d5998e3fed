import { expect, test } from 'vitest';
import { plannedPhases } from '../imports/model.ts';
import { CAPABILITIES, readCapabilityChecks } from '../tenants/capabilities.ts';
import type { SubscriptionCheck } from '../tenants/subscription-checks.ts';
import { newCheck, type TenantCheck } from '../tenants/tenant-check.ts';
import { type ChecklistInput, checklist } from './checklist.ts';
import type { Step } from './model.ts';

const AT = '2030-01-01T00:00:00.000Z';
const after = (seconds: number) => new Date(Date.parse(AT) + seconds * 1000);

type Tenant = NonNullable<ChecklistInput['tenant']>;

const step = (values: Pick<Step, 'step' | 'state'> & Partial<Step>): Step => ({ startedAt: AT, ...values });
const STEPS = [
  step({ step: 'approval', state: 'ok', endedAt: AT }),
  step({ step: 'sign-in', state: 'ok', endedAt: AT }),
  step({ step: 'role', state: 'ok', endedAt: AT }),
];
const TENANT: Tenant = {
  kind: 'office365',
  status: 'verifying',
  boundAt: new Date(AT),
  capabilities: {},
  subscriptions: [],
  check: newCheck('onboarding', new Date(AT)),
  pulse: 'running',
};
const checkWith = (values: Partial<TenantCheck>): TenantCheck => ({
  ...newCheck('onboarding', new Date(AT)),
  endedAt: AT,
  ...values,
});
const NO_APPLICATION = { state: 'missing', at: AT, problem: { code: 'consent-required' } } as const;
const TOKEN = { state: 'ok', at: AT } as const;

const lines = (input: Partial<ChecklistInput>, now = after(60)) =>
  checklist({ kind: 'office365', state: 'redirected', steps: [], products: 0, ...input }, now);
const bound = (tenant: Partial<Tenant>, now?: Date) =>
  lines({ state: 'succeeded', steps: STEPS, tenant: { ...TENANT, ...tenant } }, now);
const states = (shown: ReturnType<typeof lines>) => shown.map(({ id, state }) => `${id}: ${state}`);

test('before anything has happened, everything waits, in the order in which one rests on the other', () => {
  expect(states(lines({}))).toEqual([
    'sign-in: waiting',
    'role: waiting',
    'approval: waiting',
    'token: waiting',
    'licences: waiting',
    'users: waiting',
    'organization: waiting',
    'import: waiting',
  ]);
});

test('what a failed flow never came to is left out, and nothing pretends to be checked', () => {
  const steps = [
    step({ step: 'sign-in', state: 'ok', endedAt: AT }),
    step({ step: 'subscriptions', state: 'checking' }),
  ];
  expect(states(lines({ kind: 'azure', state: 'failed', steps }))).toEqual([
    'sign-in: ok',
    'subscriptions: could-not-check',
  ]);
});

test('one line after the other is checked while Microsoft hands the approval over', () => {
  expect(states(bound({})).slice(2, 5)).toEqual(['approval: ok', 'token: checking', 'licences: waiting']);
  const unknown = { check: checkWith({ token: NO_APPLICATION }) };
  expect(states(bound(unknown)).slice(2, 5)).toEqual([
    'approval: checking',
    'token: waiting',
    'licences: waiting',
  ]);
  const tokenOnly = { check: checkWith({ token: TOKEN }) };
  expect(states(bound(tokenOnly)).slice(2, 5)).toEqual(['approval: ok', 'token: ok', 'licences: checking']);
});

test('after ten seconds it says that Microsoft needs a while, and when it looks again', () => {
  const tenant = { check: checkWith({ token: TOKEN, nextAt: after(67).toISOString() }) };
  const detail = (now: Date) => bound(tenant, now).find(({ id }) => id === 'licences')?.detail;
  expect(detail(after(9))).toBeUndefined();
  expect(detail(after(60))).toBe(
    'Microsoft has accepted the approval but has not handed it to us yet. We check again in 7 s.',
  );
  // Once is enough.
  expect(bound(tenant, after(60)).filter((line) => line.detail?.includes('We check again'))).toHaveLength(1);
  expect(detail(after(300))).toMatch(/longer than usual.* for up to 10 more min/);
  const silent = bound({ ...tenant, pulse: 'silent' }, after(300)).find(({ id }) => id === 'licences');
  expect(silent?.detail).toMatch(/^No worker/);
});

test('what was awaited and did not come needs somebody, and what could not be looked up says so', () => {
  const capabilities = readCapabilityChecks({
    licences: {
      state: 'proven',
      permission: 'LicenseAssignment.Read.All',
      checkedAt: after(72).toISOString(),
    },
    users: { state: 'missing', checkedAt: AT },
    organization: { state: 'could-not-check', checkedAt: AT },
  });
  const shown = bound({ status: 'limited', capabilities, check: checkWith({ token: TOKEN, isOver: true }) });
  expect(states(shown).slice(4, 7)).toEqual([
    'licences: ok',
    'users: needs-you',
    'organization: could-not-check',
  ]);
  expect(shown.find(({ id }) => id === 'users')?.detail).toMatch(
    /^User\.Read\.All is not granted\..*who holds a licence/,
  );
  expect(shown.find(({ id }) => id === 'licences')).toMatchObject({
    detail: 'LicenseAssignment.Read.All is in the token.',
    startedAt: after(0),
    endedAt: after(72),
  });
  const gone = bound({ status: 'cannot_connect', check: checkWith({ token: NO_APPLICATION, isOver: true }) });
  expect(states(gone).slice(2, 4)).toEqual(['approval: needs-you', 'token: needs-you']);
});

test('what was proven for an earlier approval is not proven for this one', () => {
  const checkedAt = new Date(Date.parse(AT) - 86_400_000).toISOString();
  const capabilities = readCapabilityChecks(
    Object.fromEntries(CAPABILITIES.map((capability) => [capability, { state: 'proven', checkedAt }])),
  );
  const shown = bound({ capabilities, check: checkWith({ token: TOKEN }) });
  expect(states(shown).slice(4, 7)).toEqual([
    'licences: checking',
    'users: checking',
    'organization: checking',
  ]);
});

test('Azure ends with the subscriptions that our application is shown', () => {
  const found = (state: SubscriptionCheck['state']): SubscriptionCheck => ({
    state,
    checkedAt: AT,
    since: after(3).toISOString(),
    listed: TOKEN,
    read: TOKEN,
  });
  const seen = (
    subscriptions: Tenant['subscriptions'],
    status: Tenant['status'],
    state = 'succeeded' as const,
  ) =>
    lines({
      kind: 'azure',
      state,
      steps: [],
      tenant: { ...TENANT, kind: 'azure', status, subscriptions },
    }).find(({ id }) => id === 'seen');
  expect(seen([undefined, undefined], 'verifying')).toMatchObject({ state: 'checking' });
  expect(seen([found('proven'), found('proven')], 'connected')).toMatchObject({
    state: 'ok',
    detail: '2 of 2 seen. Our application is shown each of them and may read it.',
    endedAt: after(3),
  });
  expect(seen([found('proven'), found('missing')], 'limited')).toMatchObject({
    state: 'needs-you',
    detail: '1 of 2 seen.',
  });
  expect(seen([found('could-not-check')], 'could_not_check')).toMatchObject({ state: 'could-not-check' });
});

test('the import tells the first numbers as soon as there are any', () => {
  const tenant = { ...TENANT, status: 'connected' } as const;
  const phases = plannedPhases('office365').map((phase) =>
    phase.phase === 'users'
      ? { ...phase, state: 'running' as const, startedAt: AT, received: 1998, expected: 2500 }
      : { ...phase, state: 'completed' as const },
  );
  const run = { status: 'running', phases, createdAt: new Date(AT), finishedAt: null } as const;
  expect(lines({ tenant, run, products: 26 }).at(-1)).toMatchObject({
    state: 'checking',
    detail: '26 products found. Users are loading: 1,998 of 2,500.',
  });
  const failed = {
    ...run,
    status: 'failed',
    problem: { code: 'consent-required' },
    finishedAt: after(60),
  } as const;
  expect(lines({ tenant, run: failed }).at(-1)).toMatchObject({
    state: 'could-not-check',
    problem: { code: 'consent-required' },
  });
});
