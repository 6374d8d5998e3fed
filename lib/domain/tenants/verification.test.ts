import { describe, expect, test } from 'vitest';
import type { Problem } from '#lib/core/problem.ts';
import type { FoundState } from './proof.ts';
import {
  type Circumstances,
  HANDOVER_MS,
  type Item,
  judgeVerification,
  nextCheckSeconds,
  nextRoutineCheck,
} from './verification.ts';

const OUTAGE: Problem = { code: 'upstream-unavailable', reason: 'No answer.' };
const LACKING: Problem = { code: 'permission-missing', permission: 'User.Read.All' };

const item = (state: FoundState, hasBeenProven = state === 'proven'): Item => ({
  state,
  hasBeenProven,
  ...(state === 'missing' && { problem: LACKING }),
  ...(state === 'could-not-check' && { problem: OUTAGE }),
});
const all = (state: FoundState, hasBeenProven?: boolean) =>
  [item(state, hasBeenProven), item(state, hasBeenProven), item(state, hasBeenProven)] as const;

/** Right after the approval. */
const FRESH: Circumstances = {
  sinceBoundMs: 0,
  sinceBegunMs: 0,
  failures: 0,
  isRoutine: false,
  arrivesInParts: false,
};
const AFTER_HANDOVER = { ...FRESH, sinceBoundMs: HANDOVER_MS, sinceBegunMs: HANDOVER_MS };
/** Long after the approval, at the first check that somebody asks for. */
const LATER = { ...FRESH, sinceBoundMs: 100 * HANDOVER_MS };

describe('right after the approval', () => {
  test('everything proven is connected', () => {
    expect(judgeVerification({ items: all('proven') }, FRESH)).toEqual({
      status: 'connected',
      isFinal: true,
    });
  });

  test('a part is limited, names what is missing, and more may come', () => {
    const items = [item('proven'), item('missing')];
    const limited = { status: 'limited', problem: LACKING };
    expect(judgeVerification({ items }, FRESH)).toEqual({ ...limited, isFinal: false });
    expect(judgeVerification({ items }, AFTER_HANDOVER)).toEqual({ ...limited, isFinal: true });
  });

  test('what arrives in parts as a matter of course is not called limited at once', () => {
    const items = [item('proven'), item('missing')];
    const parts = { ...FRESH, arrivesInParts: true };
    expect(judgeVerification({ items }, parts)).toEqual({ status: 'verifying', isFinal: false });
    const later = { ...parts, sinceBoundMs: 3 * 60_000 };
    expect(judgeVerification({ items }, later)).toMatchObject({ status: 'limited', isFinal: false });
  });

  test('nothing yet is waited for, and after fifteen minutes it is said', () => {
    const findings = { items: all('missing'), problem: { code: 'consent-required' } as const };
    const waiting = { ...FRESH, sinceBoundMs: HANDOVER_MS - 1, sinceBegunMs: HANDOVER_MS - 1 };
    expect(judgeVerification(findings, waiting)).toEqual({ status: 'verifying', isFinal: false });
    expect(judgeVerification(findings, AFTER_HANDOVER)).toEqual({
      status: 'cannot_connect',
      problem: { code: 'consent-required' },
      isFinal: true,
    });
  });

  test('what had arrived and is gone again is said at once, and looked at again', () => {
    const findings = { items: all('missing', true), problem: { code: 'consent-required' } as const };
    expect(judgeVerification(findings, FRESH)).toMatchObject({ status: 'cannot_connect', isFinal: false });
  });
});

describe('later', () => {
  test('everything gone cannot connect, and a part gone is limited', () => {
    expect(judgeVerification({ items: all('missing') }, LATER)).toMatchObject({
      status: 'cannot_connect',
      problem: LACKING,
    });
    const items = [item('proven'), item('missing')];
    expect(judgeVerification({ items }, LATER)).toMatchObject({ status: 'limited', problem: LACKING });
  });

  test('one check that could not look leaves the status, a second one in a row does not', () => {
    const findings = { items: all('could-not-check', true), problem: OUTAGE };
    expect(judgeVerification(findings, { ...LATER, failures: 1 })).toEqual({ isFinal: false });
    expect(judgeVerification(findings, { ...LATER, failures: 2 })).toEqual({
      status: 'could_not_check',
      problem: OUTAGE,
      isFinal: false,
    });
    const partly = { items: [item('proven'), item('could-not-check', true)] };
    expect(judgeVerification(partly, { ...LATER, failures: 1 })).toEqual({ isFinal: false });
    expect(judgeVerification(partly, { ...LATER, failures: 2 })).toMatchObject({ status: 'limited' });
  });

  test('a daily check that has its answer is not repeated; one that has none is', () => {
    const daily = { ...LATER, isRoutine: true };
    expect(judgeVerification({ items: all('missing') }, daily)).toMatchObject({ isFinal: true });
    const unknown = { items: all('could-not-check'), problem: OUTAGE };
    expect(judgeVerification(unknown, { ...daily, failures: 1 })).toEqual({ isFinal: false });
  });
});

const REFUSALS: readonly [Problem, string | undefined, boolean][] = [
  [OUTAGE, undefined, false],
  [{ code: 'throttled', retryAfterSeconds: 1 }, undefined, false],
  [{ code: 'credential-invalid', microsoft: { code: 'AADSTS700027' } }, undefined, false],
  [{ code: 'credential-invalid', microsoft: { code: 'AADSTS7000222' } }, 'could_not_check', true],
  [{ code: 'sign-in-required' }, 'could_not_check', true],
  [{ code: 'request-rejected' }, 'could_not_check', true],
  [{ code: 'application-disabled' }, 'cannot_connect', true],
  [{ code: 'blocked-by-policy' }, 'cannot_connect', true],
  [{ code: 'tenant-unknown', input: 'x' }, 'cannot_connect', true],
  [{ code: 'wrong-tenant', expected: 'a', actual: 'b' }, 'cannot_connect', true],
];

test.each(REFUSALS)('only what is documented to pass is tried again: %j', (problem, status, isFinal) => {
  const verdict = judgeVerification(
    { items: all('could-not-check', true), problem },
    { ...LATER, failures: 1 },
  );
  expect(verdict.status).toBe(status);
  expect(verdict.isFinal).toBe(isFinal);
});

test('what could not be set up limits what works, or is all there is', () => {
  const lost = [{ code: 'principal-not-found' } as const];
  expect(judgeVerification({ items: all('proven'), lost }, FRESH)).toEqual({
    status: 'limited',
    problem: lost[0],
    isFinal: true,
  });
  expect(judgeVerification({ items: [], lost }, FRESH)).toMatchObject({ status: 'cannot_connect' });
  expect(judgeVerification({ items: [] }, FRESH)).toEqual({ isFinal: true });
});

test('checks are close together at first, rarer later, and not at once after a failure', () => {
  expect(nextCheckSeconds(0)).toBe(0.5);
  expect(nextCheckSeconds(4_000)).toBe(2);
  expect(nextCheckSeconds(HANDOVER_MS)).toBe(30);
  expect(nextCheckSeconds(0, 1)).toBe(10);
});

test('a tenant is checked every day, and every hour while nothing is known of it', () => {
  const now = new Date('2030-01-01T00:00:00.000Z');
  expect(nextRoutineCheck('connected', now).toISOString()).toBe('2030-01-02T00:00:00.000Z');
  expect(nextRoutineCheck('could_not_check', now).toISOString()).toBe('2030-01-01T01:00:00.000Z');
});
