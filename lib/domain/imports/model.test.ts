import { expect, test } from 'vitest';
import type { Problem } from '#lib/core/problem.ts';
import {
  isEnded,
  isNotGranted,
  PhaseRecord,
  plannedPhases,
  retryPauseSeconds,
  runEnd,
  runProgress,
  stopsRun,
} from './model.ts';

const planned = plannedPhases('office365');
const [SKUS, ORGANIZATION, USERS, GROUPS] = (['skus', 'organization', 'users', 'groups'] as const).map(
  (name) => planned.find(({ phase }) => phase === name),
) as [PhaseRecord, PhaseRecord, PhaseRecord, PhaseRecord];
const MISSING: Problem = { code: 'permission-missing', permission: 'User.Read.All' };
const CONSENT: Problem = { code: 'consent-required' };
const now = new Date('2030-01-02T03:04:05.000Z');

const ended = (record: PhaseRecord, state: PhaseRecord['state'], problem?: Problem): PhaseRecord => ({
  ...record,
  state,
  problem,
});

test('licences come first, so that a number appears soon', () => {
  expect(planned.map(({ phase }) => phase)).toEqual([
    'skus',
    'organization',
    'directory-subscriptions',
    'users',
    'groups',
  ]);
  expect(plannedPhases('azure').map(({ phase }) => phase)).toEqual(['azure-subscriptions']);
});

test('a stored record reads as it was written, and an unknown problem as none', () => {
  const record = ended(USERS, 'partial', MISSING);
  expect(PhaseRecord.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  expect(PhaseRecord.parse({ ...USERS, problem: { code: 'of-a-later-version' } }).problem).toBeUndefined();
  expect(PhaseRecord.parse(JSON.parse(JSON.stringify(USERS)))).toMatchObject({ state: 'waiting' });
});

test.each([
  [['completed', 'completed', 'completed'], undefined, 'completed'],
  [['completed', 'completed', 'skipped'], MISSING, 'partial'],
  [['completed', 'completed', 'partial'], { code: 'read-incomplete', received: 1, expected: 2 }, 'partial'],
  [['failed', 'failed', 'failed'], { code: 'upstream-unavailable', reason: 'x' }, 'failed'],
  [['skipped', 'skipped', 'skipped'], MISSING, 'failed'],
  [['completed', 'completed', 'failed'], CONSENT, 'failed'],
  [['completed', 'completed', 'partial'], { code: 'foreign-link', origin: 'https://x.example' }, 'partial'],
] as const)('phases %j with %j make a run %s', ([first, second, third], problem, status) => {
  const phases = [ended(SKUS, first), ended(ORGANIZATION, second), ended(USERS, third, problem)];
  expect(runEnd(phases)).toEqual({ status, ...(problem && { problem }) });
});

test('a phase that a tenant may leave ungranted is no shortfall, other failures of it are', () => {
  const others = [ended(SKUS, 'completed'), ended(ORGANIZATION, 'completed'), ended(USERS, 'completed')];
  const left = ended(GROUPS, 'skipped', { code: 'permission-missing', permission: 'GroupMember.Read.All' });
  expect(runEnd([...others, left])).toEqual({ status: 'completed' });
  expect(isNotGranted(left)).toBe(true);
  expect(isNotGranted(ended(USERS, 'skipped', MISSING))).toBe(false);
  const shape: Problem = { code: 'upstream-shape', where: '/groups' };
  expect(runEnd([...others, ended(GROUPS, 'failed', shape)])).toEqual({ status: 'partial', problem: shape });
});

test('only being turned away ends the whole run', () => {
  expect(stopsRun(CONSENT)).toBe(true);
  expect(stopsRun({ code: 'credential-invalid' })).toBe(true);
  expect(stopsRun(MISSING)).toBe(false);
  expect(stopsRun({ code: 'foreign-link', origin: 'x' })).toBe(false);
});

test('pauses grow to five minutes and keep what Microsoft asked for', () => {
  expect([0, 1, 2, 3, 4, 5, 9].map((attempts) => retryPauseSeconds(attempts))).toEqual([
    5, 5, 15, 45, 135, 300, 300,
  ]);
  expect(retryPauseSeconds(1, { code: 'throttled', retryAfterSeconds: 120.5 })).toBe(121);
  expect(retryPauseSeconds(5, { code: 'throttled', retryAfterSeconds: 10 })).toBe(300);
});

test('progress before the first phase, within one, and between two', () => {
  expect(runProgress(plannedPhases('office365'), now)).toMatchObject({ phase: undefined, received: 0 });
  const users: PhaseRecord = {
    ...USERS,
    state: 'running',
    received: 400,
    expected: 1000,
    startedAt: '2030-01-02T03:04:01.000Z',
  };
  expect(runProgress([ended(SKUS, 'completed'), users], now)).toEqual({
    phase: 'users',
    received: 400,
    expected: 1000,
    ratePerSecond: 100,
    remainingSeconds: 6,
    waitingUntil: undefined,
    waitingFor: undefined,
    problem: undefined,
  });
  expect(runProgress([{ ...ended(SKUS, 'completed'), received: 60 }, ORGANIZATION], now)).toMatchObject({
    phase: 'skus',
    received: 60,
  });
});

test('progress never claims more than all, and says until when it waits', () => {
  const users: PhaseRecord = {
    ...USERS,
    state: 'running',
    received: 12,
    expected: 10,
    startedAt: '2030-01-02T03:04:05.000Z',
    waitingUntil: '2030-01-02T03:05:00.000Z',
    waitingFor: 'unavailable',
    problem: { code: 'upstream-unavailable', reason: 'x' },
  };
  expect(runProgress([users], now)).toMatchObject({
    expected: 12,
    ratePerSecond: null,
    remainingSeconds: null,
    waitingUntil: new Date('2030-01-02T03:05:00.000Z'),
    waitingFor: 'unavailable',
    problem: { code: 'upstream-unavailable' },
  });
  expect(runProgress([{ ...users, waitingUntil: '2030-01-02T03:04:00.000Z' }], now).waitingUntil).toBe(
    undefined,
  );
});

test('a phase has ended in four ways', () => {
  const states = ['waiting', 'running', 'completed', 'partial', 'failed', 'skipped'] as const;
  expect(states.filter((state) => isEnded({ ...USERS, state }))).toEqual([
    'completed',
    'partial',
    'failed',
    'skipped',
  ]);
});
