import { Control } from '../simulator/testing.ts';
import { createOrganization, expect, expectNoViolations, signIn, test } from './fixtures.ts';
import { AZURE_APP, approveAzure, CONTOSO } from './microsoft.ts';

/** The built-in role Reader. */
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';

type Assignments = {
  readonly roleAssignments: readonly { principalId: string; roleId: string; scope: string }[];
  readonly servicePrincipals: readonly { tenantId: string; clientId: string; objectId: string }[];
};

test('an owner connects Azure: owned subscriptions are added, the others are listed with the reason', async ({
  page,
  simulatorUrl,
}) => {
  test.setTimeout(120_000);
  await signIn(page, 'Olivia Owner');
  await createOrganization(page, 'Contoso Cloud');
  await page.getByRole('link', { name: 'Add Cloud Account' }).first().click();
  await expect(page.getByRole('radio', { name: 'Azure' })).toBeVisible();
  await page.getByRole('radio', { name: 'Azure' }).check();
  await expect(page.getByRole('radio', { name: 'Enterprise Agreement' })).toBeChecked();
  await page.getByRole('textbox', { name: 'Tenant name' }).fill('Contoso Azure');
  await page.getByRole('textbox', { name: 'Tenant ID or domain' }).fill(CONTOSO.id);
  await page.getByRole('textbox', { name: 'Enrollment number' }).fill('1234567');
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Add Cloud Account' }).click();
  await approveAzure(page, 'Alex Admin');

  await expect(page).toHaveURL(/\/setup\/cloud-tenants\/connect\//);
  await expect(page.getByText('Connected', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await expectNoViolations(page);

  await page.goto('/setup/cloud-tenants');
  const row = page.getByRole('row', { name: /Contoso Azure/ });
  await expect(row).toContainText(CONTOSO.id);
  await row.getByRole('link', { name: /Manage/ }).click();
  for (const tab of ['Access Tokens', 'Enrollments', 'Imports', 'Permissions', 'Settings', 'Subscriptions']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true');
    await expectNoViolations(page);
  }
  await expect(page.getByRole('row').filter({ hasText: /Added/ })).toHaveCount(4);
  await expect(page.getByRole('row').filter({ hasText: /Not added/ })).toHaveCount(2);

  // Microsoft's side of it: our service principal is Reader on exactly the four.
  const { roleAssignments, servicePrincipals } = await new Control(simulatorUrl).request<Assignments>(
    'GET',
    '/state',
  );
  const ours = servicePrincipals.find(
    (one) => one.tenantId === CONTOSO.id && one.clientId === AZURE_APP.clientId,
  );
  const given = roleAssignments.filter(({ principalId }) => principalId === ours?.objectId);
  expect(given.map(({ roleId }) => roleId)).toEqual(Array.from({ length: 4 }, () => READER));
  expect(new Set(given.map(({ scope }) => scope)).size).toBe(4);

  // And what was done with the owner's rights for it.
  await page.getByRole('link', { name: 'Consent receipts' }).click();
  await page.getByRole('link', { name: 'Connect the tenant' }).click();
  await expect(page.getByText('4 made, kept or removed.')).toBeVisible();
  await expect(page.getByText(/ to Azure, each with its result\.$/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Download CSV' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Revoke now' })).toBeHidden();
  await expectNoViolations(page);
  await page.getByRole('link', { name: 'How the tenant was connected, step by step' }).click();
  await expect(page).toHaveURL(/\/setup\/cloud-tenants\/connect\//);
});
