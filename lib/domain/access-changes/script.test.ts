import { expect, test } from 'vitest';
import { forAll, hostileText } from '#lib/core/testing.ts';
import { ROLE } from '#lib/microsoft/arm/role-assignments.ts';
import type { RolePlan } from './role-plan.ts';
import { azureCliScript } from './script.ts';

const SUBSCRIPTION = '1f2e3d4c-0a1b-4c2d-8e3f-5a6b7c8d9e0f';
const PRINCIPAL = 'ce2ce14e-85d7-4629-bdbc-454d0519d987';
const NAME = '05c5a614-a7d6-4502-b150-c2fb455033ff';
const roleScope = `/subscriptions/${SUBSCRIPTION}`;
const plan: RolePlan = {
  add: { roleDefinitionId: ROLE.tagContributor, roleScope, name: NAME },
  remove: [{ roleDefinitionId: ROLE.reader, roleScope, name: PRINCIPAL }],
  stays: [],
  isSeen: true,
};
const script = (displayName: string) =>
  azureCliScript([{ subscriptionId: SUBSCRIPTION, displayName, plan }], PRINCIPAL);

test('the commands add first, then remove', () => {
  expect(script('Production').split('\n')).toEqual([
    'set -e',
    '# Tag Contributor on Production',
    `az role assignment create --name ${NAME} --role ${ROLE.tagContributor} \\`,
    `  --assignee-object-id ${PRINCIPAL} --assignee-principal-type ServicePrincipal \\`,
    `  --scope ${roleScope}`,
    '# no longer Reader on Production',
    `az role assignment delete --ids ${roleScope}/providers/Microsoft.Authorization/roleAssignments/${PRINCIPAL}`,
    '',
  ]);
  expect(azureCliScript([], PRINCIPAL)).toBe('');
});

test('the name of a subscription adds no command', () =>
  forAll(hostileText, (name) => {
    const lines = script(name).split(/[\r\n\u2028\u2029\u0085]/);
    expect(lines).toHaveLength(8);
    expect(lines.filter((line) => !/^(#|az |set -e$| {2}--|$)/.test(line))).toEqual([]);
  }));
