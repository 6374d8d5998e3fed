import { expect, test } from 'vitest';
import { portalStateOf } from './portal-state.ts';

test.each([
  [{ status: 'ok', database: 'ok', worker: 'ok' }, 'working'],
  [{ status: 'unavailable', database: 'ok', worker: 'unavailable' }, 'working'],
  [{ status: 'unavailable', database: 'unavailable', worker: 'unavailable' }, 'database-unavailable'],
  [{ code: 'unexpected' }, 'unreachable'],
  [null, 'unreachable'],
  ['text', 'unreachable'],
])('%j is %s', (health, state) => {
  expect(portalStateOf(health)).toBe(state);
});
