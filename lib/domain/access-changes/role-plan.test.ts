import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forAll } from '#lib/core/testing.ts';
import { ROLE, roleAssignmentName } from '#lib/microsoft/arm/role-assignments.ts';
import { type OwnRoles, roleKey } from '../role-assignments/record.ts';
import { ACCESS_LEVELS, type AccessLevel } from '../tenants/model.ts';
import { type AssignedRole, isNothing, planRoles, ROLE_OF_LEVEL } from './role-plan.ts';
import { inShort } from './testing.ts';

const SUBSCRIPTION = '1f2e3d4c-0a1b-4c2d-8e3f-5a6b7c8d9e0f';
const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
const GROUP = '/providers/microsoft.management/managementgroups/production';
const PRINCIPAL = 'ce2ce14e-85d7-4629-bdbc-454d0519d987';

const role = (roleDefinitionId: string, roleScope = SCOPE): AssignedRole => ({
  roleDefinitionId,
  roleScope,
  name: roleAssignmentName(roleScope, PRINCIPAL, roleDefinitionId),
});
const recordOf = (...roles: readonly AssignedRole[]): OwnRoles => ({
  own: new Set(roles.map(({ roleScope, name }) => roleKey(roleScope, name))),
  shared: new Set(),
});
const plan = (toLevel: AccessLevel, assigned: readonly AssignedRole[], recorded = recordOf(...assigned)) =>
  planRoles({
    subscriptionId: SUBSCRIPTION,
    principalId: PRINCIPAL,
    toLevel,
    assigned,
    recorded,
    isSeen: true,
  });

const reader = role(ROLE.reader);
const tags = role(ROLE.tagContributor);

test('the first two levels need the same role, the third another one', () => {
  expect(inShort(plan('tags_in', [reader]))).toEqual({ add: undefined, remove: [], stays: [] });
  expect(plan('tags_in_out', [reader])).toEqual({ add: tags, remove: [reader], stays: [], isSeen: true });
  expect(inShort(plan('resources', [tags]))).toEqual({
    add: 'Reader',
    remove: ['Tag Contributor'],
    stays: [],
  });
});

test('what an interrupted change has left is finished', () => {
  expect(inShort(plan('tags_in_out', [reader, tags]))).toEqual({
    add: undefined,
    remove: ['Reader'],
    stays: [],
  });
  expect(inShort(plan('tags_in', [reader, tags]))).toMatchObject({
    add: undefined,
    remove: ['Tag Contributor'],
  });
  expect(inShort(plan('tags_in', []))).toMatchObject({ add: 'Reader', remove: [] });
});

test('an inherited role counts, and stays', () => {
  const inherited = role(ROLE.reader, GROUP);
  expect(inShort(plan('tags_in_out', [inherited]))).toEqual({
    add: 'Tag Contributor',
    remove: [],
    stays: ['Reader inherited'],
  });
  expect(inShort(plan('resources', [tags, inherited]))).toEqual({
    add: undefined,
    remove: ['Tag Contributor'],
    stays: ['Reader inherited'],
  });
});

test('what others have granted is never removed, whatever the role', () => {
  const granted = { ...reader, name: '05c5a614-a7d6-4502-b150-c2fb455033ff' };
  expect(inShort(plan('tags_in_out', [granted], recordOf(reader)))).toEqual({
    add: 'Tag Contributor',
    remove: [],
    stays: ['Reader not-ours'],
  });
  const contributor = role(ROLE.contributor);
  expect(inShort(plan('tags_in_out', [contributor, reader]))).toMatchObject({ remove: ['Reader'] });
});

test('a role that another connection of the directory relies on stays', () => {
  const shared: OwnRoles = { ...recordOf(reader), shared: new Set([roleKey(SCOPE, reader.name)]) };
  expect(inShort(plan('tags_in_out', [reader], shared))).toEqual({
    add: 'Tag Contributor',
    remove: [],
    stays: ['Reader shared'],
  });
});

test('whatever is there: the role is there in the end, and only ours of other levels go', () =>
  forAll(
    fc.record({
      level: fc.constantFrom(...ACCESS_LEVELS),
      assigned: fc.uniqueArray(
        fc.record({
          roleDefinitionId: fc.constantFrom(...Object.values(ROLE)),
          roleScope: fc.constantFrom(SCOPE, GROUP),
          name: fc.uuid(),
        }),
        { selector: ({ name }) => name, maxLength: 6 },
      ),
      isOwn: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    }),
    ({ level, assigned, isOwn }) => {
      const own = assigned.filter((_role, index) => isOwn[index]);
      const { add, remove } = plan(level, assigned, recordOf(...own));
      const end = [...assigned.filter((each) => !remove.includes(each)), ...(add ? [add] : [])];
      expect(end.some(({ roleDefinitionId }) => roleDefinitionId === ROLE_OF_LEVEL[level])).toBe(true);
      for (const each of remove) {
        expect(own).toContain(each);
        expect(each.roleScope).toBe(SCOPE);
        expect(each.roleDefinitionId).not.toBe(ROLE_OF_LEVEL[level]);
      }
      // Doing it twice does nothing.
      expect(isNothing(plan(level, end, recordOf(...own, ...(add ? [add] : []))))).toBe(true);
    },
  ));
