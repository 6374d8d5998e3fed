import { expect, test } from 'vitest';
import { type ArmPermission, mayAssignRoles } from './permissions.ts';

const set = (actions: string[], notActions: string[] = []): ArmPermission => ({ actions, notActions });

const OWNER = set(['*']);
const CONTRIBUTOR = set(['*'], ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write']);
const READER = set(['*/read']);
const USER_ACCESS_ADMINISTRATOR = set(['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*']);

test.each<[string, ArmPermission[], boolean]>([
  ['nothing', [], false],
  ['an Owner', [OWNER], true],
  ['a Contributor', [CONTRIBUTOR], false],
  ['a Reader', [READER], false],
  ['a User Access Administrator', [USER_ACCESS_ADMINISTRATOR], true],
  [
    'a Role Based Access Control Administrator',
    [set(['Microsoft.Authorization/roleAssignments/write'])],
    true,
  ],
  ['any casing', [set(['microsoft.AUTHORIZATION/roleassignments/WRITE'])], true],
  ['writing everywhere', [set(['*/write'])], true],
  ['writing in the middle', [set(['Microsoft.Authorization/*/write'])], true],
  ['a right that one set excludes and another gives', [CONTRIBUTOR, USER_ACCESS_ADMINISTRATOR], true],
  ['a right that its own set excludes', [set(['*'], ['microsoft.authorization/roleAssignments/*'])], false],
  ['several wildcards', [set(['*/role*/w*te'])], true],
  ['parts that would have to overlap', [set(['Microsoft.Authorization/roleAssignments/*/write'])], false],
  ['wildcards without end, which no pattern needs', [set([`${'*'.repeat(200)}x`])], false],
  ['letters and wildcards without end', [set([`${'*s'.repeat(4)}${'*i*t'.repeat(30)}x`])], false],
  ['only deleting', [set(['Microsoft.Authorization/roleAssignments/delete'])], false],
  ['a longer name', [set(['Microsoft.Authorization/roleAssignments/writeMore'])], false],
  ['a dot that is no wildcard', [set(['MicrosoftXAuthorization/roleAssignments/write'])], false],
])('%s', (_name, permissions, expected) => {
  expect(mayAssignRoles(permissions)).toBe(expected);
});
