import { describe, expect, test } from 'vitest';
import type { Problem } from '#lib/core/problem.ts';
import { type BillingBefore, FIRST_DATA_MS, judgeBilling, ROLE_HANDOVER_MS } from './judge.ts';
import {
  AGREEMENT_TYPE,
  BillingAccountReference,
  EnrollmentNumber,
  monthBefore,
  monthLabel,
  unsupportedWhy,
} from './model.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const THROTTLED: Problem = { code: 'throttled', retryAfterSeconds: 30 };

const enrollment = (more: Partial<BillingBefore> = {}): BillingBefore => ({
  name: '8608480',
  displayName: null,
  agreementType: AGREEMENT_TYPE.enterprise,
  accountType: null,
  relationships: [],
  state: 'activation_required',
  roleSince: null,
  assignedAt: null,
  ...more,
});
const customer = (more: Partial<BillingBefore> = {}) =>
  enrollment({
    name: 'a:b_2019-05-31',
    displayName: 'Fabrikam',
    agreementType: AGREEMENT_TYPE.customer,
    ...more,
  });
const judge = (before: BillingBefore, finding: Parameters<typeof judgeBilling>[1], isAsked = false) =>
  judgeBilling(before, finding, { now: NOW, isAsked });

describe('an enrollment', () => {
  test('is connected by an answer, also by one without costs', () => {
    for (const hasCosts of [true, false])
      expect(judge(enrollment(), { found: 'role', hasCosts })).toEqual({
        state: 'connected',
        roleSince: NOW,
      });
  });

  test('that nobody activated stays so, until somebody says that the role should be there', () => {
    const missing = { code: 'billing-role-missing', account: '8608480', role: 'EnrollmentReader' };
    expect(judge(enrollment(), { found: 'no-role' })).toMatchObject({ state: 'activation_required' });
    const asked = judge(enrollment(), { found: 'no-role' }, true);
    expect(asked).toMatchObject({ state: 'cannot_connect', problem: missing });
    // And the daily check does not take that back.
    const daily = judge(enrollment({ state: 'cannot_connect' }), { found: 'no-role' });
    expect(daily).toMatchObject({ state: 'cannot_connect', problem: missing });
  });

  test('whose role is gone cannot connect', () => {
    const before = enrollment({ state: 'connected', roleSince: ago(1000) });
    expect(judge(before, { found: 'no-role' })).toMatchObject({ state: 'cannot_connect', roleSince: null });
  });

  test('whose role was just given is verifying, and cannot connect after a quarter of an hour', () => {
    const fresh = enrollment({ state: 'verifying', assignedAt: ago(1000) });
    expect(judge(fresh, { found: 'no-role' }, true)).toEqual({ state: 'verifying', roleSince: null });
    const old = enrollment({ state: 'verifying', assignedAt: ago(ROLE_HANDOVER_MS) });
    expect(judge(old, { found: 'no-role' })).toMatchObject({ state: 'cannot_connect' });
  });

  test('without our application in the tenant is not activated; one that had worked cannot connect', () => {
    const problem: Problem = { code: 'consent-required' };
    const finding = { found: 'no-application', problem } as const;
    expect(judge(enrollment(), finding)).toMatchObject({ state: 'activation_required', problem });
    const worked = enrollment({ state: 'connected', roleSince: ago(1000) });
    expect(judge(worked, finding)).toMatchObject({ state: 'cannot_connect', problem });
  });

  test.each(['connected', 'cannot_connect', 'activation_required', 'verifying'] as const)(
    'that was %s and could not be looked up claims nothing',
    (state) => {
      const before = enrollment({ state, roleSince: ago(5000) });
      for (const isAsked of [true, false])
        expect(judge(before, { found: 'nothing', problem: THROTTLED }, isAsked)).toEqual({
          state: 'could_not_check',
          problem: THROTTLED,
          roleSince: ago(5000),
        });
    },
  );
});

describe('a customer agreement', () => {
  test('with the role and without costs waits for data for a day, then has none', () => {
    const none = { found: 'role', hasCosts: false } as const;
    expect(judge(customer(), none)).toMatchObject({ state: 'waiting_for_data' });
    expect(judge(customer({ roleSince: ago(FIRST_DATA_MS - 1) }), none).state).toBe('waiting_for_data');
    expect(judge(customer({ roleSince: ago(FIRST_DATA_MS) }), none).state).toBe('connected');
    expect(judge(customer(), { found: 'role', hasCosts: true }).state).toBe('connected');
  });

  test('names its own role', () => {
    expect(judge(customer(), { found: 'no-role' }, true)).toMatchObject({
      problem: { code: 'billing-role-missing', account: 'Fabrikam', role: 'Billing account reader' },
    });
  });
});

test.each([
  [{ agreementType: AGREEMENT_TYPE.partner }, 'partner'],
  [{ agreementType: AGREEMENT_TYPE.customer, relationships: ['CSPCustomer'] }, 'partner'],
  [{ agreementType: AGREEMENT_TYPE.customer, accountType: 'Reseller' }, 'partner'],
  [{ agreementType: AGREEMENT_TYPE.online, accountType: 'Individual' }, 'personal'],
  [{ agreementType: AGREEMENT_TYPE.customer, accountType: 'Individual' }, 'personal'],
  [{ agreementType: 'SomethingNew' }, 'agreement'],
])('%j is unsupported whatever was refused, and never a question of rights', (kind, why) => {
  const before = enrollment(kind);
  expect(unsupportedWhy(before)).toBe(why);
  const problem = { code: 'billing-unsupported', account: '8608480', why };
  const refused: Problem = { code: 'permission-missing' };
  for (const finding of [
    { found: 'no-role', problem: refused },
    { found: 'nothing', problem: THROTTLED },
    { found: 'no-application', problem: refused },
  ] as const)
    expect(judge(before, finding, true)).toMatchObject({ state: 'unsupported', problem });
  // What works, works.
  expect(judge(before, { found: 'role', hasCosts: true })).toMatchObject({ state: 'connected' });
});

test('the month before', () => {
  expect(monthBefore(NOW)).toBe('2026-10');
  expect(monthBefore(new Date('2027-01-01T00:00:00Z'))).toBe('2026-12');
  expect(monthLabel('2026-10')).toBe('Oct 2026');
});

test('an enrollment number is digits, with words for what else people paste', () => {
  expect(EnrollmentNumber.parse(' 860 8480 ')).toBe('8608480');
  const words = (text: string) => EnrollmentNumber.safeParse(text).error?.issues[0]?.message;
  expect(words('')).toContain('Enter the enrollment number');
  expect(words('V5701303')).toContain('digits');
  expect(words('12345678901234')).toContain('digits');
  expect(words('6f2e:1a2b_2019-05-31')).toContain('Microsoft Customer Agreement');
  const tenantId = '11111111-aaaa-4bbb-8ccc-000000000001';
  expect(BillingAccountReference.safeParse({ tenantId, account: 'a b' }).success).toBe(false);
});
