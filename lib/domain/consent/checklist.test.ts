import { expect, test } from 'vitest';
import { plannedPhases } from '../imports/model.ts';
import { type ChecklistInput, checklist } from './checklist.ts';
import type { Step } from './model.ts';

const NOW = new Date('2030-01-01T00:01:00.000Z');
const AT = '2030-01-01T00:00:00.000Z';

const step = (values: Pick<Step, 'step' | 'state'> & Partial<Step>): Step => ({ startedAt: AT, ...values });

const lines = (input: Partial<ChecklistInput>) =>
  checklist({ kind: 'office365', state: 'redirected', steps: [], products: 0, ...input }, NOW);
const states = (input: Partial<ChecklistInput>) => lines(input).map(({ id, state }) => `${id}: ${state}`);

test('before anything has happened, everything waits', () => {
  expect(states({})).toEqual([
    'approval: waiting',
    'sign-in: waiting',
    'role: waiting',
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
  expect(states({ kind: 'azure', state: 'failed', steps })).toEqual([
    'sign-in: ok',
    'subscriptions: could-not-check',
  ]);
});

test('a capability is checked while the grant may come, and needs somebody when it did not', () => {
  const checkedAt = AT;
  const capabilities = {
    licences: { state: 'proven', permission: 'LicenseAssignment.Read.All', checkedAt },
    users: { state: 'missing', checkedAt },
    organization: { state: 'could-not-check', checkedAt },
  } as const;
  const input = (status: 'verifying' | 'limited') => ({
    state: 'succeeded' as const,
    tenant: { status, statusChangedAt: new Date(AT), capabilities },
  });
  expect(states(input('verifying')).slice(3)).toEqual([
    'licences: ok',
    'users: checking',
    'organization: checking',
    'import: waiting',
  ]);
  expect(states(input('limited')).slice(3, 6)).toEqual([
    'licences: ok',
    'users: needs-you',
    'organization: could-not-check',
  ]);
  const users = lines(input('limited')).find(({ id }) => id === 'users');
  expect(users?.detail).toMatch(/^User\.Read\.All is not granted\..*who holds a licence/);
});

test('the import tells the first numbers as soon as there are any', () => {
  const tenant = { status: 'connected', statusChangedAt: new Date(AT), capabilities: {} } as const;
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
    finishedAt: NOW,
  } as const;
  expect(lines({ tenant, run: failed }).at(-1)).toMatchObject({
    state: 'could-not-check',
    problem: { code: 'consent-required' },
  });
});
