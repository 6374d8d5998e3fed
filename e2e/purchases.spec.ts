import { connectOffice365 } from './accounts.ts';
import { test } from './consent.ts';
import { expect, expectNoViolations } from './fixtures.ts';

test('a product opens to its purchases, and says what is missing to name the groups that give it', async ({
  page,
  tenant,
}) => {
  await connectOffice365(page, { name: tenant.name, tenant: tenant.domain }, tenant.admin);
  await page.goto('/licenses');
  await page.getByLabel('Tenant', { exact: true }).selectOption({ label: tenant.name });
  await expect(page).toHaveURL(/tenant=/);
  await page.getByRole('button', { name: 'Details of Power BI Pro', exact: true }).click();
  const purchases = page.getByRole('table', { name: 'Purchases of Power BI Pro' });
  await expect(purchases.getByRole('row').nth(1)).toContainText(/Renews or ends \d+ \w+ 20\d\d/);
  await expect(page.getByText('the tenant has not granted GroupMember.Read.All')).toBeVisible();
  await expectNoViolations(page);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export purchases' }).click();
  expect((await download).suggestedFilename()).toMatch(/^purchases-.*\.csv$/);
});
