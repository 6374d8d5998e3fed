import { expect, test } from 'vitest';
import { readUserChangeRows, readUserRows } from '#lib/microsoft/graph/user-row.ts';
import { completeUser, type KeptMembers, needsReading } from './complete.ts';
import { mapUser } from './map.ts';

const id = (n: number) => `5f0c9a4e-7d51-4a7e-9c5f-${n.toString(16).padStart(12, '0')}`;
const [USER, BOSS, E3, E5, PLAN, GROUP] = [id(1), id(2), id(3), id(5), id(8), id(9)] as const;

const direct = { skuId: E3, disabledPlans: [PLAN], assignedByGroup: null, state: 'Active', error: null };
const byGroup = { ...direct, disabledPlans: [], assignedByGroup: GROUP };

const KEPT: KeptMembers = { managerId: BOSS, skuIds: [E3], licenseAssignments: [direct] };
const licence = (skuId: string, disabledPlans: string[] = []) => ({ skuId, disabledPlans });

function changed(members: object) {
  const [change] = readUserChangeRows([{ id: USER, ...members }])?.changes ?? [];
  if (change?.type !== 'changed') throw new Error('not a change');
  return change.user;
}

test('what a row does not say stays as it is kept', () => {
  const user = changed({ displayName: 'Mia', assignedLicenses: [licence(E3, [PLAN])] });
  expect(completeUser(user, KEPT)).toMatchObject({ displayName: 'Mia', manager: { id: BOSS } });
  expect(mapUser(completeUser(user, KEPT)).license_assignments).toEqual([direct]);
});

test('what a row says counts, also that there is nothing', () => {
  const user = changed({ 'manager@delta': [{ id: BOSS, '@removed': {} }], licenseAssignmentStates: [] });
  expect(mapUser(completeUser(user, KEPT))).toMatchObject({ manager_id: null, license_assignments: [] });
});

test('of somebody new, what a row does not say is not there', () => {
  const [whole] = readUserRows([{ id: USER, city: 'Oslo' }])?.users ?? [];
  expect(completeUser(changed({ city: 'Oslo' }), undefined)).toEqual(whole);
});

test.each<[string, object, KeptMembers | undefined, boolean]>([
  ['the same licences', { assignedLicenses: [licence(E3, [PLAN])] }, KEPT, false],
  ['another licence', { assignedLicenses: [licence(E5)] }, KEPT, true],
  ['one more licence', { assignedLicenses: [licence(E3, [PLAN]), licence(E5)] }, KEPT, true],
  ['a licence less', {}, KEPT, true],
  ['another plan switched off', { assignedLicenses: [licence(E3)] }, KEPT, true],
  [
    'plans of a licence that came in two ways',
    { assignedLicenses: [licence(E3)] },
    { ...KEPT, licenseAssignments: [direct, byGroup] },
    false,
  ],
  ['other licences, and how they came', { assignedLicenses: [], licenseAssignmentStates: [] }, KEPT, false],
  ['somebody new with licences', { assignedLicenses: [licence(E3)] }, undefined, true],
  ['somebody new without licences', {}, undefined, false],
])('%s: the user is read again: %s', (_name, members, kept, expected) => {
  expect(needsReading(changed(members), kept)).toBe(expected);
});
