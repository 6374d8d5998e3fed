import { expect, test } from 'vitest';
import { enrollmentCommands, readerCommands } from './commands.ts';

const VALUES = {
  account: '8608480',
  servicePrincipalId: '0f000000-0000-4000-8000-000000000001',
  directoryId: 'c0000000-0000-4000-8000-00000000c001',
  armUrl: 'https://management.azure.com',
};

test('an enrollment: the very call of the portal, with a shell around it', () => {
  const { azureCli, rest } = enrollmentCommands(VALUES);
  expect(azureCli).toMatchInlineSnapshot(`
    "az login --tenant c0000000-0000-4000-8000-00000000c001 --allow-no-subscriptions
    az rest --method put \\
      --url 'https://management.azure.com/providers/Microsoft.Billing/billingAccounts/8608480/billingRoleAssignments/4bcec149-a19d-50ba-b001-0c61c3edae26?api-version=2019-10-01-preview' \\
      --resource 'https://management.azure.com' \\
      --headers 'Content-Type=application/json' \\
      --body '{"properties":{"principalId":"0f000000-0000-4000-8000-000000000001","principalTenantId":"c0000000-0000-4000-8000-00000000c001","roleDefinitionId":"/providers/Microsoft.Billing/billingAccounts/8608480/billingRoleDefinitions/24f8edb6-1668-4659-b5e2-40bb5f3a7d7e"}}'"
  `);
  expect(rest.split('\n')[0]).toMatch(/^PUT https:\/\/management\.azure\.com\/providers/);
  expect(JSON.parse(rest.split('\n\n')[1] ?? '')).toMatchObject({
    properties: { principalId: VALUES.servicePrincipalId, principalTenantId: VALUES.directoryId },
  });
});

test('a customer agreement: its own call and role, and a name that is no shell', () => {
  const { azureCli, rest } = readerCommands({ ...VALUES, account: "a:b'; rm -rf ~_2019-05-31" });
  expect(azureCli).toContain("billingAccounts/a:b'\\''%3B%20rm%20-rf%20~_2019-05-31/createBilling");
  expect(rest).toContain('billingRoleDefinitions/50000000-aaaa-bbbb-cccc-100000000002');
});
