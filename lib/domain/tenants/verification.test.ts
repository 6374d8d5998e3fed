import { describe, expect, test } from 'vitest';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok } from '#lib/core/result.ts';
import {
  type Evidence,
  HANDOVER_MS,
  judgeCapabilities,
  judgeVerification,
  nextCheckSeconds,
} from './verification.ts';

const NOW = new Date('2030-01-01T12:00:00.000Z');
const ALL = ['User.Read.All', 'LicenseAssignment.Read.All', 'Organization.Read.All'];
const REFUSED: Problem = { code: 'permission-missing', permission: 'Organization.Read.All' };
const OUTAGE: Problem = { code: 'upstream-unavailable', reason: 'No answer.' };

const states = (evidence: Evidence) =>
  evidence.type === 'checked'
    ? Object.fromEntries(Object.entries(evidence.checks).map(([name, check]) => [name, check.state]))
    : undefined;

describe('judgeCapabilities', () => {
  test('the roles of the token and a good read prove', () => {
    const evidence = judgeCapabilities(ALL, { licences: ok([]), organization: ok({}) }, NOW);
    expect(states(evidence)).toEqual({ licences: 'proven', users: 'proven', organization: 'proven' });
    expect(evidence).toMatchObject({
      checks: { users: { permission: 'User.Read.All', checkedAt: NOW.toISOString() } },
    });
  });

  test('Organization.Read.All is enough for licences, and a wider permission for its own', () => {
    expect(states(judgeCapabilities(['Organization.Read.All'], {}, NOW))).toEqual({
      licences: 'proven',
      users: 'missing',
      organization: 'proven',
    });
    expect(states(judgeCapabilities(['Directory.Read.All'], {}, NOW))).toEqual({
      licences: 'proven',
      users: 'proven',
      organization: 'proven',
    });
  });

  test('a token without roles proves nothing, and a similar name is another permission', () => {
    const none = { licences: 'missing', users: 'missing', organization: 'missing' };
    expect(states(judgeCapabilities([], {}, NOW))).toEqual(none);
    expect(states(judgeCapabilities(['user.read.all', 'User.Read.All '], {}, NOW))).toEqual(none);
  });

  test('a read that fails leaves its capability unchecked', () => {
    const evidence = judgeCapabilities(ALL, { licences: ok([]), organization: fail(REFUSED) }, NOW);
    expect(states(evidence)).toEqual({
      licences: 'proven',
      users: 'proven',
      organization: 'could-not-check',
    });
    expect(evidence.problem).toBe(REFUSED);
  });
});

describe('judgeVerification', () => {
  const checked = (roles: readonly string[]) => judgeCapabilities(roles, {}, NOW);
  const unchecked = (problem: Problem): Evidence => ({ type: 'unchecked', problem });

  test('everything proven is connected', () => {
    expect(judgeVerification(checked(ALL), 0)).toEqual({ status: 'connected', isFinal: true });
  });

  test('some of it is limited, names what is missing, and looks again while the grant may be on its way', () => {
    const evidence = checked(['User.Read.All']);
    const limited = {
      status: 'limited',
      problem: { code: 'permission-missing', permission: 'LicenseAssignment.Read.All' },
    };
    expect(judgeVerification(evidence, 0)).toEqual({ ...limited, isFinal: false });
    expect(judgeVerification(evidence, HANDOVER_MS)).toEqual({ ...limited, isFinal: true });
  });

  test('nothing yet is waited for, and after fifteen minutes it is said', () => {
    expect(judgeVerification(checked([]), HANDOVER_MS - 1)).toEqual({ status: 'verifying', isFinal: false });
    expect(judgeVerification(checked([]), HANDOVER_MS)).toEqual({
      status: 'cannot_connect',
      problem: { code: 'consent-required' },
      isFinal: true,
    });
  });

  test('a grant that Graph does not honour is not called missing', () => {
    const refused = { licences: fail(REFUSED), organization: fail(REFUSED) };
    const evidence = judgeCapabilities(['Organization.Read.All'], refused, NOW);
    expect(judgeVerification(evidence, 0)).toEqual({ status: 'verifying', isFinal: false });
    expect(judgeVerification(evidence, HANDOVER_MS)).toMatchObject({ status: 'could_not_check' });
  });

  test.each<[Problem, string | undefined, string, boolean]>([
    [OUTAGE, undefined, 'could_not_check', false],
    [{ code: 'throttled', retryAfterSeconds: 1 }, undefined, 'could_not_check', false],
    [{ code: 'consent-required' }, undefined, 'cannot_connect', false],
    [{ code: 'sign-in-required' }, undefined, 'could_not_check', false],
    [{ code: 'credential-invalid' }, 'could_not_check', 'could_not_check', false],
    [{ code: 'application-disabled' }, 'cannot_connect', 'cannot_connect', true],
    [{ code: 'blocked-by-policy' }, 'cannot_connect', 'cannot_connect', true],
    [{ code: 'tenant-unknown', input: 'x' }, 'cannot_connect', 'cannot_connect', true],
    [{ code: 'wrong-tenant', expected: 'a', actual: 'b' }, 'cannot_connect', 'cannot_connect', true],
  ])('%j is %s at first and %s in the end', (problem, first, last, isFinalAtOnce) => {
    const early = judgeVerification(unchecked(problem), 0);
    expect(early.status).toBe(first);
    expect(early.isFinal).toBe(isFinalAtOnce);
    expect(judgeVerification(unchecked(problem), HANDOVER_MS)).toEqual({
      status: last,
      problem,
      isFinal: true,
    });
  });
});

test('checks are close together at first and never more than 30 seconds apart', () => {
  expect(nextCheckSeconds(0)).toBe(0.5);
  expect(nextCheckSeconds(4_000)).toBe(2);
  expect(nextCheckSeconds(HANDOVER_MS)).toBe(30);
});
