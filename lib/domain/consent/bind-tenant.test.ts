import { expect, test } from 'vitest';
import { DirectoryId } from '#lib/core/ids.ts';
import type { SignedInPerson } from '#lib/microsoft/entra/redeem-code.ts';
import { judgeDirectoryRole, nameOfPerson } from './bind-tenant.ts';

const CONTOSO = DirectoryId.parse('c0000000-0000-4000-8000-00000000c001');
const FABRIKAM = DirectoryId.parse('f0000000-0000-4000-8000-00000000f001');
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const PRIVILEGED_ROLE_ADMINISTRATOR = 'e8611ab8-c189-46e8-94e1-60213ab1f814';
const CLOUD_APPLICATION_ADMINISTRATOR = '158c047a-c907-4556-b7ef-446551a6b5f7';

const person = (wids?: readonly string[]): SignedInPerson => ({
  directoryId: CONTOSO,
  objectId: 'b0000000-0000-4000-8000-000000000001',
  displayName: 'Alex Admin',
  userName: 'alex.admin@contoso.com',
  ...(wids && { wids }),
});

test.each([
  [[GLOBAL_ADMINISTRATOR], 'Global Administrator'],
  [[PRIVILEGED_ROLE_ADMINISTRATOR], 'Privileged Role Administrator'],
  [[CLOUD_APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR.toUpperCase()], 'Global Administrator'],
])('the roles %j entitle', (wids, role) => {
  expect(judgeDirectoryRole({ directoryId: CONTOSO }, person(wids))).toEqual({ role });
});

test('a role that may not approve application permissions of Graph does not entitle', () => {
  const name = 'Alex Admin (alex.admin@contoso.com)';
  for (const wids of [[], [CLOUD_APPLICATION_ADMINISTRATOR]]) {
    expect(judgeDirectoryRole({ directoryId: CONTOSO }, person(wids))).toEqual({
      problem: { code: 'directory-role-missing', person: name },
    });
  }
});

test('a token without the claim says nothing about roles', () => {
  expect(judgeDirectoryRole({ directoryId: CONTOSO }, person())).toMatchObject({
    problem: { code: 'directory-role-unknown' },
  });
});

test('a role in another directory does not count', () => {
  expect(judgeDirectoryRole({ directoryId: FABRIKAM }, person([GLOBAL_ADMINISTRATOR]))).toEqual({
    problem: { code: 'wrong-tenant', expected: FABRIKAM, actual: CONTOSO },
  });
});

test('a person is named once', () => {
  expect(nameOfPerson({ ...person(), displayName: 'a@b.example', userName: 'a@b.example' })).toBe(
    'a@b.example',
  );
});
