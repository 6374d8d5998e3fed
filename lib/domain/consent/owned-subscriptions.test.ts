import { expect, test } from 'vitest';
import type { Problem } from '#lib/core/problem.ts';
import { noneOwned } from './owned-subscriptions.ts';

const seen = (obstacle: Problem) => ({
  subscription: { subscriptionId: 's', displayName: 'S', state: 'Enabled', directoryId: null, quotaId: null },
  obstacle,
});

test('nobody owns what they may only read', () => {
  const readers = [seen({ code: 'permission-missing' }), seen({ code: 'permission-missing' })];
  expect(noneOwned(readers, 'Uma')).toEqual({ code: 'no-owned-subscriptions', person: 'Uma', seen: 2 });
  expect(noneOwned([], 'Uma')).toEqual({ code: 'no-owned-subscriptions', person: 'Uma', seen: 0 });
});

test('a subscription that does not say whose it is, is nobody’s fault either', () => {
  const odd: Problem = { code: 'upstream-shape', where: '/subscriptions: tenantId' };
  expect(noneOwned([seen(odd)], 'Uma')).toBe(odd);
});

test('a check that did not go through is not held against the person', () => {
  const outage: Problem = { code: 'upstream-unavailable', reason: 'No answer.' };
  expect(noneOwned([seen({ code: 'permission-missing' }), seen(outage)], 'Uma')).toBe(outage);
});
