import { test } from './consent.ts';
import { addBillingAccount, connectAzure, newEnrollment } from './enrollments.ts';
import { expect, expectNoViolations } from './fixtures.ts';
import { goOnAtMicrosoft } from './microsoft.ts';

test('an Enterprise Administrator signs in, and the enrollment is connected, proven by a read', async ({
  page,
  home,
  tenant,
}) => {
  const number = newEnrollment();
  await addBillingAccount(tenant, { agreementType: 'EnterpriseAgreement', name: number });
  const { path, principalId } = await connectAzure(home, tenant, 'ea');
  await page.goto(path);
  await expect(page.getByText('No enrollment is known')).toBeVisible();
  await page.getByRole('button', { name: 'Add enrollment' }).click();
  await expect(page.getByText(/Enter the enrollment number/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Enrollment number' }).fill(number);
  await page.getByRole('button', { name: 'Add enrollment' }).click();
  const card = page.getByRole('article', { name: number });
  await expect(card).toContainText('Activation required');
  await expectNoViolations(page);

  await card.getByRole('button', { name: 'Migrate EA API' }).click();
  await goOnAtMicrosoft(page, tenant.admin);
  await expect(card).toContainText('Connected');
  await expect(page.getByText(/Returned costs for [A-Z][a-z]{2} 20\d\d\./)).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`${path}$`));
  const { billingRoleAssignments } = await tenant.control.request<{
    billingRoleAssignments: readonly { account: string; principalId: string; roleId: string }[];
  }>('GET', '/state');
  expect(billingRoleAssignments.filter((each) => each.principalId === principalId)).toMatchObject([
    { account: number, roleId: '24f8edb6-1668-4659-b5e2-40bb5f3a7d7e' },
  ]);
});

test('without consent: commands with this tenant’s values, then Check from missing to connected', async ({
  page,
  home,
  tenant,
}) => {
  const number = newEnrollment();
  await addBillingAccount(tenant, { agreementType: 'EnterpriseAgreement', name: number });
  const { path, principalId } = await connectAzure(home, tenant, 'ea', number);
  await page.goto(path);
  await page.getByRole('button', { name: 'Migrate without consent' }).click();
  const dialog = page.getByRole('dialog', { name: 'Migrate without consent' });
  for (const value of [principalId, tenant.id, `billingAccounts/${number}/billingRoleAssignments/`])
    await expect(dialog.getByRole('region', { name: 'Azure CLI' })).toContainText(value);
  await expect(dialog.getByRole('button', { name: 'Copy command' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Copy request' })).toBeVisible();
  await expectNoViolations(page);
  await dialog.getByRole('button', { name: 'Check' }).click();
  await expect(dialog.getByText('Cannot connect')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByRole('button', { name: 'Migrate without consent' })).toBeFocused();
  await expect(page.getByText(`EnrollmentReader is missing on enrollment ${number}.`).first()).toBeVisible();
  // The tenant says so too.
  await expect(page.getByText('EA API migration required').first()).toBeVisible();

  await tenant.control.request('POST', '/billing-roles', {
    account: number,
    role: 'EnrollmentReader',
    principalId,
  });
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByText(/Returned costs for/)).toBeVisible();
  await expect(page.getByText('EA API migration required')).toHaveCount(0);

  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('No enrollment is known')).toBeVisible();
});

test('billing accounts found by a sign-in: an account that a partner manages is no question of rights', async ({
  page,
  home,
  tenant,
}) => {
  await addBillingAccount(tenant, {
    agreementType: 'MicrosoftCustomerAgreement',
    accountType: 'Business',
    displayName: 'Through a partner',
    billingRelationshipTypes: ['CSPCustomer'],
  });
  await addBillingAccount(tenant, {
    agreementType: 'MicrosoftCustomerAgreement',
    accountType: 'Business',
    displayName: 'Our own',
  });
  const { path } = await connectAzure(home, tenant, 'mca');
  await page.goto(path);
  await page.getByRole('button', { name: 'Find billing accounts' }).click();
  await goOnAtMicrosoft(page, tenant.admin);
  const partner = page.getByRole('article', { name: 'Through a partner' });
  await expect(partner).toContainText('Not supported');
  await expect(partner).toContainText('is managed by a partner');
  await expect(partner).not.toContainText(/role .* missing|permission|rights/i);
  await expect(partner.getByRole('button', { name: 'Show commands' })).toHaveCount(0);
  const own = page.getByRole('article', { name: 'Our own' });
  await expect(own).toContainText('Activation required');
  await expect(own.getByRole('button', { name: 'Show commands' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Steps of a Microsoft Customer Agreement' })).toContainText(
    'within about 24 hours',
  );
  await expectNoViolations(page);
});

test('an MPSA: what works and what does not', async ({ page, home, tenant }) => {
  const { path } = await connectAzure(home, tenant, 'mpsa');
  await page.goto(path);
  await expect(page.getByRole('list', { name: 'Available', exact: true })).toContainText('Resources');
  await expect(page.getByRole('list', { name: 'Not available' })).toContainText('Costs of the agreement');
  await expectNoViolations(page);
});
