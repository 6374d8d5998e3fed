import { expect, test } from 'vitest';
import type { Problem } from '#lib/core/problem.ts';
import { fail, ok, type Result } from '#lib/core/result.ts';
import { readCapabilityChecks } from './capabilities.ts';
import {
  excessOf,
  judgeCapabilities,
  type Office365Evidence,
  office365Findings,
} from './office365-proofs.ts';

const BOUND = new Date('2030-01-01T11:00:00.000Z');
const NOW = new Date('2030-01-01T12:00:00.000Z');
const ALL = ['User.Read.All', 'LicenseAssignment.Read.All', 'Organization.Read.All'];
const REFUSED: Problem = { code: 'permission-missing', permission: 'Organization.Read.All' };
const OUTAGE: Problem = { code: 'upstream-unavailable', reason: 'No answer.' };
const READS = { licences: ok([]), users: ok(undefined), organization: ok({}) };

const tokenWith = (roles: readonly string[]) => ok({ token: 'a token', expiresAt: NOW, roles });
const judge = (
  roles: readonly string[] | Result<never>,
  more: Partial<Office365Evidence> = {},
  before = {},
) => {
  const token = 'ok' in roles ? roles : tokenWith(roles);
  return judgeCapabilities({ token, reads: READS, ...more }, before, NOW);
};
const states = (...given: Parameters<typeof judge>) =>
  Object.fromEntries(Object.entries(judge(...given)).map(([name, check]) => [name, check?.state]));

const each = (state: string) => ({ licences: state, users: state, organization: state });

test('the roles of the token and a good read prove; the list that we may not read is not checked', () => {
  expect(states(ALL)).toEqual(each('proven'));
  const at = NOW.toISOString();
  expect(judge(ALL).users).toEqual({
    state: 'proven',
    permission: 'User.Read.All',
    checkedAt: at,
    since: at,
    lastProvenAt: at,
    proofs: { token: { state: 'ok', at }, grant: { state: 'not-checked' }, read: { state: 'ok', at } },
  });
});

test('Organization.Read.All is enough for licences, and a wider permission for its own', () => {
  expect(states(['Organization.Read.All'])).toEqual({ ...each('proven'), users: 'missing' });
  expect(states(['Directory.Read.All'])).toEqual(each('proven'));
});

test('a token without roles proves nothing, and a similar name is another permission', () => {
  expect(states([])).toEqual(each('missing'));
  expect(states(['user.read.all', 'User.Read.All '])).toEqual(each('missing'));
});

test('each proof that fails keeps its capability from being proven', () => {
  expect(states(ALL, { reads: { ...READS, users: fail(OUTAGE) } }).users).toBe('could-not-check');
  // Also a read that was forgotten.
  expect(states(ALL, { reads: {} })).toEqual(each('could-not-check'));
  expect(states(ALL, { reads: { ...READS, organization: fail(REFUSED) } }).organization).toBe(
    'could-not-check',
  );
  expect(states(ALL, { grants: fail(OUTAGE) })).toEqual(each('could-not-check'));
  expect(states(ALL, { grants: fail(REFUSED) })).toEqual(each('proven'));
  expect(states(ALL, { grants: ok(['User.Read.All']) })).toEqual({ ...each('missing'), users: 'proven' });
  expect(states(ALL, { grants: ok(null) })).toEqual(each('missing'));
  expect(states(ALL, { grants: ok(ALL) })).toEqual(each('proven'));
});

test('without a token: missing where the tenant does not know us, unknown where we could not ask', () => {
  expect(states(fail({ code: 'consent-required' }))).toEqual(each('missing'));
  for (const problem of [OUTAGE, { code: 'throttled', retryAfterSeconds: 9 } as const])
    expect(states(fail(problem))).toEqual(each('could-not-check'));
});

test('what was proven before is remembered, not claimed', () => {
  const before = judge(ALL);
  const checks = judge(fail(OUTAGE), {}, before);
  expect(checks.users).toMatchObject({
    state: 'could-not-check',
    lastProvenAt: NOW.toISOString(),
    proofs: { token: { state: 'could-not-check', problem: OUTAGE } },
  });
  const findings = office365Findings({ token: fail(OUTAGE), reads: {} }, checks, BOUND);
  expect(findings).toMatchObject({ problem: OUTAGE, items: [{ hasBeenProven: true }, {}, {}] });
});

test('checks of an earlier version are read, with the token as what they rested on', () => {
  const checkedAt = '2029-12-31T00:00:00.000Z';
  const stored = {
    licences: { state: 'proven', permission: 'LicenseAssignment.Read.All', checkedAt },
    users: { state: 'missing', checkedAt },
    organization: { state: 'nonsense' },
    somethingElse: 1,
  };
  expect(readCapabilityChecks(stored)).toEqual({
    licences: {
      state: 'proven',
      permission: 'LicenseAssignment.Read.All',
      checkedAt,
      since: checkedAt,
      lastProvenAt: checkedAt,
      proofs: {
        token: { state: 'ok', at: checkedAt },
        grant: { state: 'not-checked' },
        read: { state: 'not-checked' },
      },
    },
    users: {
      state: 'missing',
      checkedAt,
      since: checkedAt,
      proofs: {
        token: { state: 'missing', at: checkedAt },
        grant: { state: 'not-checked' },
        read: { state: 'not-checked' },
      },
    },
  });
  for (const odd of [null, undefined, [], 'x', 1]) expect(readCapabilityChecks(odd)).toEqual({});
  const written = judge(ALL);
  expect(readCapabilityChecks(JSON.parse(JSON.stringify(written)))).toEqual(written);
});

test('permissions that nothing rests on are named', () => {
  const roles = [...ALL, 'Mail.Read', 'Directory.ReadWrite.All', 'Application.Read.All'];
  expect(excessOf({ token: tokenWith(roles), reads: {} })).toEqual(['Directory.ReadWrite.All', 'Mail.Read']);
  // A wider one that stands in for ours is needed.
  expect(excessOf({ token: tokenWith(['Directory.Read.All']), reads: {} })).toEqual([]);
});
